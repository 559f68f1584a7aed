"""What the tests of former states share: edits of both kinds, and what is there afterwards."""

from __future__ import annotations

from dashboard.models import Version
from tests import make
from tests.dashboard.syncing import v0
from tests.dashboard.test_files_changed import PATH, Editing
from v0client.simulator.records import File


def edit_in_v0(editing: Editing, text: str, path: str = PATH) -> None:
    """Somebody edits the newest version in place, beside the dashboard."""
    editing.simulator.clock.advance(60)
    if editing.generation == "v1":
        with v0(editing.simulator) as api:
            files = [{"name": path, "content": text}]
            api.v1.chats.update_version(
                editing.chat.upstream_id, editing.newest.upstream_id, files=files
            )
        return
    store = editing.simulator.store
    chat = store.chats[editing.chat.upstream_id]
    version = chat.versions[-1]
    version.overlay = {**(version.overlay or {}), path: File(path, text)}
    store.touch(chat, editing.simulator.clock.now())


def former(editing: Editing) -> list[Version]:
    """The former states of all versions of the chat, the oldest first."""
    rows = Version.states.filter(chat=editing.chat).exclude(former_of=None)
    return list(rows.select_related("replaced_by").order_by("pk"))


def save(editing: Editing, text: str, path: str = PATH) -> None:
    response = editing.post("edit", path=path, text=text, began=editing.began(path))
    assert response.status_code == 302, response.content.decode()


def former_of(version: Version, files: dict[str, str]) -> Version:
    """A former state of a version, as if it had had these files until a while ago."""
    row = make.version(
        make.chat(version.chat.team), files=files, former_of=version, edition=1, replaced_at=make.AT
    )
    Version.states.filter(pk=row.pk).update(chat=version.chat, number=version.number)
    return row


def page_of(editing: Editing, **query: str) -> str:
    address = f"/t/{editing.key.team.slug}/chats/{editing.chat.upstream_id}/"
    return editing.client.get(address, query).content.decode()
