"""Where a v2 chat's preview runs, and the token that opens it."""

from __future__ import annotations

from v0client.simulator import live
from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Response, Routes, answer


def get_preview(call: Call) -> Response:
    """GET /chats/{chatId}/preview: null while there is nothing to show or it is starting."""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    if live.shown(chat, call.now) is None:
        return answer(None)
    token = live.token(call.store, chat.id, call.now + live.LIFETIME)
    url = f"{call.simulator.base_url}/live/{chat.id}"
    return answer({"url": url, "token": token.text, "expiresAt": iso(token.expires_at)})


ROUTES: Routes = {("GET", "/chats/{chatId}/preview"): get_preview}
