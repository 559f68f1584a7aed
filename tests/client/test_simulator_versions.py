"""Versions of the simulated v1: files, archives, forks, and chats that begin with existing code."""

from __future__ import annotations

import base64
import io
import tarfile
import zipfile

import pytest

from tests.client.simulated import MEMBER, client, new_chat, simulator

V0 = "http://v0.test"


def test_a_fork_begins_with_the_files_of_the_chosen_version() -> None:
    sim = simulator()
    http = client(sim)
    chat = new_chat(http, chatPrivacy="team")
    first = chat["latestVersion"]
    http.post(f"/chats/{chat['id']}/messages", json={"message": "Add a chart"})
    fork = client(sim, MEMBER).post(f"/chats/{chat['id']}/fork", json={"versionId": first["id"]})
    assert fork.json()["latestVersion"]["files"] == first["files"]
    assert fork.json()["privacy"] == "private"
    assert fork.json()["messages"][0]["type"] == "forked-chat"


def test_a_version_can_be_edited_downloaded_and_restored() -> None:
    http = client(simulator())
    chat = new_chat(http)
    path = f"/chats/{chat['id']}/versions"
    version = f"{path}/{chat['latestVersion']['id']}"
    files = [{"name": "notes.md", "content": "# Notes", "locked": True}]
    edited = http.patch(version, json={"files": files}).json()
    assert {"object": "file", "name": "notes.md", "content": "# Notes", "locked": True} in (
        edited["files"]
    )
    cut = http.post(f"{version}/files/delete", json={"filePaths": ["README.md"]}).json()
    assert "README.md" in {file["name"] for file in http.get(version).json()["files"]}
    version = f"{path}/{cut['id']}"
    archive = zipfile.ZipFile(io.BytesIO(http.get(f"{version}/download").content))
    assert "notes.md" in archive.namelist()
    assert "README.md" not in archive.namelist()
    packed = http.get(f"{version}/download", params={"format": "tarball"}).content
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert "notes.md" in tar.getnames()
    restored = http.post(f"{version}/restore").json()
    listed = http.get(path).json()
    assert listed["meta"]["totalCount"] == 3
    assert [one["id"] for one in listed["data"][:2]] == [restored["id"], cut["id"]]
    told = [one["type"] for one in http.get(f"/chats/{chat['id']}").json()["messages"]]
    assert told[-2:] == ["deleted-file", "reverted-block"]


def test_default_files_come_when_asked_for() -> None:
    http = client(simulator())
    chat = new_chat(http)
    path = f"/chats/{chat['id']}/versions/{chat['latestVersion']['id']}"
    usual = {file["name"] for file in http.get(path).json()["files"]}
    every = {"includeDefaultFiles": "true"}
    more = {file["name"] for file in http.get(path, params=every).json()["files"]}
    assert "tsconfig.json" in more - usual
    for query, names in (({}, usual), (every, more)):
        packed = http.get(f"{path}/download", params=query)
        assert packed.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
            assert set(archive.namelist()) == names
        tarball = http.get(f"{path}/download", params={"format": "tarball", **query})
        assert tarball.headers["content-type"] == "application/gzip"
        with tarfile.open(fileobj=io.BytesIO(tarball.content)) as tar:
            assert set(tar.getnames()) == names


def zip_url(name: str) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "hello")
    return "data:application/zip;base64," + base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"type": "files", "files": [{"name": "a.txt", "content": "A"}]}, 200),
        ({"type": "files", "files": []}, 422),
        ({"type": "zip", "zip": {"url": zip_url("a.txt")}, "lockAllFiles": True}, 200),
        ({"type": "zip", "zip": {"url": zip_url("../a.txt")}}, 422),
        ({"type": "zip", "zip": {"url": "data:application/zip;base64,aGVsbG8="}}, 422),
        ({"type": "repo", "repo": {"url": f"{V0}/repos/harbor-studio/storefront"}}, 200),
        ({"type": "registry", "registry": {"url": f"{V0}/registry/table.json"}}, 200),
        ({"type": "template", "templateId": "blog-starter"}, 200),
        ({"type": "template", "templateId": "x", "lockAllFiles": True}, 422),
        ({"type": "tape"}, 422),
    ],
)
def test_chats_begin_with_existing_code(body: dict[str, object], status: int) -> None:
    answer = client(simulator()).post("/chats/init", json=body)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["latestVersion"]["files"]
