"""Which keys may write in a chat: as v0 told them, and what is supposed where it told nothing."""

from __future__ import annotations

import uuid

import pytest

from dashboard.actions import acting, inbox
from dashboard.actions.prompts import send_message
from dashboard.models import Activity, Chat, ChatSight, Key
from dashboard.sync import store
from dashboard.upstream import connect
from dashboard.upstream.asks import Answer
from tests import make
from tests.dashboard.asking import stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def admins_chat(cast: Cast, simulator: Simulator) -> Chat:
    """Mirrored with the admin's key; the member's key has seen it in its list alone."""
    key = make.key(cast.admin, "v0-demo-admin")
    with connect(key) as remote:
        made = remote.of("v2").create_chat(prompt="A page about tea", nonce="1")
        simulator.clock.advance(600)
        chat = store.store_chat(key, remote.of("v2").chat(made.id))
    key.upstream_user_id = chat.author.upstream_id if chat.author else ""
    key.save(update_fields=["upstream_user_id"])
    ChatSight.objects.create(chat=chat, key=make.key(cast.member, "v0-demo-member"))
    return chat


def share(chat: Chat, privacy: str, simulator: Simulator) -> None:
    """In v0, and as a sync with its author's key stores it."""
    with v0(simulator, "v0-demo-admin") as client:
        client.v2.chats.update(chat.upstream_id, privacy=privacy)
    key = Key.objects.get(label="Admin's key")
    with connect(key) as remote:
        store.store_chat(key, remote.of("v2").chat(chat.upstream_id))
    chat.refresh_from_db()


@pytest.mark.parametrize(("privacy", "writes"), [("team", False), ("team-edit", True)])
def test_of_others_what_the_sharing_says_is_supposed(
    privacy: str, writes: bool, cast: Cast, admins_chat: Chat, simulator: Simulator
) -> None:
    share(admins_chat, privacy, simulator)
    assert acting.standing(cast.member, admins_chat).may_write is writes
    assert acting.standing(cast.admin, admins_chat).may_write


def test_what_v0_refused_because_the_key_only_reads_is_not_offered_again(
    cast: Cast, admins_chat: Chat, simulator: Simulator
) -> None:
    share(admins_chat, "team-edit", simulator)
    with v0(simulator, "v0-demo-admin") as client:  # after the last sync
        client.v2.chats.update(admins_chat.upstream_id, privacy="team")
    assert acting.standing(cast.member, admins_chat).may_write
    sent = send_message(
        member=cast.member, chat=admins_chat, nonce=uuid.uuid4(), prompt="Make it green"
    )
    assert (sent.state, sent.request["refusal"]) == ("failed", "forbidden")
    assert not acting.standing(cast.member, admins_chat).may_write
    assert acting.standing(cast.admin, admins_chat).may_write


def test_a_key_that_v0_lets_write_is_taken_rather_than_one_that_only_reads(
    cast: Cast, simulator: Simulator
) -> None:
    cast.member.team = cast.admin.team = cast.team
    theirs = make.key(cast.admin, "v0-demo-admin", shared=True)
    ask = stopped(cast.admin, simulator, "plan")
    own = make.key(cast.member, "v0-demo-member")
    with connect(own) as remote:  # v0 tells this key that it only reads
        store.store_chat(own, remote.of("v2").chat(ask.chat.upstream_id))
    chat = Chat.objects.get()
    assert not chat.can_write
    assert acting.key_for(cast.member, chat) == own
    assert acting.standing(cast.member, chat) == acting.Standing(has_key=True, may_write=True)
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("approve"))
    assert Activity.objects.get(verb="ask.answer").key == theirs


def test_whoever_began_a_chat_may_write_in_it_whatever_v0_told_others(
    cast: Cast, simulator: Simulator
) -> None:
    cast.member.team = cast.admin.team = cast.team
    own = make.key(cast.admin, "v0-demo-admin")
    chat = stopped(cast.admin, simulator, "plan").chat
    own.upstream_user_id = chat.author.upstream_id
    own.save(update_fields=["upstream_user_id"])
    other = make.key(cast.member, "v0-demo-member")
    with connect(other) as remote:
        store.store_chat(other, remote.of("v2").chat(chat.upstream_id))
    ChatSight.objects.filter(key=own).update(can_write=None)  # its list alone was read
    chat.refresh_from_db()
    assert acting.standing(cast.admin, chat).may_write
    assert not acting.standing(cast.member, chat).may_write
