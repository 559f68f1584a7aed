"""How far the set-up of a connector is that an agent of a v2 chat waits for."""

from __future__ import annotations

from typing import Any

from v0client.simulator import asking
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.records import ConnectSetup

LONGEST_ID = 128


def asked(call: Call) -> ConnectSetup:
    """The set-up in the query: 404 when it is unknown or too old, 409 when it is dealt with."""
    chat = call.store.chat(call.params["chatId"], call.person, "v2")
    request_id = call.text("requestId", required=True) or ""
    if not 0 < len(request_id) <= LONGEST_ID:
        raise Refusal(422, f"Query parameter 'requestId' must have 1 to {LONGEST_ID} characters")
    for message in chat.messages:
        run = message.run
        if run and run.setup and run.setup.request_id == request_id:
            if not asking.waits(run):
                raise Refusal(409, "The agent does not wait for this setup any more")
            if asking.setup_state(run.setup, call.now) == "expired":
                break
            return run.setup
    raise Refusal(404, "Setup request not found")


def connector(setup: ConnectSetup) -> dict[str, Any]:
    """What was set up."""
    return {
        "id": setup.connector_id,
        "name": setup.connector_name,
        "service": setup.service,
        "type": "oauth",
        "supportedSubjectTypes": ["user"],
        "supportsInstallation": False,
        "attachedToProject": True,
    }


def get_connect_status(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/connect/status"""
    setup = asked(call)
    state = asking.setup_state(setup, call.now)
    if state == "failed":
        return {"status": "error", "message": setup.error}
    if state == "ready":
        return {"status": "ready", "connector": connector(setup)}
    return {"status": "pending", "progress": f"Waiting for {setup.connector_name}"}


ROUTES: Routes = {("GET", "/chats/{chatId}/connect/status"): get_connect_status}
