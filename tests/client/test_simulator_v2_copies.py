"""Going back to earlier code of a simulated v2 chat, and copies of chats."""

from __future__ import annotations

from tests.client.simulated import OUTSIDER, simulator
from tests.client.simulated_v2 import answers, edit, files, pending, restore, started, v2


def test_earlier_code_can_be_restored_and_the_later_one_again() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http)
    first = files(http, chat)
    http.post(f"{chat}/messages", json={"message": "Add a price list"})
    second = files(http, chat)
    old, new = answers(http, chat)
    assert (old["restorable"], new["restorable"]) == (True, False)
    asked, told = restore(http, chat, old["id"]).json()["messages"]
    assert (asked["role"], told["role"]) == ("user", "assistant")
    assert files(http, chat) == first
    assert [message["restorable"] for message in answers(http, chat)] == [False, True, False]
    assert restore(http, chat, old["id"]).status_code == 409
    assert restore(http, chat, new["id"]).status_code == 200
    assert files(http, chat) == second


def test_code_that_was_edited_by_hand_can_be_restored() -> None:
    http = v2(simulator())
    chat = started(http)
    edited = edit(http, chat, "notes.md", "Hello").json()["messages"][1]
    first = answers(http, chat)[0]
    assert restore(http, chat, first["id"]).status_code == 200
    assert "notes.md" not in files(http, chat)
    assert restore(http, chat, edited["id"]).status_code == 200
    assert files(http, chat)["notes.md"] == "Hello"


def test_what_brought_no_code_cannot_be_restored() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http)
    http.post(f"{chat}/messages", json={"message": "Now fail on purpose"})
    newest = http.get(f"{chat}/messages").json()["messages"]
    for message in newest[:2]:
        assert restore(http, chat, message["id"]).status_code == 422
    assert restore(http, chat, "nothing").status_code == 404
    assert restore(http, chat, "").status_code == 422
    http.post(f"{chat}/messages/async", json={"message": "Add a price list"})
    assert restore(http, chat, newest[-2]["id"]).status_code == 409


def test_a_copy_has_everything_and_a_life_of_its_own() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http, privacy="team", metadata={"ticket": "A-1"})
    http.post(f"{chat}/messages", json={"message": "Add a price list"})
    answer = http.post(f"{chat}/duplicate", json={"title": "Another shop"})
    assert answer.status_code == 201
    copy = answer.json()
    told = (copy["title"], copy["privacy"], copy["metadata"])
    assert told == ("Another shop", "private", {"ticket": "A-1"})
    address = f"/chats/{copy['id']}"
    assert files(http, address) == files(http, chat)
    sources, copies = answers(http, chat), answers(http, address)
    assert [m["parts"] for m in copies] == [m["parts"] for m in sources]
    assert not {m["id"] for m in copies} & {m["id"] for m in sources}
    assert {m["usage"]["creditsCost"]["total"] for m in copies} == {0}
    assert restore(http, address, copies[0]["id"]).status_code == 200
    assert files(http, address) != files(http, chat)


def test_copies_are_numbered() -> None:
    http = v2(simulator())
    chat = started(http, title="Shop")
    titles = []
    for _ in range(2):
        copy = http.post(f"{chat}/duplicate").json()
        titles.append(copy["title"])
    titles.append(http.post(f"/chats/{copy['id']}/duplicate").json()["title"])
    assert titles == ["Shop (2)", "Shop (3)", "Shop (4)"]


def test_a_copy_leaves_out_what_is_still_being_written() -> None:
    sim = simulator()
    http = v2(sim)
    chat = started(http)
    http.post(f"{chat}/messages/async", json={"message": "Add a price list"})
    copy = f"/chats/{http.post(f'{chat}/duplicate', json={}).json()['id']}"
    assert len(http.get(f"{copy}/messages").json()["messages"]) == 2
    empty = http.post(f"{pending(http)}/duplicate", json={}).json()
    assert "title" not in empty
    assert http.get(f"/chats/{empty['id']}/files").status_code == 409


def test_everybody_who_may_read_a_chat_may_copy_it() -> None:
    sim = simulator()
    chat = started(v2(sim), privacy="public")
    http = v2(sim, OUTSIDER)
    copy = http.post(f"{chat}/duplicate", json={"privacy": "team"}).json()
    assert (copy["privacy"], copy["writePermission"]) == ("team", True)
    assert copy["authorId"] == sim.person("outsider@example.com").id
    assert http.post(f"{chat}/duplicate", json={"privacy": "world"}).status_code == 422
