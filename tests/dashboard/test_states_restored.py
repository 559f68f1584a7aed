"""Going back to what a version was before an edit: its stored files are written into the newest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from dashboard.models import Activity, Content, Key, Membership, Version
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.states import edit_in_v0, former, page_of, save
from tests.dashboard.syncing import run, v0
from tests.dashboard.test_files_changed import PATH, Editing
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


@pytest.fixture
def edited(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> Editing:
    """A chat of v1 whose version was edited once."""
    editing = Editing("v1", simulator, key, client_of(cast.owner))
    save(editing, "export default 1")
    return editing


def began(edited: Editing, state: Version) -> str:
    """What the dialog of a restore remembers of the newest version."""
    form = edited.client.get(edited.url("restore", state)).context["form"]
    return str(form["began"].value())


def restore(edited: Editing, state: Version, seen: str = "") -> HttpResponse:
    return edited.post("restore", state, began=seen or began(edited, state))


def test_its_files_are_written_into_the_newest_version_and_those_before_are_kept(
    edited: Editing,
) -> None:
    (state,) = former(edited)
    before, now = edited.stored(state), edited.stored()
    response = restore(edited, state)
    assert response.status_code == 302, response.content.decode()
    assert edited.upstream() == edited.stored() == before
    assert [edited.stored(one) for one in former(edited)] == [before, now]
    assert [one.when for one in former(edited)] == ["before Owner's edit"] * 2
    assert edited.chat.versions.count() == 1
    row = Activity.objects.get(verb="version.restore")
    assert row.after == {"version": "1 before Owner's edit"}


def test_the_dialog_says_what_it_does_before_it_is_done(edited: Editing) -> None:
    edited.post("edit", path="notes.md", text="# Plan", began="")
    state, _ = former(edited)
    page = edited.client.get(edited.url("restore", state)).content.decode()
    assert "Restore version 1 before Owner&#x27;s edit" in page
    assert "written into version 1, the newest one: 1 file changes, 1 file is deleted." in page
    assert "What version 1 has now stays in the list." in page
    assert "Compare both first" in page
    stage = page_of(edited, tab="files", version="1.1")
    assert edited.url("restore", state) in stage


def test_files_that_were_added_go_and_those_that_were_deleted_come_back(edited: Editing) -> None:
    path = next(path for path in edited.stored() if path != PATH)
    edited.post("delete", file=path, began=edited.began(path))
    edited.post("edit", path="notes.md", text="# Plan", began="")
    first = former(edited)[0]
    assert restore(edited, first).status_code == 302
    assert edited.upstream() == edited.stored() == edited.stored(first)


def test_locks_stay_as_they_are(edited: Editing) -> None:
    edited.post("lock", file=PATH, locked="true")
    assert restore(edited, former(edited)[0]).status_code == 302
    assert edited.newest.files.get(path=PATH).locked


def test_what_changed_in_v0_meanwhile_is_shown_and_not_overwritten_unseen(edited: Editing) -> None:
    state = former(edited)[0]
    seen = began(edited, state)
    edit_in_v0(edited, "theirs", "lib/theirs.ts")
    response = restore(edited, state, seen)
    assert response.status_code == 422
    page = response.content.decode()
    assert "was changed in v0 since you opened this" in page
    assert f"{PATH}, lib/theirs.ts" in page
    assert edited.upstream()["lib/theirs.ts"] == "theirs"
    assert edited.stored() == edited.upstream()  # so that the comparison shows it
    again = restore(edited, state, response.context["form"]["began"].value())
    assert again.status_code == 302
    assert edited.upstream() == edited.stored() == edited.stored(state)
    assert edited.newest.number == 2
    assert edited.stored(former(edited)[-1])["lib/theirs.ts"] == "theirs"


def test_what_is_there_already_is_not_written_again(edited: Editing) -> None:
    state = former(edited)[0]
    restore(edited, state)
    edited.simulator.requests.clear()
    page = edited.client.get(edited.url("restore", state)).content.decode()
    assert "Version 1 has these files already." in page
    assert restore(edited, state).status_code == 422
    assert not [asked for asked in edited.simulator.requests if asked.method == "PATCH"]


def test_a_restore_whose_answer_was_lost_is_looked_up(edited: Editing) -> None:
    state = former(edited)[0]
    edited.simulator.requests.clear()
    edited.simulator.faults.add("/v1/chats/", method="PATCH", reset="after")
    assert restore(edited, state).status_code == 302
    assert edited.upstream() == edited.stored() == edited.stored(state)
    written = [asked for asked in edited.simulator.requests if asked.method == "PATCH"]
    assert len(written) == 1


def test_a_restore_that_v0_took_only_in_part_is_shown_as_it_is(edited: Editing) -> None:
    edited.post("edit", path="notes.md", text="# Plan", began="")
    state = former(edited)[0]
    now = edited.stored()
    edited.simulator.faults.add("/v1/chats/", method="POST", status=422)
    response = restore(edited, state)
    assert response.status_code == 422
    assert f"Written before that: {PATH}. Restore again for the rest." in response.content.decode()
    assert edited.stored() == edited.upstream() == {**edited.stored(state), "notes.md": "# Plan"}
    assert edited.stored(former(edited)[-1]) == now
    row = Activity.objects.get(verb="version.restore_part")
    assert (row.after["written"], row.after["not_written"]) == (PATH, "notes.md")
    assert row.after["version"] == f"1 {state.when}"
    history = edited.client.get(f"/t/{edited.key.team.slug}/activity/").content.decode()
    assert "restored only a part of an earlier version of the chat" in history
    assert restore(edited, state).status_code == 302
    assert edited.stored() == edited.upstream() == edited.stored(state)


def test_a_restore_of_which_nothing_was_written_is_not_in_the_history(edited: Editing) -> None:
    state = former(edited)[0]
    edited.simulator.faults.add("/v1/chats/", method="PATCH", status=422)
    assert restore(edited, state).status_code == 422
    assert not Activity.objects.filter(verb__startswith="version.").exists()


def test_binary_files_that_differ_are_told_instead_of_lost(edited: Editing) -> None:
    state = former(edited)[0]
    picture = Content.objects.create(sha256="0" * 64, text="iVBORw==", is_binary=True, size=4)
    state.files.create(path="logo.png", content=picture)
    response = restore(edited, state)
    assert response.status_code == 422
    assert "takes no binary files (logo.png)" in response.content.decode()
    assert edited.upstream()[PATH] == "export default 1"


def test_a_state_of_an_older_version_goes_into_the_newest(edited: Editing) -> None:
    older, edit = edited.newest, edited.stored()
    edited.say("Add a contact form to the page")
    run(edited.key)
    (state,) = former(edited)
    newest = edited.stored()
    assert restore(edited, state).status_code == 302
    assert edited.newest.number == 3  # what the second had besides was deleted
    assert edited.stored() == edited.upstream() == edited.stored(state)
    assert edited.stored(older) == edit
    assert edited.stored(former(edited)[-1]) == newest
    assert former(edited)[-1].place == "2.1"


def test_nothing_is_restored_while_v0_writes(edited: Editing) -> None:
    state = former(edited)[0]
    with v0(edited.simulator) as api:
        send = api.v1.chats.send_message
        send(edited.chat.upstream_id, message="More", response_mode="async")
    response = restore(edited, state)
    assert response.status_code == 422
    assert "v0 is writing in this chat" in response.content.decode()


def test_viewers_do_not_restore(
    edited: Editing, cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    edited.chat.privacy = "team"
    edited.chat.save(update_fields=["privacy"])
    state = former(edited)[0]
    assert client_of(cast.viewer).post(edited.url("restore", state)).status_code == 403


def test_a_former_state_of_v2_is_written_back_as_a_new_version(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> None:
    editing = Editing("v2", simulator, key, client_of(cast.owner))
    edit_in_v0(editing, "in place")
    run(key)
    (state,) = former(editing)
    page = editing.client.get(editing.url("restore", state)).content.decode()
    assert "written into the chat, which makes a new version: 1 file changes." in page
    assert restore(editing, state).status_code == 302
    assert editing.newest.number == 2
    assert editing.stored() == editing.upstream() == editing.stored(state)
    assert editing.stored(editing.chat.versions.get(number=1))[PATH] == "in place"
