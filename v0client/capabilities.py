"""What each generation of the API can do, by the operation that does it, and why one cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a generation may offer. `v1` and `v2` name the operation that does it; `reason`
    is a sentence for people where one of them is missing."""

    v1: str | None
    v2: str | None
    reason: str = ""


ALL: Mapping[str, Capability] = MappingProxyType(
    {
        "create_chat": Capability("chats.create", "chats.create"),
        "stream": Capability("chats.create_stream", "chats.create_stream"),
        "resume": Capability("chats.resume", "chats.resume"),
        "stop": Capability("chats.stop", "messages.stop"),
        "resolve_task": Capability("chats.resolve_task", "messages.resolve"),
        "from_files": Capability("chats.init", "chats.create_from_files"),
        "from_zip": Capability("chats.init", "chats.create_from_zip"),
        "from_repository": Capability("chats.init", "chats.create_from_repo"),
        "from_registry": Capability(
            "chats.init", None, "v2 does not begin chats from a shadcn registry."
        ),
        "from_template": Capability("chats.init", None, "v2 does not begin chats from a template."),
        "prompt_title": Capability(
            None, "chats.create", "v1 names a chat that begins with a prompt by itself."
        ),
        "thinking": Capability("chats.create", None, "v2 has no setting for longer thinking."),
        "metadata": Capability("chats.update", "chats.update"),
        "find_by_metadata": Capability(None, "chats.list", "v1 cannot filter chats by metadata."),
        "find_by_author": Capability(None, "chats.list", "v1 cannot filter chats by author."),
        "favorite": Capability(
            "chats.favorite", None, "v2 has no favourites; metadata can stand in for them."
        ),
        "message_usage": Capability(
            None, "messages.get", "v1 tells costs in its usage report, not with each message."
        ),
        "versions": Capability(
            "chats.find_versions",
            None,
            "v2 has no versions: it keeps the current files, and marks messages that can be "
            "restored.",
        ),
        "files": Capability("chats.get_version", "chats.get_files"),
        "edit_files": Capability("chats.update_version", "chats.update_files"),
        "lock_files": Capability("chats.update_version", None, "v2 has no locks on files."),
        "download": Capability("chats.download_version", "chats.download_files"),
        "restore": Capability("chats.restore", "chats.restore_message"),
        "fork": Capability("chats.fork", "chats.duplicate"),
        "fork_version": Capability(
            "chats.fork", None, "v2 duplicates a chat as it is now, not as it once was."
        ),
        "preview_token": Capability(
            None, "chats.get_preview", "v1's previews are public addresses without a token."
        ),
        "preview_hosts": Capability(
            None, "settings.get_preview_hosts", "v1's previews are open to every host."
        ),
        "connect_status": Capability(
            None, "chats.get_connect_status", "v1 has no Vercel Connect set-up."
        ),
        "projects": Capability(
            "projects.find", None, "v2 has no projects; a chat can have a Vercel project."
        ),
        "unassign_project": Capability(
            None, "chats.update", "v1 cannot take a chat out of a project, only move it to another."
        ),
        "environment_variables": Capability(
            "projects.find_env_vars",
            None,
            "v2 leaves environment variables to the chat's Vercel project.",
        ),
        "vercel_projects": Capability(
            "integrations.vercel.projects.find", None, "v2 does not list Vercel projects."
        ),
        "deploy": Capability("deployments.create", "chats.deploy"),
        "deployments": Capability(
            "deployments.find", None, "v2 starts deployments; Vercel's own API lists them."
        ),
        "deployment_logs": Capability(
            "deployments.find_logs", None, "v2 has no logs; Vercel's own API has them."
        ),
        "hooks": Capability("hooks.create", "webhooks.create"),
        "mcp_servers": Capability("mcp_servers.create", "mcp_servers.create"),
        "mcp_authorization": Capability(
            "mcp_servers.create_oauth_authorization_url",
            None,
            "v2 cannot start an MCP server's OAuth sign-in.",
        ),
        "user": Capability("user.get", None, "v2 does not say whose key it is."),
        "scopes": Capability("user.get_scopes", None, "v2 does not list the teams of a key."),
        "plan": Capability("user.get_plan", None, "v2 does not tell the plan."),
        "billing": Capability(
            "user.get_billing", None, "v2 tells what was used, not what is left."
        ),
        "rate_limits": Capability("rate_limits.find", None, "v2 does not tell its rate limits."),
        "usage": Capability("reports.get_usage", "usage.list_events"),
        "usage_summary": Capability(
            None, "usage.get_summary", "v1 lists usage row by row, without sums."
        ),
        "user_activity": Capability("reports.get_user_activity", "usage.get_activity"),
        "organizations": Capability(
            None, "organizations.get_spend_limit", "v1 knows no organizations of teams."
        ),
    }
)


class Capabilities:
    """`client.capabilities`: what v1 and v2 lack, in words. The names are the keys of `ALL`."""

    def missing(self, generation: str) -> dict[str, str]:
        """Everything that a generation ("v1" or "v2") lacks, each with a sentence why."""
        return {
            name: capability.reason
            for name, capability in ALL.items()
            if operation(capability, generation) is None
        }

    def why_not(self, generation: str, name: str) -> str | None:
        """The sentence why a generation cannot do this, None where it can."""
        capability = ALL[name]
        return None if operation(capability, generation) else capability.reason


def operation(capability: Capability, generation: str) -> str | None:
    """The name of the operation behind a capability, such as chats.fork."""
    try:
        return {"v1": capability.v1, "v2": capability.v2}[generation]
    except KeyError:
        raise ValueError(f"a generation is v1 or v2, not {generation!r}") from None
