"""WebSockets of previews, by which their pages reload: a browser's and the preview's own are
joined, message by message, until either side ends or the person may not look any more.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.http11 import Response
from websockets.typing import Subprotocol

from dashboard.previews import headers
from dashboard.previews.doors import Doors
from dashboard.previews.headers import Places
from dashboard.previews.visits import AWAY, REFRESH, Starting, Visit
from dashboard.upstream.records import PreviewRecord
from v0client.http import ConnectError

LARGEST = 16 * 2**20  # bytes of one message
PATIENCE = 10.0  # seconds until a preview has to have answered the handshake
# Codes of RFC 6455, 7.4.1; the last two are never sent, a side only notes them for itself.
NORMAL, GOING_AWAY, POLICY, NOT_SAID, NO_END = 1000, 1001, 1008, 1005, 1006
SENT_INSTEAD = {NOT_SAID: NORMAL, NO_END: GOING_AWAY}


class Declined(Exception):
    """The preview answered with this status instead of a WebSocket."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Connect(connect):
    """A handshake that follows no redirect: the preview's token would go to another host."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


@dataclass(frozen=True, slots=True)
class End:
    """How a side ended, for the other one."""

    code: int
    reason: str = ""


async def join(visit: Visit, doors: Doors) -> None:
    """From the browser's handshake to the end. Before it is accepted it raises Starting, Refused,
    Declined, and RequestError where the preview cannot be reached."""
    await visit.receive()  # the handshake
    there = await open_twice(visit, doors)
    end, sides = End(GOING_AWAY), list[asyncio.Task[End]]()
    try:
        await visit.send({"type": "websocket.accept", "subprotocol": there.subprotocol})
        talk = (inward(visit, there), outward(visit, there), allowed(visit, doors))
        sides += [asyncio.create_task(one) for one in talk]
        done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        end = done.pop().result()
    finally:
        for side in sides:
            side.cancel()
        await asyncio.gather(*sides, return_exceptions=True)
        code = SENT_INSTEAD.get(end.code, end.code)
        await there.close(code, end.reason)
        with contextlib.suppress(OSError):  # gone already
            await visit.send({"type": "websocket.close", "code": code, "reason": end.reason})


async def open_twice(visit: Visit, doors: Doors) -> ClientConnection:
    """The preview's side; where v0 wants another token first, that at a second try."""
    tried = False
    while True:
        preview = await doors.open(visit.label)
        if preview is None:
            raise Starting
        answer, there = await handshake(visit, preview)
        asks_for_token = answer.headers.get(REFRESH) == "1"
        if asks_for_token or answer.status_code in AWAY:
            doors.renew(visit.label, preview)
        if there is not None:
            return there
        if tried or not (asks_for_token or answer.status_code in AWAY):
            raise Declined(answer.status_code)
        tried = True


async def handshake(
    visit: Visit, preview: PreviewRecord
) -> tuple[Response, ClientConnection | None]:
    """What the preview answers, and its side if that is a WebSocket."""
    places = Places(visit.here, preview.url)
    asked = headers.asked(visit.scope["headers"], places, preview.token)
    scheme = "wss" if places.origin.startswith("https:") else "ws"
    opening = Connect(
        str(visit.target(places).copy_with(scheme=scheme)),
        additional_headers=[
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in asked
            if not name.startswith(b"sec-websocket-")
        ],
        subprotocols=[Subprotocol(name) for name in visit.scope["subprotocols"]] or None,
        user_agent_header=None,
        proxy=None,
        compression=None,
        max_size=LARGEST,
        open_timeout=PATIENCE,
    )
    try:
        there = await opening
    except InvalidStatus as refusal:
        return refusal.response, None
    except (OSError, InvalidHandshake) as error:  # TimeoutError is an OSError
        raise ConnectError(type(error).__name__) from error
    assert there.response is not None  # noqa: S101 - there is a connection because of it
    return there.response, there


async def inward(visit: Visit, there: ClientConnection) -> End:
    """What the browser says, to the preview."""
    while (event := await visit.receive())["type"] == "websocket.receive":
        text = event.get("text")
        try:
            await there.send(event["bytes"] if text is None else text)
        except ConnectionClosed:
            return ended(there)
    return End(event.get("code", GOING_AWAY), event.get("reason") or "")


async def outward(visit: Visit, there: ClientConnection) -> End:
    """What the preview says, to the browser."""
    with contextlib.suppress(ConnectionClosed, OSError):  # of the one side, and of the other
        async for message in there:
            kind = "text" if isinstance(message, str) else "bytes"
            await visit.send({"type": "websocket.send", kind: message})
    return ended(there)


def ended(there: ClientConnection) -> End:
    return End(there.close_code or GOING_AWAY, there.close_reason or "")


async def allowed(visit: Visit, doors: Doors) -> End:
    """Until the person may not look any more."""
    await doors.until_closed(visit.label)
    return End(POLICY)
