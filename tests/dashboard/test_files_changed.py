"""Changing files from the dashboard: written to v0, mirrored, and never over a newer text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from dashboard.models import Activity, Chat, Key, Membership, Version
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import held
from tests.dashboard.syncing import run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
PATH = "app/page.tsx"


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


class Editing:
    """A chat of one generation in v0, and its owner in front of its files."""

    def __init__(self, generation: str, simulator: Simulator, key: Key, client: Client) -> None:
        self.generation, self.simulator, self.key, self.client = generation, simulator, key, client
        with v0(simulator) as api:
            if generation == "v1":
                made = api.v1.chats.create(message="A shop", response_mode="async").id
            else:
                made = api.v2.chats.create_async(message="A shop").chat_id
        simulator.clock.advance(600)
        run(key)
        self.chat = Chat.objects.get(upstream_id=made)

    @property
    def newest(self) -> Version:
        return self.chat.versions.order_by("-number")[0]

    def say(self, message: str) -> None:
        """A further prompt, beside the dashboard."""
        with v0(self.simulator) as api:
            if self.generation == "v1":
                send = api.v1.chats.send_message
                send(self.chat.upstream_id, message=message, response_mode="async")
            else:
                api.v2.messages.send_async(self.chat.upstream_id, message=message)
        self.simulator.clock.advance(600)

    def stored(self, version: Version | None = None) -> dict[str, str]:
        rows = (version or self.newest).files.select_related("content")
        return {row.path: row.content.text for row in rows}

    def upstream(self) -> dict[str, str]:
        """The files as v0 has them now."""
        with v0(self.simulator) as api:
            if self.generation == "v2":
                files = api.v2.chats.get_files(self.chat.upstream_id).files
                return {file.path: file.content for file in files}
            detail = api.v1.chats.get_by_id(self.chat.upstream_id)
            return {file.name: file.content for file in detail.latest_version.files}

    def url(self, what: str, version: Version | None = None) -> str:
        chosen = version or self.newest
        base = f"/t/{self.key.team.slug}/chats/{self.chat.upstream_id}"
        return f"{base}/versions/{chosen.upstream_id}/{what}/"

    def post(self, what: str, version: Version | None = None, **fields: str) -> HttpResponse:
        return self.client.post(self.url(what, version), fields)  # type: ignore[return-value]

    def began(self, path: str = PATH) -> str:
        return str(self.newest.files.get(path=path).content_id)


@pytest.fixture(params=["v1", "v2"])
def editing(
    request: pytest.FixtureRequest,
    simulator: Simulator,
    cast: Cast,
    key: Key,
    client_of: Callable[[Membership], Client],
) -> Editing:
    return Editing(request.param, simulator, key, client_of(cast.owner))


def test_a_saved_file_is_in_v0_and_here(editing: Editing) -> None:
    page = editing.client.get(editing.url("edit"), {"file": PATH})
    assert editing.stored()[PATH] in page.context["form"].initial["text"]
    response = editing.post("edit", path=PATH, text="export default 1\r\n", began=editing.began())
    assert response.status_code == 302, response.content.decode()
    assert editing.upstream()[PATH] == "export default 1\n"
    assert editing.stored() == editing.upstream()
    row = Activity.objects.get(verb="file.edit")
    assert (row.chat, row.after) == (editing.chat, {"lines": 1})


def test_a_new_file_is_added_and_one_taken_away(editing: Editing) -> None:
    editing.post("edit", path="notes/plan.md", text="# Plan", began="")
    assert editing.upstream()["notes/plan.md"] == "# Plan"
    response = editing.post("delete", file="notes/plan.md", began=editing.began("notes/plan.md"))
    assert response.status_code == 302, response.content.decode()
    assert "notes/plan.md" not in editing.upstream()
    assert editing.stored() == editing.upstream()
    assert {"file.add", "file.delete"} <= set(Activity.objects.values_list("verb", flat=True))


def test_a_new_file_at_a_path_that_is_taken_says_so_and_finds_another(editing: Editing) -> None:
    theirs = editing.upstream()
    response = editing.post("edit", path=f" {PATH}", text="mine", began="")
    assert response.status_code == 422
    (error,) = response.context["form"].errors["path"]
    assert error.startswith(f"There is a file {PATH} already.")
    assert "newer text" not in response.content.decode()
    assert editing.upstream() == theirs
    typed = {name: response.context["form"][name].value() for name in ("text", "began")}
    assert editing.post("edit", path="lib/new.ts", **typed).status_code == 302
    assert editing.upstream() == theirs | {"lib/new.ts": "mine"}


def test_an_edit_that_began_before_a_newer_text_shows_both_and_overwrites_nothing(
    editing: Editing,
) -> None:
    version, began = editing.newest, editing.began()
    editing.say("Add a contact form to the page")
    theirs = editing.upstream()[PATH]
    response = editing.post("edit", version, path=PATH, text="mine", began=began)
    assert response.status_code == 422
    assert editing.upstream()[PATH] == theirs
    assert response.context["conflict"].theirs == theirs
    form = response.context["form"]
    assert form["text"].value() == "mine"
    cells = [row.cells for block in response.context["both"].blocks for row in block.rows]
    assert len([old for old, _ in cells if old.number]) == theirs.count("\n")
    assert [strip_tags(new.html) for _, new in cells if new.number] == ["mine"]
    again = editing.post("edit", version, path=PATH, text="mine", began=form["began"].value())
    assert again.status_code == 302
    assert editing.upstream()[PATH] == "mine"


def test_a_deletion_that_did_not_see_the_newer_text_is_refused(editing: Editing) -> None:
    version, began = editing.newest, editing.began()
    editing.say("Add a contact form to the page")
    response = editing.post("delete", version, file=PATH, began=began)
    assert response.status_code == 422
    assert "newer text" in response.content.decode()
    assert PATH in editing.upstream()


def test_saving_twice_writes_once(editing: Editing) -> None:
    version, began = editing.newest, editing.began()
    for _ in range(2):
        sent = editing.post("edit", version, path=PATH, text="export default 2", began=began)
        assert sent.status_code == 302
    written = [asked for asked in editing.simulator.requests if asked.method == "PATCH"]
    assert len(written) == 1


def test_nothing_is_saved_while_v0_writes(editing: Editing) -> None:
    began = editing.began()
    with v0(editing.simulator) as api:
        if editing.generation == "v1":
            api.v1.chats.send_message(
                editing.chat.upstream_id, message="More", response_mode="async"
            )
        else:
            api.v2.messages.send_async(editing.chat.upstream_id, message="More")
    response = editing.post("edit", path=PATH, text="mine", began=began)
    assert response.status_code == 422
    page = response.content.decode()
    assert page.count("v0 is writing in this chat") == 1
    assert '<button class="btn main" type="submit">Save</button>' in page  # it can be tried again
    assert "mine" in response.content.decode()


def test_a_refusal_of_v0_leaves_what_was_typed(editing: Editing) -> None:
    editing.simulator.faults.add(f"/{editing.generation}/chats/", method="PATCH", status=500)
    response = editing.post("edit", path=PATH, text="typed", began=editing.began())
    assert response.status_code == 422
    assert response.context["form"]["text"].value() == "typed"
    assert editing.upstream()[PATH] == editing.stored()[PATH]


def test_a_path_that_leads_outside_is_refused_before_v0_is_asked(
    simulator: Simulator, cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    version = make.version(make.chat(cast.team), files={PATH: "x"})
    url = f"/t/{cast.team.slug}/chats/{version.chat.upstream_id}/versions/{version.upstream_id}"
    for path in ("../secret", "/etc/passwd", "a//b", "C:\\x", "a\nb", " "):
        fields = {"path": path, "text": "x", "began": ""}
        response = client_of(cast.owner).post(f"{url}/edit/", fields)
        assert response.status_code == 422
        assert response.context["form"].errors["path"]
    assert not simulator.requests


def test_an_earlier_version_is_restored_as_the_newest(editing: Editing) -> None:
    first = editing.newest
    before = editing.stored()
    editing.say("Add a contact form to the page")
    run(editing.key)
    assert editing.stored() != before
    response = editing.post("restore", first)
    assert response.status_code == 302, response.content.decode()
    assert editing.upstream() == before
    assert editing.stored() == before
    assert editing.newest.number == 3
    assert editing.stored(first) == before
    assert Activity.objects.get(verb="version.restore").after == {"version": 1}


def test_a_restore_that_is_sent_twice_makes_one_version(editing: Editing) -> None:
    first = editing.newest
    editing.say("Add a contact form to the page")
    run(editing.key)
    assert editing.post("restore", first).status_code == 302
    again = editing.post("restore", first)
    assert again.status_code == 422
    assert "has the files of this version already" in again.content.decode()
    assert editing.newest.number == 3
    assert sum("restore" in asked.path for asked in editing.simulator.requests) == 1


def test_the_newest_version_is_not_restored(editing: Editing) -> None:
    response = editing.post("restore")
    assert response.status_code == 422
    assert "has the files of this version already" in response.content.decode()


def test_locks_are_set_where_the_generation_has_them(editing: Editing) -> None:
    response = editing.client.post(
        editing.url("lock"), {"file": PATH, "locked": "true"}, follow=True
    )
    page = response.content.decode()
    if editing.generation == "v2":
        assert "v2 has no locks on files" in page
        return
    assert f"Locked {PATH}" in page
    assert editing.newest.files.get(path=PATH).locked
    editing.post("lock", file=PATH, locked="false")
    assert not editing.newest.files.get(path=PATH).locked


def test_viewers_read_why_they_cannot_change_files(
    editing: Editing, cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    Chat.objects.update(privacy="team")
    page = client_of(cast.viewer).get(editing.url("files")).content.decode()
    reason = "Your role is viewer. Members and above can change files."
    assert held(page)["New file"] == held(page)["Edit"] == reason
    assert editing.url("edit") not in page


def test_a_v2_state_that_v0_forgot_is_written_back_from_the_stored_copy(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> None:
    editing = Editing("v2", simulator, key, client_of(cast.owner))
    first, before = editing.newest, editing.stored()
    editing.post("edit", path="extra.md", text="More", began="")
    simulator.faults.add(f"/v2/chats/{editing.chat.upstream_id}/restore-message", status=409)
    simulator.clock.advance(60)
    response = editing.post("restore", first)
    assert response.status_code == 302, response.content.decode()
    assert editing.upstream() == before


def test_a_v2_preview_that_is_starting_is_told_and_nothing_is_lost(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> None:
    editing = Editing("v2", simulator, key, client_of(cast.owner))
    editing.say("Add a contact form to the page")
    run(key)
    first = editing.chat.versions.get(number=1)
    editing.post("restore", first)  # the preview starts anew
    response = editing.post("edit", path=PATH, text="typed", began=editing.began())
    assert response.status_code == 422
    assert "only while the chat&#x27;s preview runs" in response.content.decode()
    assert response.context["form"]["text"].value() == "typed"


def test_after_a_conflict_the_page_can_save(editing: Editing) -> None:
    version, began = editing.newest, editing.began()
    editing.post("edit", path=PATH, text="theirs", began=began)
    page = editing.post("edit", version, path=PATH, text="mine", began=began).content.decode()
    assert "Replace v0's text with mine" in page
    assert "cannot be saved" not in page
    assert 'type="submit" disabled' not in page
