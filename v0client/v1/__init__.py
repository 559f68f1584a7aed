"""The first generation of the API: all its groups of operations under one name.

Documented at https://v0.app/docs/api/platform/overview; the shapes are those of
https://api.v0.dev/v1/openapi.json. What neither tells is said where it is used.
"""

from __future__ import annotations

from typing import Any, Generic

from v0client.calls import M
from v0client.v1.chats import ChatOperations
from v0client.v1.deployments import Deployments
from v0client.v1.early import EarlyOperations
from v0client.v1.hooks import Hooks
from v0client.v1.integrations import Integrations
from v0client.v1.mcp_servers import McpServers
from v0client.v1.messages import MessageOperations
from v0client.v1.projects import Projects
from v0client.v1.prompts import PromptOperations
from v0client.v1.rate_limits import RateLimits
from v0client.v1.reports import Reports
from v0client.v1.user import User
from v0client.v1.versions import VersionOperations


class Chats(
    ChatOperations[M],
    PromptOperations[M],
    MessageOperations[M],
    VersionOperations[M],
    EarlyOperations[M],
):
    """`client.v1.chats`: one group in the API, written down in five files."""


class V1(Generic[M]):
    """`client.v1`."""

    def __init__(self, connection: Any) -> None:
        self.chats: Chats[M] = Chats(connection)
        self.projects: Projects[M] = Projects(connection)
        self.deployments: Deployments[M] = Deployments(connection)
        self.hooks: Hooks[M] = Hooks(connection)
        self.mcp_servers: McpServers[M] = McpServers(connection)
        self.integrations: Integrations[M] = Integrations(connection)
        self.user: User[M] = User(connection)
        self.rate_limits: RateLimits[M] = RateLimits(connection)
        self.reports: Reports[M] = Reports(connection)
