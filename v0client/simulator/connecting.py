"""The page on which people set up a connector that an agent waits for. A visit is all it takes; as
with OAuth, `?error=…` is what comes back when it goes wrong."""

from __future__ import annotations

from html import escape

from v0client.simulator import asking
from v0client.simulator.exchange import Request
from v0client.simulator.plain import plain_page
from v0client.simulator.records import ConnectSetup
from v0client.simulator.store import Store

TOLD = {
    "ready": "is connected. You can close this page; the agent goes on when the chat says so.",
    "failed": "could not be connected.",
    "expired": "was not connected in time. Ask the agent again.",
}


def find(store: Store, address: str) -> ConnectSetup | None:
    """The set-up that this address is for."""
    request_id = address.rpartition("/")[2]
    for message in store.messages.values():
        if message.run and message.run.setup and message.run.setup.request_id == request_id:
            return message.run.setup
    return None


def visit(store: Store, request: Request, now: float) -> bool:
    """What a visit brings about; False where nothing changes."""
    setup = find(store, request.path)
    if setup is None or asking.setup_state(setup, now) in ("ready", "expired"):
        return False
    setup.error = request.query.get("error", "")
    setup.opened_at = None if setup.error else now
    return True


def page(store: Store, request: Request, now: float) -> str | None:
    """What people see."""
    setup = find(store, request.path)
    if setup is None:
        return None
    told = f"{setup.connector_name} {TOLD[asking.setup_state(setup, now)]} {setup.error}"
    return plain_page(f"Connect {setup.connector_name}", f"<p>{escape(told.strip())}</p>")
