"""The code of a simulated v2 chat: read, downloaded, edited and previewed."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from typing import Any

import pytest

from tests.client.simulated import ADMIN, OWNER, client, simulator
from tests.client.simulated_v2 import answers, edit, files, pending, preview, restore, started, v2

TOKEN, REFRESH = "x-v0-preview-token", "x-v0-preview-refresh"


def test_the_archive_holds_the_files() -> None:
    http = v2(simulator())
    chat = started(http)
    answer = http.get(f"{chat}/files/download")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        packed = {name: archive.read(name).decode() for name in archive.namelist()}
    assert packed == files(http, chat)
    assert "app/page.tsx" in packed


def test_binary_files_are_given_in_base64() -> None:
    http = v2(simulator())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("logo.png", b"\x89PNG\x00")
    url = f"data:application/zip;base64,{b64encode(buffer.getvalue()).decode()}"
    answer = http.post("/chats/from-zip", json={"url": url})
    assert answer.status_code == 200, answer.text
    chat = f"/chats/{answer.json()['chat']['id']}"
    (file,) = http.get(f"{chat}/files").json()["files"]
    assert file == {
        "path": "logo.png",
        "content": b64encode(b"\x89PNG\0").decode(),
        "encoding": "base64",
    }


def test_there_are_no_files_before_the_first_version_is_complete() -> None:
    sim = simulator()
    http = v2(sim)
    chat = pending(http)
    for path in ("files", "files/download"):
        assert http.get(f"{chat}/{path}").status_code == 409
    sim.clock.advance(60)
    first = files(http, chat)
    http.post(f"{chat}/messages/async", json={"message": "Add a price list"})
    assert files(http, chat) == first
    sim.clock.advance(60)
    assert files(http, chat) != first


def test_files_are_created_updated_and_deleted_by_hand() -> None:
    http = v2(simulator())
    chat = started(http)
    before = files(http, chat)
    gone = next(path for path in before if path.startswith("components/"))
    changes = [
        {"path": "notes.md", "content": "Hello"},
        {"path": "./app/page.tsx", "content": "export default () => null"},
        {"path": gone, "content": None},
    ]
    answer = http.patch(f"{chat}/files", json={"files": changes})
    assert answer.status_code == 200, answer.text
    asked, told = answer.json()["messages"]
    assert (asked["role"], asked["content"]) == ("user", "Edited 3 files")
    assert [(part["operation"], part["path"]) for part in told["parts"]] == [
        ("create", "notes.md"),
        ("update", "app/page.tsx"),
        ("delete", gone),
    ]
    assert (told["role"], told["finishReason"], told["restorable"]) == ("assistant", "stop", False)
    after = files(http, chat)
    assert (after["notes.md"], after["app/page.tsx"]) == ("Hello", "export default () => null")
    assert set(before) - set(after) == {gone}
    assert http.get(f"{chat}/messages/{told['id']}").json() == told


def test_what_is_wrong_with_files_is_told_by_field() -> None:
    http = v2(simulator())
    chat = started(http)
    before = files(http, chat)
    contents = [
        ("../outside", "x"),
        ("notes.md", "x"),
        ("./notes.md", "y"),
        ("nothing.md", None),
        ("package.json", "{"),
        ("logo.png", "\0"),
    ]
    changes = [{"path": path, "content": content} for path, content in contents]
    answer = http.patch(f"{chat}/files", json={"files": changes})
    assert answer.status_code == 422
    assert answer.json()["message"] == "Invalid file contents"
    assert [issue["path"] for issue in answer.json()["issues"]] == [
        "files.0.path",
        "files.2.path",
        "files.3.path",
        "files.4.content",
        "files.5.content",
    ]
    assert files(http, chat) == before


@pytest.mark.parametrize("changes", [[], [{"path": "", "content": "x"}], [{"path": "a"}]], ids=str)
def test_changes_of_another_shape_are_refused(changes: list[dict[str, str]]) -> None:
    http = v2(simulator())
    answer = http.patch(f"{started(http)}/files", json={"files": changes})
    assert answer.status_code == 422
    assert set(answer.json()) == {"message"}


def test_files_cannot_be_edited_while_an_answer_is_written_or_the_preview_starts() -> None:
    sim = simulator()
    http = v2(sim)
    assert edit(http, pending(http), "a.md", "x").status_code == 409
    chat = started(http)
    copy = f"/chats/{http.post(f'{chat}/duplicate', json={}).json()['id']}"
    assert edit(http, copy, "a.md", "x").status_code == 409
    sim.clock.advance(60)
    assert edit(http, copy, "a.md", "x").status_code == 200


def open_page(http: Any, told: Any, token: str | None = None) -> Any:
    return http.get(told["url"], headers={TOKEN: token or told["token"]})


def test_there_is_no_preview_before_the_first_version_is_complete() -> None:
    sim = simulator()
    http = v2(sim)
    chat = pending(http)
    assert preview(http, chat) is None
    sim.clock.advance(60)
    assert preview(http, chat) is not None


def test_a_preview_opens_with_its_token_only() -> None:
    http = v2(simulator())
    told, other = (preview(http, started(http, f"A {what} shop")) for what in ("coffee", "tea"))
    page = open_page(http, told)
    assert page.status_code == 200
    assert "Coffee shop" in page.text
    assert REFRESH not in page.headers
    assert http.get(told["url"]).status_code == 401
    for wrong in ("x", other["token"], told["token"][1:], "9" * 5000):
        assert open_page(http, told, wrong).status_code == 401
    assert http.get(f"{told['url']}x", headers={TOKEN: told["token"]}).status_code == 404


def test_a_token_that_expires_soon_says_so_and_then_opens_nothing() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http)
    told = preview(http, chat)
    sim.clock.advance(9 * 60)
    late = open_page(http, told)
    assert (late.status_code, late.headers[REFRESH]) == (200, "1")
    sim.clock.advance(60)
    expired = open_page(http, told)
    assert (expired.status_code, expired.headers[REFRESH]) == (401, "1")
    assert open_page(http, preview(http, chat)).status_code == 200


def test_the_preview_starts_anew_for_restored_code() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http)
    http.post(f"{chat}/messages", json={"message": "Add a price list"})
    told = preview(http, chat)
    restore(http, chat, answers(http, chat)[0]["id"])
    assert preview(http, chat) is None
    assert open_page(http, told).status_code == 503
    sim.clock.advance(60)
    assert open_page(http, told).status_code == 200


OPERATIONS = [
    ("GET", "files"),
    ("PATCH", "files"),
    ("GET", "files/download"),
    ("GET", "preview"),
    ("POST", "restore-message"),
    ("POST", "duplicate"),
]


@pytest.mark.parametrize(("method", "name"), OPERATIONS)
def test_closed_and_unknown_chats_are_not_found(method: str, name: str) -> None:
    sim = simulator()
    chat = started(v2(sim))
    old = client(sim).post("/chats", json={"message": "A shop"}).json()["id"]
    for key, address, status in (
        (ADMIN, chat, 404),
        (OWNER, "/chats/nothing", 404),
        (OWNER, f"/chats/{old}", 404),
        ("wrong", chat, 401),
    ):
        answer = v2(sim, key).request(method, f"{address}/{name}", json={})
        assert answer.status_code == status
    foreign = {"x-scope": sim.person("outsider@example.com").team_id}
    answer = v2(sim).request(method, f"{chat}/{name}", json={}, headers=foreign)
    assert answer.status_code == 403


def test_readers_cannot_change_the_code() -> None:
    sim = simulator()
    chat = started(v2(sim), privacy="team")
    http = v2(sim, ADMIN)
    assert files(http, chat)
    assert edit(http, chat, "a.md", "x").status_code == 403
    assert restore(http, chat, "x").status_code == 403
