"""New chats from stored states: in both generations, of deleted chats, once per nonce."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from dashboard.actions.forks import fork_stored
from dashboard.actions.versions import fork_version
from dashboard.models import Activity, Chat, Content, Key, Membership, Submission, Version
from dashboard.sync import follow
from dashboard.upstream import connect
from dashboard.upstream.errors import Refused
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import held, offered
from tests.dashboard.prompting import posts
from v0client.simulator import Simulator

FILES = {"app/page.tsx": "export default 1\n", "README.md": "Über uns\n"}


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.member, "v0-demo-member")


@pytest.fixture
def version(cast: Cast) -> Version:
    """A stored state of a chat that v0 has deleted."""
    chat = make.chat(cast.team, name="Shop", gone_at=make.AT)
    return make.version(chat, files=FILES)


def with_image(version: Version) -> Version:
    image = Content.objects.create(sha256="f" * 64, text="AAH/", is_binary=True, size=3)
    version.files.create(path="public/logo.png", content=image)
    return version


def files_in_v0(key: Key, chat: Chat) -> dict[str, str]:
    with connect(key) as remote:
        v0 = remote.of(chat.generation)
        record = v0.chat(chat.upstream_id)
        assert record.latest is not None
        files = record.latest_files or v0.files(record.id, record.latest.id)
    return {file.path: file.text for file in files}


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_a_state_of_a_deleted_chat_begins_a_new_one(
    cast: Cast, key: Key, version: Version, generation: str
) -> None:
    with_image(version)
    fork = fork_stored(
        member=cast.member, version=version, nonce=uuid.uuid4(), generation=generation
    )
    assert (fork.generation, fork.name, fork.privacy) == (generation, "Shop", "private")
    assert (fork.forked_from, fork.forked_from_version) == (version.chat, version)
    assert files_in_v0(key, fork) == FILES | {"public/logo.png": "AAH/"}
    assert fork.metadata["forkedFromVersion"] == version.upstream_id
    row = Activity.objects.get(verb="chat.fork")
    assert row.after["forked_from"] == "Shop, version 1"


def test_few_text_files_go_to_v1_one_by_one(cast: Cast, key: Key, version: Version) -> None:
    fork = fork_stored(member=cast.member, version=version, nonce=uuid.uuid4(), generation="v1")
    assert files_in_v0(key, fork) == FILES
    assert fork.messages.get().content == "Started from 2 files"


@pytest.mark.parametrize(("more", "packed"), [(0, False), (1, True)])
def test_more_than_twenty_files_go_to_v1_as_an_archive(
    cast: Cast, key: Key, more: int, packed: bool
) -> None:
    files = {f"app/{n:02}/page.tsx": f"export default {n}\n" for n in range(20 + more)}
    version = make.version(make.chat(cast.team, gone_at=make.AT), files=files)
    fork = fork_stored(member=cast.member, version=version, nonce=uuid.uuid4(), generation="v1")
    assert files_in_v0(key, fork) == files
    told = fork.messages.get().content
    assert told == ("Started from an archive" if packed else "Started from 20 files")


def test_the_same_nonce_begins_one_chat(
    cast: Cast, key: Key, version: Version, simulator: Simulator
) -> None:
    nonce = uuid.uuid4()
    fields = {"member": cast.member, "version": version, "nonce": nonce, "generation": "v2"}
    first, second = fork_stored(**fields), fork_stored(**fields)
    assert first == second
    assert posts(simulator, "/v2/chats/from-zip") == 1


def test_a_lost_answer_is_looked_up_and_the_descent_kept(
    cast: Cast, key: Key, version: Version, simulator: Simulator
) -> None:
    simulator.faults.add("/v2/chats/from-zip", reset="after")
    fork = fork_stored(member=cast.member, version=version, nonce=uuid.uuid4(), generation="v2")
    fork.refresh_from_db()
    assert fork.forked_from_version == version
    assert posts(simulator, "/v2/chats/from-zip") == 1
    assert Activity.objects.filter(verb="chat.fork").count() == 1


def test_a_request_that_did_not_arrive_ends_in_words(
    cast: Cast, key: Key, version: Version, simulator: Simulator
) -> None:
    simulator.faults.add("/v2/chats/from-zip", reset="before")
    with pytest.raises(Refused, match="looked for in the next minutes"):
        fork_stored(member=cast.member, version=version, nonce=uuid.uuid4(), generation="v2")
    waiting = Submission.objects.get()
    Submission.objects.update(created_at=make.AT, follow_at=make.AT)
    follow.follow_due()
    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert "You can fork again" in waiting.error
    assert not version.forks.exists()


def test_what_is_hidden_or_not_stored_begins_nothing(cast: Cast, key: Key) -> None:
    hidden = make.version(make.chat(cast.team, privacy="private"), files=FILES)
    fields = {"member": cast.member, "nonce": uuid.uuid4(), "generation": "v2"}
    with pytest.raises(PermissionDenied):
        fork_stored(version=hidden, **fields)
    passing = make.version(make.chat(cast.team, generation="v2"), files_at=None)
    with pytest.raises(Refused, match="not stored here"):
        fork_stored(version=passing, **fields)
    assert not Submission.objects.exists()


ClientOf = Callable[[Membership], Client]


def fork_url(version: Version) -> str:
    chat = version.chat
    return f"/t/{chat.team.slug}/chats/{chat.upstream_id}/versions/{version.upstream_id}/fork/"


def test_the_page_offers_what_there_is_and_says_why(
    cast: Cast, key: Key, version: Version, client_of: ClientOf
) -> None:
    client = client_of(cast.member)
    gone = client.get(fork_url(version)).text
    assert "v0 has deleted this chat" in gone
    assert 'value="copy"' not in gone
    chat = make.chat(cast.team, generation="v2")
    earlier, newest = make.version(chat, files=FILES), make.version(chat, files=FILES)
    assert 'value="copy"' in client.get(fork_url(newest)).text
    older = client.get(fork_url(earlier)).text
    assert 'value="copy"' not in older
    assert "v2 duplicates a chat as it is now" in older


def test_what_v0_did_not_finish_is_forked_from_its_files_alone(
    cast: Cast, key: Key, client_of: ClientOf
) -> None:
    chat = make.chat(cast.team)
    failed = make.version(chat, files=FILES, status="failed")
    client = client_of(cast.member)
    page = client.get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/").text
    assert "Fork version 1…" in offered(page)
    assert held(page)["Deploy version 1…"].startswith("Version 1 failed")
    asked = client.get(fork_url(failed)).text
    assert 'value="copy"' not in asked
    assert "v0 did not finish this version" in asked
    with pytest.raises(Refused, match="did not finish"):
        fork_version(member=cast.member, version=failed, nonce=uuid.uuid4())
    client.post(fork_url(failed), {"nonce": uuid.uuid4(), "privacy": "team", "way": "v2"})
    assert files_in_v0(key, Chat.objects.get(forked_from=chat)) == FILES
    failed.files.all().delete()
    page = client.get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/").text
    assert held(page)["Fork version 1…"].startswith("Version 1 failed")


def test_the_page_forks_the_stored_files(
    cast: Cast, key: Key, version: Version, client_of: ClientOf
) -> None:
    data = {"nonce": uuid.uuid4(), "privacy": "team", "way": "v2"}
    response = client_of(cast.member).post(fork_url(version), data)
    fork = Chat.objects.get(forked_from=version.chat)
    assert (response.status_code, fork.generation, fork.privacy) == (302, "v2", "team")
    bad = client_of(cast.member).post(fork_url(version), data | {"way": "v3"})
    assert bad.status_code == 422
