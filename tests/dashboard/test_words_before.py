"""What a dialog says before something is done in v0: what happens there, and what it costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Key, Membership
from tests import make
from tests.dashboard.conftest import Cast

ClientOf = Callable[[Membership], Client]
FREE = "No prompt is sent, so it costs no credits"


def asked(client: Client, cast: Cast, generation: str, what: str) -> str:
    """The dialog about the older of two versions; for a deployment, the newer one."""
    chat = make.chat(cast.team, generation=generation)
    old, new = (make.version(chat, files={"a.ts": text}) for text in "ab")
    version = new if what == "deploy" else old
    path = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/"
    path += "carry/" if what == "carry" else f"versions/{version.upstream_id}/{what}/"
    return client.get(path).text


@pytest.mark.parametrize(
    ("generation", "what", "words"),
    [
        ("v1", "restore", "v0 adds a new version with these files"),
        ("v2", "restore", "v0 sets the chat back to this code"),
        ("v1", "fork", "As v0 forks it, with its conversation"),
        ("v2", "fork", "From its files alone, as a new chat of API v2"),
        ("v1", "deploy", "publishes this version to the web at an address of its own"),
        ("v2", "deploy", "publishes the chat as it is now"),
        ("v1", "carry", "The conversation and the v1 chat stay as they are."),
    ],
)
def test_each_generation_says_what_v0_does_and_that_it_is_free(
    cast: Cast, client_of: ClientOf, generation: str, what: str, words: str
) -> None:
    make.key(cast.member)
    page = asked(client_of(cast.member), cast, generation, what)
    assert words in page
    assert FREE in page


@pytest.mark.parametrize("what", ["restore", "deploy"])
def test_the_key_that_is_used_is_named(cast: Cast, client_of: ClientOf, what: str) -> None:
    own = make.key(cast.member, "v0-demo-member", label="Mine")
    assert "v0 is asked with your key Mine (…mber)." in asked(
        client_of(cast.member), cast, "v1", what
    )
    Key.objects.filter(pk=own.pk).update(owner=cast.admin.user, shared=True)
    page = asked(client_of(cast.member), cast, "v1", what)
    assert "your key" not in page  # it has not seen this chat, so nobody else's is used


@pytest.mark.parametrize("is_stored", [True, False])
def test_only_files_that_are_stored_are_said_to_be_written_back(
    cast: Cast, client_of: ClientOf, *, is_stored: bool
) -> None:
    make.key(cast.member)
    chat = make.chat(cast.team, generation="v2")
    old = make.version(chat, **({"files": {"a.ts": "a"}} if is_stored else {"files_at": None}))
    make.version(chat, files={"a.ts": "b"})
    path = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/versions/{old.upstream_id}/restore/"
    text = client_of(cast.member).get(path).text
    assert ("the files that are stored here are written back" in text) is is_stored
    assert ("Its files are not stored here" in text) is not is_stored
    assert FREE in text
