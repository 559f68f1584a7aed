"""Former states of versions on the pages: in the rail, their files, compared, forked, exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils.html import strip_tags

from dashboard.models import Activity, Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.states import edit_in_v0, former, former_of, page_of, save
from tests.dashboard.syncing import run, v0
from tests.dashboard.test_files_changed import PATH, Editing
from tests.dashboard.test_states_kept import editing, key

__all__ = ["editing", "key"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(editing: Editing) -> Editing:
    """Edited twice: by its owner, then by somebody in v0."""
    save(editing, "export default 1\n")
    edit_in_v0(editing, "export default 2\n")
    run(editing.key)
    return editing


def test_the_rail_shows_former_states_below_their_version(edited: Editing) -> None:
    address = f"/t/{edited.key.team.slug}/chats/{edited.chat.upstream_id}/"
    page = edited.client.get(address)
    rows = [(one.place, one.size) for one, _ in page.context["versions"]]
    assert rows == [("1", len(edited.stored())), ("1.2", 1), ("1.1", 1)]
    shown = page.content.decode()
    assert "Before Owner&#x27;s edit" in shown
    assert "Before an edit" in shown
    assert f"{address}?tab=files&amp;version=1.1" in shown


def test_a_former_state_is_browsed_and_says_what_it_is(edited: Editing) -> None:
    first, second = former(edited)
    page = page_of(edited, tab="files", version="1.1", file=PATH)
    assert "Version 1 before Owner&#x27;s edit" in page
    assert "Only the newest version can be changed" in page
    alone = edited.client.get(edited.url("files", second), {"file": PATH})
    assert alone.context["pane"].shown.source == "export default 1\n"
    assert edited.client.get(edited.url("raw", second), {"file": PATH}).content == (
        b"export default 1\n"
    )
    preview = page_of(edited, tab="preview", version="1.1")
    assert "v0 runs this version only as it was edited since" in preview
    assert first.place == "1.1"


def test_a_former_state_is_compared_with_what_came_after_it(edited: Editing) -> None:
    first, second = former(edited)
    compare = f"/t/{edited.key.team.slug}/chats/{edited.chat.upstream_id}/compare/"
    for old, new in ((first, second), (second, edited.newest)):
        shown = edited.client.get(compare, {"from": old.upstream_id}).context["comparison"]
        assert (shown.old, shown.new) == (old, new)
        assert [file.path for file in shown.files] == [PATH]
    shown = edited.client.get(compare).context["comparison"]
    assert (shown.old, shown.new) == (second, edited.newest)
    labels = [option.label for option in edited.client.get(compare).context["groups"][0].options]
    assert labels[0] == "Version 1"
    assert labels[1].startswith("Version 1 before an edit, ")
    assert labels[2].startswith("Version 1 before Owner's edit, ")


def test_the_stored_copy_of_a_former_state_is_downloaded_and_v0s_is_refused_in_words(
    edited: Editing,
) -> None:
    first, second = former(edited)
    response = edited.client.get(edited.url("archive", second), {"form": "zip"})
    assert "-v1-state-2.zip" in response["Content-Disposition"]
    with ZipFile(BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert archive.read(PATH) == b"export default 1\n"
    asked = {"form": "zip", "of": "v0"}
    refused = edited.client.get(edited.url("archive", first), asked, follow=True)
    assert "Download the stored copy instead" in refused.content.decode()


@pytest.mark.parametrize("way", ["v1", "v2"])
def test_a_former_state_is_forked_into_a_new_chat(edited: Editing, way: str) -> None:
    first, _ = former(edited)
    page = edited.client.get(edited.url("fork", first)).content.decode()
    assert "v0 copies this version only as it was edited since." in page
    assert "As v0 forks it" not in page
    assert "As v0 duplicates" not in page
    edited.post("fork", first, way=way, privacy="team")
    fork = Chat.objects.get(forked_from=edited.chat)
    assert (fork.generation, fork.forked_from_version) == (way, first)
    assert edited.stored(fork.versions.get()) == edited.stored(first)
    assert fork.metadata["forkedFromVersion"] == edited.newest.upstream_id
    assert fork.metadata["forkedFromState"] == "1"
    told = Activity.objects.get(verb="chat.fork").after["forked_from"]
    assert told.endswith("version 1 before Owner's edit")
    shown = edited.client.get(f"/t/{edited.key.team.slug}/chats/{fork.upstream_id}/")
    assert "version=1.1&amp;tab=files" in shown.content.decode()
    tree = edited.client.get(f"/t/{edited.key.team.slug}/chats/lineage/").content.decode()
    assert "version 1 before Owner&#x27;s edit" in tree


def test_a_former_state_can_be_forked_when_the_chat_is_gone(edited: Editing) -> None:
    first, _ = former(edited)
    with v0(edited.simulator) as api:
        api.v1.chats.delete(edited.chat.upstream_id)
    run(edited.key)
    edited.post("fork", first, privacy="team", way="v1")
    fork = Chat.objects.get(forked_from=edited.chat)
    assert edited.stored(fork.versions.get()) == edited.stored(first)


def test_a_former_state_is_not_deployed(edited: Editing) -> None:
    response = edited.post("deploy", former(edited)[0])
    assert response.status_code == 422
    assert "Restore this state first" in response.content.decode()
    assert not edited.newest.deployments.exists()


def test_an_export_has_what_every_version_was(edited: Editing) -> None:
    export = f"/t/{edited.key.team.slug}/chats/{edited.chat.upstream_id}/export/"
    (version,) = edited.client.get(export, {"form": "json"}).json()["versions"]
    names = [{file["path"]: file["sha256"] for file in one["files"]} for one in version["before"]]
    assert names == [
        dict(state.files.values_list("path", "content_id")) for state in former(edited)
    ]
    assert [one["editedBy"] for one in version["before"]] == ["Owner", None]
    text = edited.client.get(export, {"form": "markdown"}).content.decode()
    assert "- Version 1 before Owner's edit, completed" in text


def test_others_do_not_see_former_states(
    edited: Editing, cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    first, _ = former(edited)
    Chat.objects.update(privacy="private")
    for person in (cast.viewer, cast.outsider):
        assert client_of(person).get(edited.url("files", first)).status_code == 404


def test_what_a_step_changed_is_shown_as_it_was_before_people_edited_it(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    chat = make.chat(cast.team)
    make.message(chat)
    answer = make.message(chat, "Done", role="assistant", created_at=make.AT + timedelta(minutes=1))
    version = make.version(chat, files={PATH: "edited"}, created_at=answer.created_at)
    former_of(version, {PATH: "wrote"})
    url = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/edit/"
    query = {"message": answer.upstream_id, "file": PATH}
    shown = client_of(cast.viewer).get(url, query, headers={"HX-Request": "true"}).text
    assert "wrote" in strip_tags(shown)
    assert "edited" not in strip_tags(shown)
