"""The second generation of the API: all its groups of operations under one name.

Documented at https://v0.app/docs/api/v2, except for `organizations`, which are in private beta.
"""

from __future__ import annotations

from typing import Any, Generic

from v0client.calls import M
from v0client.v2.chats import ChatOperations
from v0client.v2.files import FileOperations
from v0client.v2.mcp_servers import McpServers
from v0client.v2.messages import MessageOperations
from v0client.v2.organizations import Organizations
from v0client.v2.prompts import ChatPromptOperations, MessagePromptOperations
from v0client.v2.settings import Settings
from v0client.v2.sources import SourceOperations
from v0client.v2.usage import UsageReports
from v0client.v2.vercel import VercelOperations
from v0client.v2.webhooks import Webhooks


class Chats(
    ChatOperations[M],
    ChatPromptOperations[M],
    SourceOperations[M],
    FileOperations[M],
    VercelOperations[M],
):
    """`client.v2.chats`: one group in the API, written down in five files."""


class Messages(MessageOperations[M], MessagePromptOperations[M]):
    """`client.v2.messages`: one group in the API, written down in two files."""


class V2(Generic[M]):
    """`client.v2`."""

    def __init__(self, connection: Any) -> None:
        self.chats: Chats[M] = Chats(connection)
        self.messages: Messages[M] = Messages(connection)
        self.mcp_servers: McpServers[M] = McpServers(connection)
        self.settings: Settings[M] = Settings(connection)
        self.usage: UsageReports[M] = UsageReports(connection)
        self.webhooks: Webhooks[M] = Webhooks(connection)
        self.organizations: Organizations[M] = Organizations(connection)
