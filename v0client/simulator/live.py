"""The running preview of a v2 chat: when it runs, the tokens that open it, and its page. Previews
of v1 are open to everybody, by version; see pages.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from v0client.simulator import generation, hostile, writer
from v0client.simulator.exchange import HTML, Request, Response, answer
from v0client.simulator.identity import LONG, digest, spell
from v0client.simulator.plain import plain_page
from v0client.simulator.preview import page_html
from v0client.simulator.records import Chat, Version
from v0client.simulator.store import Store

# Seconds: how long a preview takes to start (at a speed of 1), a token lasts, and from how long
# before its end on answers say that a new one should be fetched.
START, LIFETIME, NOTICE = 8.0, 600.0, 120.0
LONGEST_TIME = 16
TOKEN_HEADER, REFRESH_HEADER = "x-v0-preview-token", "x-v0-preview-refresh"


def restart(store: Store, chat: Chat, now: float) -> None:
    """The preview has to start anew, for other code."""
    chat.preview_from = now + START / store.speed


def shown(chat: Chat, now: float) -> Version | None:
    """What the preview shows; nothing while it starts or there is nothing to show."""
    return generation.current(chat, now) if chat.preview_from <= now else None


@dataclass(frozen=True, slots=True)
class Token:
    """Opens one chat's preview for a while. Nothing is stored: the text proves itself."""

    text: str
    expires_at: float


def token(store: Store, chat_id: str, expires_at: float) -> Token:
    """The token of a chat that lasts until then."""
    milliseconds = round(expires_at * 1000)
    proof = spell(digest("preview", store.minter.seed, chat_id, milliseconds), LONG)
    return Token(f"{milliseconds}.{proof}", expires_at)


def accepted(store: Store, chat_id: str, text: str) -> Token | None:
    """A token that was made for this chat, expired or not."""
    milliseconds = text.partition(".")[0]
    if not milliseconds.isdecimal() or len(milliseconds) > LONGEST_TIME:
        return None
    made = token(store, chat_id, int(milliseconds) / 1000)
    return made if made.text == text else None


def page(store: Store, request: Request, name: str, now: float) -> Response:
    """What the preview's addresses answer; `name` is the chat's id and what lies below."""
    chat_id, _, below = name.partition("/")
    chat = store.chats.get(chat_id)
    if chat is None or chat.generation != "v2":
        return notice(404, "Not found", "There is no such preview.")
    given = accepted(store, chat_id, request.headers.get(TOKEN_HEADER, ""))
    if given is None:
        return notice(401, "Not for everybody", f"This preview opens with {TOKEN_HEADER}.")
    left = given.expires_at - now
    headers = {REFRESH_HEADER: "1"} if left <= NOTICE else {}
    if left <= 0:
        return notice(401, "Too late", "The token of this preview has expired.", headers)
    version = shown(chat, now)
    if version is None:
        return notice(503, "One moment", "This preview is starting.", headers)
    found = BELOW[below](request, now) if below in BELOW else shown_page(version)
    found.headers |= headers
    return found


def shown_page(version: Version) -> Response:
    attacks = hostile.is_wanted(version.prompts)
    text = hostile.PAGE if attacks else page_html(writer.page(version))
    return Response(body=text.encode(), content_type=HTML)


def echo(request: Request, now: float) -> Response:
    """What was asked, as JSON. The query chooses the status, and headers of the answer."""
    told = {
        "method": request.method,
        "path": request.path,
        "headers": request.headers,
        "body": request.body.decode(errors="replace"),
    }
    headers = request.query
    response = answer(told, int(headers.pop("status", "200")))
    response.headers |= headers
    return response


def events(request: Request, now: float) -> Response:
    """A stream of three events, a second apart."""
    pieces = ((now + second, f"data: {second}\n\n".encode()) for second in range(3))
    return Response(content_type="text/event-stream", pieces=pieces)


def socket(request: Request, now: float) -> Response:
    """Where a WebSocket can be opened; see asgi.py."""
    return Response(status=426, headers={"upgrade": "websocket"})


# What every preview has besides its page, for those who pass previews on.
BELOW: dict[str, Callable[[Request, float], Response]] = {
    "echo": echo,
    "events": events,
    "socket": socket,
}


def notice(status: int, title: str, text: str, headers: dict[str, str] | None = None) -> Response:
    """A page that says why there is no preview."""
    body = plain_page(title, f"<p>{escape(text)}</p>").encode()
    return Response(status=status, body=body, content_type=HTML, headers=headers or {})
