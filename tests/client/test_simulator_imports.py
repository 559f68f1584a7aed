"""Chats of both generations that begin with existing code: where it comes from, and what the
refusals are."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.client.loopback import serving
from tests.client.simulated import client, simulator
from v0client.simulator import Simulator

LOGO = b"\x89PNG\r\n\x1a\n\x00\xff"


def packed(files: dict[str, bytes]) -> bytes:
    """A ZIP file of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def data_url(content: bytes) -> str:
    return "data:application/zip;base64," + base64.b64encode(content).decode()


def imported(sim: Simulator, generation: str, kind: str, address: str, branch: str = "") -> Any:
    """The answer to a chat that begins with a `zip` or `repo`."""
    repo = {"url": address, **({"branch": branch} if branch else {})}
    body = {"repo": repo} if kind == "repo" else {"zip": {"url": address}}
    http = client(sim, generation=generation)
    if generation == "v1":
        return http.post("/chats/init", json={"type": kind, **body})
    return http.post(f"/chats/from-{kind}", json=body.get("zip", body))


def files_of(sim: Simulator, generation: str, answer: Any) -> dict[str, bytes]:
    """What the new chat contains, as its download gives it."""
    assert answer.status_code == 200, answer.text
    http, told = client(sim, generation=generation), answer.json()
    if generation == "v1":
        path = f"/chats/{told['id']}/versions/{told['latestVersion']['id']}/download"
    else:
        path = f"/chats/{told['chat']['id']}/files/download"
    with zipfile.ZipFile(io.BytesIO(http.get(path).content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


both_generations = pytest.mark.parametrize("generation", ["v1", "v2"])


@both_generations
def test_an_archive_comes_out_as_it_went_in(generation: str) -> None:
    sim = simulator()
    files = {"app/page.tsx": b"export {}\n", "public/logo.png": LOGO, "notes/größe.md": b"# Gr"}
    answer = imported(sim, generation, "zip", data_url(packed(files)))
    assert files_of(sim, generation, answer) == files


def test_files_that_are_no_text_are_told_as_base64() -> None:
    sim = simulator()
    url = data_url(packed({"logo.png": LOGO}))
    (v1,) = imported(sim, "v1", "zip", url).json()["latestVersion"]["files"]
    assert v1["content"] == "data:image/png;base64," + base64.b64encode(LOGO).decode()
    chat = imported(sim, "v2", "zip", url).json()["chat"]
    (v2,) = client(sim, generation="v2").get(f"/chats/{chat['id']}/files").json()["files"]
    assert (v2["encoding"], base64.b64decode(v2["content"])) == ("base64", LOGO)


@both_generations
def test_repositories_of_the_simulator_are_cloned_by_branch(generation: str) -> None:
    sim = simulator()
    address = f"{sim.base_url}/repos/harbor-studio/handbook"
    trunk, named, draft = (
        files_of(sim, generation, imported(sim, generation, "repo", f"{address}{suffix}", branch))
        for suffix, branch in (("", ""), (".git", "main"), ("/", "draft/faq"))
    )
    assert trunk == named
    assert "package.json" in trunk
    assert "components/faq.tsx" in draft.keys() - trunk.keys()
    assert imported(sim, generation, "repo", address, "no-such-branch").status_code == 422


@both_generations
def test_zip_files_of_the_simulator_are_taken(generation: str) -> None:
    sim = simulator()
    address = f"{sim.base_url}/archives/storefront.zip"
    files = files_of(sim, generation, imported(sim, generation, "zip", address))
    with zipfile.ZipFile(io.BytesIO(client(sim).get(address).content)) as archive:
        assert sorted(files) == sorted(archive.namelist())
    assert imported(sim, generation, "zip", f"{sim.base_url}/archives/no.zip").status_code == 422


@both_generations
@pytest.mark.parametrize("url", ["data:", "data:;base64,A", "data:;base64,é", "data:,no archive"])
def test_a_data_url_that_holds_no_archive_is_refused(generation: str, url: str) -> None:
    assert imported(simulator(), generation, "zip", url).status_code == 422


def test_everything_that_is_offered_is_there() -> None:
    sim = simulator()
    http = client(sim)
    front = http.get(sim.base_url).text
    addresses = front.split('href="')[1:]
    assert len(addresses) > 15
    for address in addresses:
        page = http.get(sim.base_url + address.partition('"')[0])
        assert page.status_code == 200, address
    repository = f"{sim.base_url}/repos/harbor-studio/status"
    tar = http.get(f"{repository}/archive/refs/heads/trunk.tar.gz").content
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        assert "status-trunk/package.json" in archive.getnames()


def registry(sim: Simulator, address: str) -> Any:
    body = {"type": "registry", "registry": {"url": address}, "lockAllFiles": True}
    return client(sim).post("/chats/init", json=body)


def test_a_registry_entry_brings_the_entries_that_it_names() -> None:
    sim = simulator()
    one = registry(sim, f"{sim.base_url}/registry/pricing.json").json()["latestVersion"]["files"]
    assert {file["name"] for file in one} == {"components/pricing.tsx", "lib/data.ts"}
    assert all(file["locked"] for file in one)
    every = registry(sim, f"{sim.base_url}/registry/everything.json").json()
    assert len(every["latestVersion"]["files"]) > 8


@pytest.mark.parametrize(
    "item",
    [
        b"not json",
        b"[]",
        b'{"files": {}}',
        b'{"files": []}',
        b'{"files": [{"path": "a.tsx"}]}',
        b'{"files": [{"path": "a", "content": "", "target": "../a"}]}',
    ],
)
def test_what_is_no_registry_entry_is_refused(item: bytes) -> None:
    url = "data:application/json;base64," + base64.b64encode(item).decode()
    answer = registry(simulator(), url)
    assert answer.status_code == 422, answer.text


def test_files_are_given_with_content_or_by_address() -> None:
    sim = simulator()
    address = f"{sim.base_url}/avatar/{sim.person('owner@example.com').id}.svg"
    files = [
        {"name": "a.txt", "content": "A", "locked": True},
        {"name": "b.txt", "url": "data:text/plain,B%20%C3%BC"},
        {"name": "c.svg", "url": address},
    ]
    answer = client(sim).post("/chats/init", json={"type": "files", "files": files})
    first, second, third = answer.json()["latestVersion"]["files"]
    assert (first["content"], first["locked"]) == ("A", True)
    assert (second["content"], second["locked"]) == ("B ü", False)
    assert third["content"] == client(sim).get(address).text


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 200), (20, 200), (21, 422)])
def test_v2_takes_one_to_twenty_files(count: int, status: int) -> None:
    sim = simulator()
    files = [{"name": f"{i}.txt", "content": str(i)} for i in range(count)]
    answer = client(sim, generation="v2").post(
        "/chats/from-files", json={"files": files, "title": "Mine", "metadata": {"a": "b"}}
    )
    assert answer.status_code == status, answer.text
    if status == 200:
        assert (answer.json()["chat"]["title"], answer.json()["usage"]["tokens"]["total"]) == (
            ("Mine", 0)
        )
        assert len(files_of(sim, "v2", answer)) == count


