"""What a version had before it was edited stays a state of its own, whoever edited it and where."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Activity, Key, Membership, Submission, Version
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.states import edit_in_v0, former, former_of, save
from tests.dashboard.syncing import run, v0
from tests.dashboard.test_files_changed import PATH, Editing
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


@pytest.fixture
def editing(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> Editing:
    """A chat of v1, whose versions are edited in place."""
    return Editing("v1", simulator, key, client_of(cast.owner))


@pytest.fixture
def editing_v2(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> Editing:
    return Editing("v2", simulator, key, client_of(cast.owner))


def test_an_edit_made_here_keeps_what_was_before_it_with_the_name_of_who_made_it(
    editing: Editing,
) -> None:
    before = editing.stored()
    save(editing, "export default 1")
    (state,) = former(editing)
    assert editing.stored(state) == before
    assert editing.stored() == editing.upstream()
    assert (state.former_of, state.place, state.name) == (
        editing.newest,
        "1.1",
        "version 1 before Owner's edit",
    )
    assert state.replaced_at == editing.newest.updated_at


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_an_edit_made_in_v0_keeps_what_was_before_it(
    generation: str,
    simulator: Simulator,
    key: Key,
    cast: Cast,
    client_of: Callable[[Membership], Client],
) -> None:
    editing = Editing(generation, simulator, key, client_of(cast.owner))
    before = editing.stored()
    edit_in_v0(editing, "export default 1")
    run(key)
    (state,) = former(editing)
    assert editing.stored(state) == before
    assert editing.stored() == editing.upstream() == {**before, PATH: "export default 1"}
    assert state.name == "version 1 before an edit"


def test_each_of_two_edits_within_a_second_is_kept(editing: Editing) -> None:
    before = editing.stored()
    save(editing, "one")
    save(editing, "two")
    assert [editing.stored(state)[PATH] for state in former(editing)] == [before[PATH], "one"]
    assert [state.place for state in former(editing)] == ["1.1", "1.2"]
    assert editing.stored()[PATH] == "two"


def test_an_edit_in_v0_that_no_sync_saw_is_kept_before_it_is_edited_here(editing: Editing) -> None:
    before, began = editing.stored(), editing.began()
    edit_in_v0(editing, "theirs")
    refused = editing.post("edit", path=PATH, text="mine", began=began)
    assert refused.status_code == 422
    assert editing.stored()[PATH] == "theirs"  # what v0 had was brought home on the way
    save(editing, "mine")
    assert [editing.stored(state)[PATH] for state in former(editing)] == [before[PATH], "theirs"]
    assert [state.when for state in former(editing)] == ["before an edit", "before Owner's edit"]


def test_an_edit_that_changes_nothing_makes_no_state(editing: Editing) -> None:
    same = editing.stored()[PATH]
    edit_in_v0(editing, same)
    run(editing.key)
    assert editing.newest.updated_at > editing.newest.created_at
    assert former(editing) == []


def test_a_lock_is_no_edit(editing: Editing) -> None:
    editing.post("lock", file=PATH, locked="true")
    assert editing.newest.files.get(path=PATH).locked
    assert former(editing) == []
    save(editing, "export default 1")
    (state,) = former(editing)
    assert state.files.get(path=PATH).locked
    assert editing.newest.files.get(path=PATH).locked


def test_files_that_are_added_and_deleted_are_states_of_their_own(editing: Editing) -> None:
    before = editing.stored()
    editing.post("edit", path="notes.md", text="# Plan", began="")
    editing.post("delete", file="notes.md", began=editing.began("notes.md"))
    (first,) = former(editing)
    assert editing.stored(first) == before
    assert editing.newest.number == 2  # v0 makes a version of what is left
    assert editing.stored() == editing.upstream() == before
    assert editing.stored(editing.chat.versions.get(number=1)) == {**before, "notes.md": "# Plan"}


def test_an_edit_whose_answer_was_lost_is_looked_up_and_not_sent_again(editing: Editing) -> None:
    before = editing.stored()
    editing.simulator.faults.add("/v1/chats/", method="PATCH", reset="after")
    save(editing, "export default 1")
    written = [asked for asked in editing.simulator.requests if asked.method == "PATCH"]
    assert len(written) == 1
    (state,) = former(editing)
    assert editing.stored(state) == before
    assert state.when == "before Owner's edit"
    assert Activity.objects.get(verb="file.edit").after == {"lines": 1}


def test_an_edit_that_did_not_arrive_says_so_and_leaves_no_state(editing: Editing) -> None:
    editing.simulator.faults.add("/v1/chats/", method="PATCH", reset="before", times=9)
    response = editing.post("edit", path=PATH, text="typed", began=editing.began())
    assert response.status_code == 422
    assert response.context["form"]["text"].value() == "typed"
    assert "may or may not have happened" in response.content.decode()
    assert former(editing) == []
    assert not Activity.objects.filter(verb="file.edit").exists()


def test_an_edit_that_could_not_be_mirrored_at_once_is_kept_by_the_next_sync(
    editing: Editing,
) -> None:
    before, began = editing.stored(), editing.began()
    path = f"/v1/chats/{editing.chat.upstream_id}/versions"
    editing.simulator.faults.add(path, method="GET", status=503, times=9)
    editing.post("edit", path=PATH, text="export default 1", began=began)
    editing.simulator.faults.clear()
    run(editing.key)
    (state,) = former(editing)
    assert editing.stored(state) == before
    assert editing.stored()[PATH] == "export default 1"


def test_an_older_version_that_is_edited_in_v0_keeps_its_former_state(editing: Editing) -> None:
    older, before = editing.newest, editing.stored()
    editing.say("Add a contact form to the page")
    run(editing.key)
    with v0(editing.simulator) as api:
        files = [{"name": PATH, "content": "late"}]
        api.v1.chats.update_version(editing.chat.upstream_id, older.upstream_id, files=files)
    run(editing.key)
    (state,) = former(editing)
    assert (state.former_of, editing.stored(state)) == (older, before)
    assert editing.stored(older)[PATH] == "late"


def test_former_states_are_no_versions_of_v0(editing: Editing) -> None:
    save(editing, "one")
    save(editing, "two")
    run(editing.key)
    editing.chat.refresh_from_db()
    assert editing.chat.version_count == editing.chat.versions.count() == 1
    assert Version.objects.count() == 1
    assert editing.newest.number == 1
    editing.say("Add a contact form to the page")
    run(editing.key)
    editing.chat.refresh_from_db()
    assert (editing.chat.version_count, editing.newest.number) == (2, 2)
    assert [state.place for state in former(editing)] == ["1.1", "1.2"]


def test_a_sync_after_edits_asks_no_more_than_before(editing: Editing) -> None:
    run(editing.key)
    editing.simulator.requests.clear()
    run(editing.key)
    usual = len(editing.simulator.requests)
    save(editing, "one")
    save(editing, "two")
    run(editing.key)
    editing.simulator.requests.clear()
    run(editing.key)
    assert len(editing.simulator.requests) == usual


def test_a_version_that_is_renumbered_takes_its_former_states_along(
    cast: Cast, simulator: Simulator, key: Key
) -> None:
    from dashboard.sync.states import renumber

    version = make.version(make.chat(cast.team), files={"a": "1"})
    state = former_of(version, {"a": "0"})
    Version.objects.filter(pk=version.pk).update(number=7)
    version.refresh_from_db()
    renumber([version])
    state.refresh_from_db()
    assert state.place == "7.1"


def test_an_edit_made_here_in_v2_is_a_version_and_the_one_before_keeps_its_files(
    editing_v2: Editing,
) -> None:
    first, before = editing_v2.newest, editing_v2.stored()
    save(editing_v2, "export default 1")
    assert editing_v2.newest.number == 2
    assert editing_v2.stored(first) == before
    assert editing_v2.stored() == editing_v2.upstream()
    assert former(editing_v2) == []


def test_what_v2_had_when_an_edit_or_a_restore_began_is_kept_though_no_sync_saw_it(
    editing_v2: Editing,
) -> None:
    first = editing_v2.newest
    editing_v2.say("Add a contact form to the page")
    unseen = editing_v2.upstream()
    editing_v2.post("restore", first)
    second = editing_v2.chat.versions.get(number=2)
    assert editing_v2.stored(second) == unseen
    editing_v2.simulator.clock.advance(60)  # the preview starts
    edit_in_v0(editing_v2, "in place")
    editing_v2.post("edit", path="extra.md", text="More", began="")
    assert editing_v2.upstream()["extra.md"] == "More"
    (state,) = former(editing_v2)
    assert state.former_of is not None
    assert editing_v2.stored(state.former_of)[PATH] == "in place"


def send(editing: Editing, prompt: str) -> None:
    address = f"/t/{editing.key.team.slug}/chats/{editing.chat.upstream_id}/send/"
    editing.client.post(address, {"prompt": prompt, "nonce": uuid.uuid4()})


def test_what_v2_had_when_a_prompt_was_sent_is_kept_though_no_sync_saw_it(
    editing_v2: Editing,
) -> None:
    edit_in_v0(editing_v2, "in place")
    send(editing_v2, "Add a contact form to the page")
    assert len(former(editing_v2)) == 1
    editing_v2.simulator.clock.advance(600)
    run(editing_v2.key)
    assert editing_v2.newest.number == 2
    first = editing_v2.chat.versions.get(number=1)
    assert editing_v2.stored(first)[PATH] == "in place"


def test_a_prompt_is_sent_also_when_the_files_cannot_be_read_before(editing_v2: Editing) -> None:
    path = f"/v2/chats/{editing_v2.chat.upstream_id}/files"
    editing_v2.simulator.faults.add(path, status=500, times=9)
    edit_in_v0(editing_v2, "in place")
    send(editing_v2, "Add a contact form to the page")
    assert Submission.objects.get().state == "sent"
    assert former(editing_v2) == []


def test_a_prompt_after_which_nothing_is_kept_costs_one_question(editing_v2: Editing) -> None:
    editing_v2.simulator.requests.clear()
    send(editing_v2, "Add a contact form to the page")
    asked = [(one.method, one.path.rpartition("/")[2]) for one in editing_v2.simulator.requests]
    assert asked[0] == ("GET", "files")
    assert asked[1][0] == "POST"
    assert asked.count(("GET", "files")) == 1


def test_a_sync_that_finds_no_files_of_v2_for_a_moment_keeps_those_it_has(
    editing_v2: Editing,
) -> None:
    before = editing_v2.stored()
    with v0(editing_v2.simulator) as api:
        api.v2.chats.update(editing_v2.chat.upstream_id, title="Renamed")
    path = f"/v2/chats/{editing_v2.chat.upstream_id}/files"
    editing_v2.simulator.faults.add(path, status=409, times=9)
    run(editing_v2.key)
    editing_v2.chat.refresh_from_db()
    assert editing_v2.chat.name == "Renamed"
    assert editing_v2.stored() == before
    assert former(editing_v2) == []
