"""What early v1 had: uploads, byte for byte, the metadata of a chat, the frame of a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies

from tests.client.simulated import ADMIN, client, new_chat, simulator
from v0client.simulator import forms
from v0client.simulator.exchange import Request

LOGO = b"\x89PNG\r\n\x1a\n\x00\xff--boundary\r\n"


def upload(http: Any, chat: dict[str, Any], name: str = "logo.png", content: bytes = LOGO) -> Any:
    return http.post(f"/chats/{chat['id']}/upload", files={"file": (name, content)})


@pytest.mark.parametrize("name", ["logo.png", "größe & more.txt", "../../etc/passwd"])
def test_an_uploaded_file_is_served(name: str) -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http)
    url = upload(http, chat, name).json()["url"]
    served = http.get(url)
    assert served.content == LOGO
    if name == "logo.png":
        assert served.headers["content-type"] == "image/png"
    told = new_chat(http, attachments=[{"url": url}])["messages"][0]["attachments"]
    assert told[0]["url"] == url
    http.delete(f"/chats/{chat['id']}")
    assert http.get(url).status_code == 404


def test_an_upload_is_one_file_of_20_mb_at_most_by_somebody_who_sees_the_chat() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http)
    path = f"/chats/{chat['id']}/upload"
    assert http.post(path, json={}).status_code == 422
    assert http.post(path, files={"other": ("a", b"")}).status_code == 422
    assert http.post(path, data={"file": "text"}, files={"x": ("a", b"")}).status_code == 422
    assert upload(client(sim, ADMIN), chat).status_code == 404
    assert upload(http, chat, content=b"0" * 20_000_001).status_code == 413
    assert not sim.store.uploads


def test_an_upload_comes_back_with_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    sim = simulator(journal=journal)
    url = upload(client(sim), new_chat(client(sim))).json()["url"]
    again = simulator(journal=journal, now=sim.moment())
    assert client(again).get(url).content == LOGO


def test_metadata_names_project_deployment_and_commit() -> None:
    sim = simulator()
    http = client(sim)
    project = http.post("/projects", json={"name": "Shop"}).json()
    chat = new_chat(http, projectId=project["id"])
    path = f"/chats/{chat['id']}/metadata"
    before = http.get(path).json()
    assert before["git"]["branch"] == "main"
    assert before["project"] == {"id": project["id"], "name": "Shop", "url": project["webUrl"]}
    made = {"chatId": chat["id"], "versionId": chat["latestVersion"]["id"]}
    deployment = http.post("/deployments", json=made).json()
    http.post(f"/chats/{chat['id']}/messages", json={"message": "Add a chart"})
    after = http.get(path).json()
    assert after["deployment"] == {"id": deployment["id"]}
    assert after["git"]["commit"] != before["git"]["commit"]
    alone = new_chat(http)
    assert http.get(f"/chats/{alone['id']}/metadata").json()["project"]["id"] == alone["id"]


def test_a_version_is_framed_when_it_is_complete() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, responseMode="async")
    path = f"/chats/{chat['id']}/versions/{chat['latestVersion']['id']}"
    assert http.get(f"{path}/iframe").status_code == 409
    assert http.get(f"{path}/frame-token").status_code == 409
    sim.clock.advance(60)
    frame = http.get(f"{path}/iframe").json()
    assert frame["object"] == "iframe"
    assert http.get(frame["url"]).status_code == 200
    token = http.get(f"{path}/frame-token").json()
    sim.clock.advance(3_600)
    assert token != http.get(f"{path}/frame-token").json()


CONTENT = strategies.binary().filter(lambda content: b"--edge" not in content)


@given(strategies.dictionaries(strategies.from_regex(r"[a-z]{1,9}", fullmatch=True), CONTENT))
def test_multipart_fields_arrive_byte_for_byte(contents: dict[str, bytes]) -> None:
    parts = [
        b'--edge\r\ncontent-disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
        % (name.encode(), content)
        for name, content in contents.items()
    ]
    headers = {"content-type": 'multipart/form-data; boundary="edge"'}
    request = Request("POST", "/", headers=headers, body=b"".join(parts) + b"--edge--\r\n")
    assert {field.name: field.content for field in forms.multipart(request)} == contents
