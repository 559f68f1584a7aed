"""What tests of the simulated v2 often do."""

from __future__ import annotations

from typing import Any

from tests.client.simulated import OWNER, client
from v0client.simulator import Simulator


def v2(sim: Simulator, key: str = OWNER) -> Any:
    return client(sim, key, "v2")


def started(http: Any, message: str = "A shop for coffee", **body: Any) -> str:
    """The address of a chat whose first answer is complete."""
    answer = http.post("/chats", json={"message": message, **body})
    assert answer.status_code == 200, answer.text
    return f"/chats/{answer.json()['chat']['id']}"


def pending(http: Any) -> str:
    """The address of a chat whose first answer is being written."""
    return f"/chats/{http.post('/chats/async', json={'message': 'A shop'}).json()['chatId']}"


def files(http: Any, chat: str) -> dict[str, str]:
    answer = http.get(f"{chat}/files")
    assert answer.status_code == 200, answer.text
    return {file["path"]: file["content"] for file in answer.json()["files"]}


def edit(http: Any, chat: str, path: str, content: str | None) -> Any:
    return http.patch(f"{chat}/files", json={"files": [{"path": path, "content": content}]})


def answers(http: Any, chat: str) -> list[dict[str, Any]]:
    """What the assistant wrote, oldest first."""
    messages = http.get(f"{chat}/messages").json()["messages"]
    return [message for message in reversed(messages) if message["role"] == "assistant"]


def preview(http: Any, chat: str) -> Any:
    """Where the preview runs, or None."""
    answer = http.get(f"{chat}/preview")
    assert answer.status_code == 200, answer.text
    return answer.json()


def restore(http: Any, chat: str, message_id: str) -> Any:
    return http.post(f"{chat}/restore-message", json={"messageId": message_id})
