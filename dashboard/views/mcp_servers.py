"""The MCP servers that a prompt may use, to choose from beside it.

The form keeps the chosen ids as text, which survives a reload and an answer of v0 that does not
come; static/js/servers.js ticks and unticks them there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import mcp_servers as actions
from dashboard.actions.acting import usable_keys
from dashboard.htmx import render_page
from dashboard.models import Key
from dashboard.sync.webhooks import host_of
from dashboard.upstream.errors import Refused
from dashboard.upstream.mcp_servers import McpServerRecord

MOST_IDS = 50
TICKED = "mcp_server"  # the name of boxes that no script puts into the field of ids


@dataclass(frozen=True)
class Offered:
    """A server to tick. `why` says why v0 may not use it now; "" where it can."""

    server: McpServerRecord
    is_chosen: bool

    @property
    def host(self) -> str:
        return host_of(self.server.url)

    @property
    def is_barred(self) -> bool:
        """Whether it cannot be ticked; one that is can be unticked."""
        return not self.server.is_enabled and not self.is_chosen


@dataclass
class Offer:
    """What v0 has to offer. `strange` are chosen ids that it does not list, `failure` says in
    words why it could not be asked. Boxes have a `name` where no script puts ids together."""

    servers: list[Offered] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    failure: str = ""
    name: str = ""

    @property
    def listed(self) -> set[str]:
        return {one.server.id for one in self.servers}


def ids_in(text: str) -> list[str]:
    """The ids that stand in a text, each once."""
    return list(dict.fromkeys(text.split()))


def ids_field() -> forms.CharField:
    """Ids as text, one a line."""
    return forms.CharField(
        required=False, label="Ids of MCP servers", max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "mcp_…", "spellcheck": "false"}),
        help_text="One per line. None: v0 may use all that are enabled.",
    )  # fmt: skip


def offer(ask: Callable[[], list[McpServerRecord]], chosen: Sequence[str]) -> Offer:
    try:
        servers = ask()
    except Refused as refusal:
        return Offer(failure=refusal.sentence)
    offered = [Offered(server, server.id in chosen) for server in servers]
    known = {server.id for server in servers}
    return Offer(offered, [id_ for id_ in chosen if id_ not in known][:MOST_IDS])


def key_asked(request: TeamRequest) -> Key | None:
    """The key that is chosen in the form."""
    pk = request.POST.get("key", "")
    return usable_keys(request.member).filter(pk=pk).first() if pk.isdecimal() else None


def offer_for_new_chat(request: TeamRequest, chosen: Sequence[str]) -> Offer:
    person, key = request.member, key_asked(request)
    return offer(lambda: actions.for_new_chat(member=person, key=key), chosen)


def show(request: TeamRequest, offered: Offer) -> HttpResponse:
    context = {"offer": offered, "ids": request.POST.get("mcp_servers", "")}
    page = cast(HttpRequest, request)
    return render_page(page, "chats/servers_page.html", context, fragments=("mcp-servers",))


@require_POST
@member(can="chat-create")
def mcp_servers(request: TeamRequest) -> HttpResponse:
    """What a new chat may use."""
    return show(request, offer_for_new_chat(request, ids_in(request.POST.get("mcp_servers", ""))))


@require_POST
@member(can="chat-create")
def chat_mcp_servers(request: TeamRequest, chat: str) -> HttpResponse:
    """What a further prompt in the chat may use."""
    row, chosen = get_chat(request, chat), ids_in(request.POST.get("mcp_servers", ""))
    person = request.member
    return show(request, offer(lambda: actions.for_chat(member=person, chat=row), chosen))
