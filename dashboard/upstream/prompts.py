"""What v0 may be told with a prompt and of a new chat, in one vocabulary for both generations. How
each of them takes it is in v1_prompts.py and v2_prompts.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

# Chats made here carry this in their metadata, so that a lost answer can be looked up.
NONCE = "dashboardNonce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Code that a chat begins with. `kind`: files (names and texts), zip, repo or registry (`url`,
    of a ZIP perhaps a data: URL), or template."""

    kind: str
    files: tuple[tuple[str, str], ...] = ()
    url: str = ""
    branch: str = ""
    template_id: str = ""


class PromptFields(TypedDict, total=False):
    """What may go with a prompt. Attachments are addresses; skills are as the API takes them."""

    model_id: str
    image_generations: bool
    thinking: bool
    system: str
    attachments: Sequence[str]
    skills: Sequence[Any]
    mcp_server_ids: Sequence[str]


class ChatFields(TypedDict, total=False):
    """What a new chat may be told. `privacy` is private if not given."""

    privacy: str
    project_id: str
    title: str
    metadata: Mapping[str, str]


class NewChat(PromptFields, ChatFields, total=False):
    """Both, for a chat that begins with a prompt."""


def beside_the_prompt(fields: PromptFields) -> dict[str, Any]:
    """What both generations take in the same form."""
    return {
        "attachments": [{"url": url} for url in fields.get("attachments", ())] or None,
        "skills": list(fields.get("skills", ())) or None,
        "mcp_server_ids": list(fields.get("mcp_server_ids", ())) or None,
    }
