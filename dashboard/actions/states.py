"""The present state of a chat's files, kept before something replaces it that v0 does not keep.

That is before v0 goes on writing: for a prompt, an error to mend, or an answer to what it asks.
Whoever changes or restores files has read them already; see files.py. Copies replace nothing.
"""

from __future__ import annotations

from dataclasses import replace

from dashboard.models import Chat, Key
from dashboard.sync.store import store_chat
from dashboard.sync.versions import content_of
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused

PATIENCE = 4  # seconds for each answer; somebody waits who wants to send a prompt


def keep_present(key: Key, remote: Remote, chat: Chat) -> None:
    """Stores what v0 has now, where nothing but the files tells that they were edited there.

    One question where nothing was. What cannot be read is not kept: nothing is raised.
    """
    if remote.keeps_versions:
        return
    newest = chat.versions.order_by("-number").first()
    hasty = remote.within(PATIENCE)
    try:
        files = hasty.files(chat.upstream_id, newest.upstream_id if newest else "")
        stored = dict(newest.files.values_list("path", "content_id")) if newest else {}
        if {file.path: content_of(file).sha256 for file in files} == stored:
            return
        record = hasty.chat(chat.upstream_id)
    except Refused:
        return
    if not record.is_running:
        store_chat(key, replace(record, latest_files=files))
