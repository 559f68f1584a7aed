"""A chat's page while v0 writes: what changes is told to everybody who watches, as events.

Followers paint each change once, for all of them. A page that hears nothing looks by itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET
from redis import RedisError

from dashboard import channels
from dashboard.access import TeamRequest, get_chat, member
from dashboard.account import person_of
from dashboard.context import waiting_now
from dashboard.models import Chat, Membership, Message
from dashboard.views.conversation import said
from dashboard.views.parts import Part, fill
from dashboard.views.parts_asked import recall

HEARTBEAT = 5.0  # seconds; also how often it is asked whether the person may still watch
Pieces = list[tuple[str, str]]


# ---- painting, by the process that follows ------------------------------------------------------


@dataclass
class Painter:
    """Tells a chat's pages what has changed in a message since they were last told."""

    chat: Chat
    painted: dict[str, Part] = field(default_factory=dict)

    def __call__(self, message: Message, title: str) -> None:
        pieces = paint(self.chat, message, self.painted)
        if title:
            pieces.append(("title", heading(title)))
        if pieces:
            channels.publish(self.chat.pk, {"message": message.upstream_id, "pieces": pieces})


def paint(chat: Chat, message: Message, painted: dict[str, Part]) -> Pieces:
    """The HTML of the parts that are not as they were painted before."""
    shown = said(chat, message, is_open=True)
    recall(chat, [shown])
    changed = [part for part in shown.parts if painted.get(part.id) != part]
    painted.update({part.id: replace(part) for part in changed})
    fill(changed, keep=False)
    return [(part.id, render_to_string("chats/part.html", {"part": part})) for part in changed]


def heading(title: str) -> str:
    return render_to_string("chats/title.html", {"title": title})


# ---- watching, by the process that serves pages -------------------------------------------------


@require_GET
@member()
def chat_live(request: TeamRequest, chat: str) -> StreamingHttpResponse:
    """The stream of what the chat's page is to show; without end while the person may watch."""
    watch = Watch(get_chat(request, chat).pk, request.member.pk, cast(HttpRequest, request))
    response = StreamingHttpResponse(watch.events(), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"  # else it would be packed, and wait for more
    return response


@dataclass
class Watch:
    """Somebody in front of a chat. No database connection is held between two looks."""

    chat_id: int
    member_id: int
    request: HttpRequest
    every: float = HEARTBEAT

    async def events(self) -> AsyncIterator[bytes]:
        looked_at = 0.0
        try:
            async for told in channels.listen(self.chat_id, every=self.every):
                if time.monotonic() > looked_at + self.every:
                    state = await sync_to_async(self.look)(with_pieces=not looked_at)
                    if state is None:
                        yield event({"over": True})
                        return
                    looked_at = time.monotonic()
                    yield event(state)
                if told is not None:
                    yield event(told)
        except RedisError:
            state = await sync_to_async(self.look)(with_pieces=True)
            yield event({"over": True} if state is None else state | {"away": True})

    def look(self, *, with_pieces: bool) -> dict[str, Any] | None:
        """Where the chat stands, how much the inbox holds, and at first what is written so far;
        None for those who may not watch any more."""
        try:
            person = Membership.objects.select_related("team").filter(pk=self.member_id).first()
            if person is None or not self.is_signed_in():
                return None
            seen = Chat.objects.visible_to(person).select_related("team")
            chat = seen.filter(pk=self.chat_id).first()
            if chat is None:
                return None
            newest = chat.messages.order_by("-created_at", "-id").first()
            state: dict[str, Any] = {
                "stamp": stamp(chat, newest.upstream_id if newest else ""),
                "waiting": waiting_now(person),
            }
            if with_pieces and newest is not None and chat.status == Chat.Status.RUNNING:
                state["message"] = newest.upstream_id
                state["pieces"] = paint(chat, newest, {}) if newest.role == "assistant" else []
            return state
        finally:
            close_old_connections()

    def is_signed_in(self) -> bool:
        """Whether the session is still there, and still this person's."""
        user = cast(Any, self.request.user)
        return bool(person_of(self.request.session.session_key) == user.pk)


def stamp(chat: Chat, newest: str) -> str:
    """Changes whenever the page has to be looked at again, beyond what a message's pieces tell.
    `newest` is v0's id of the last message."""
    gone = "gone" if chat.gone_at else ""
    return ":".join([chat.status, gone, str(chat.version_count), newest])


def event(told: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"