def test_the_early_form_of_v2_takes_archives_and_repositories() -> None:
    sim = simulator()
    http = client(sim, generation="v2")
    archive = {"type": "zip", "zip": {"url": data_url(packed({"a.txt": b"A"}))}}
    assert files_of(sim, "v2", http.post("/chats", json=archive)) == {"a.txt": b"A"}
    repository = {"type": "repo", "repo": {"url": f"{sim.base_url}/repos/harbor-studio/status"}}
    assert "package.json" in files_of(sim, "v2", http.post("/chats", json=repository))


@both_generations
@pytest.mark.parametrize("kind", ["zip", "repo"])
@pytest.mark.parametrize(
    "address",
    ["https://git.example/acme/shop", "ftp://127.0.0.1/a", "git@git.example:acme/shop", "http://["],
)
def test_there_is_no_network_beyond_this_machine(generation: str, kind: str, address: str) -> None:
    sim = simulator()
    answer = imported(sim, generation, kind, address)
    assert answer.status_code == 422
    assert not sim.store.chats


@both_generations
def test_an_archive_on_this_machine_is_fetched(generation: str) -> None:
    files = {"page.tsx": b"export {}", "logo.png": LOGO}
    with serving(lambda path, _: (200, packed(files)) if path == "/a.zip" else (404, b"")) as there:
        sim = simulator()
        answer = imported(sim, generation, "zip", f"{there}/a.zip")
        assert files_of(sim, generation, answer) == files
        assert imported(sim, generation, "zip", f"{there}/b.zip").status_code == 422
    assert imported(sim, generation, "zip", f"{there}/a.zip").status_code == 422


def test_a_fetch_holds_nobody_else_up_and_uses_a_fault_once() -> None:
    sim = simulator()
    http = client(sim)

    def ask_back(path: str, _: bytes) -> tuple[int, bytes]:
        return 200, json.dumps({"files": [entry], "seen": http.get("/user").json()}).encode()

    entry = {"path": "a.tsx", "content": "A", "type": "registry:ui"}
    sim.faults.add("/chats/init", status=201)
    with serving(ask_back) as there:
        answer = registry(sim, f"{there}/a.json")
    assert answer.status_code == 201
    assert [file["name"] for file in answer.json()["latestVersion"]["files"]] == [
        "components/ui/a.tsx"
    ]
    assert not sim.faults.rules


def test_what_was_fetched_comes_back_with_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with serving(lambda *_: (200, packed({"logo.png": LOGO}))) as there:
        sim = simulator(journal=journal)
        answer = imported(sim, "v1", "zip", f"{there}/a.zip")
    again = simulator(journal=journal, now=sim.moment())
    assert files_of(again, "v1", answer) == {"logo.png": LOGO}
