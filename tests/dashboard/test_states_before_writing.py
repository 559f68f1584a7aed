"""Whatever has v2 go on writing: the files that somebody edited in v0 until then are kept first."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.actions import files, inbox, prompts, restores, running
from dashboard.models import Ask, Key, Membership
from dashboard.upstream.asks import Answer
from tests import make
from tests.dashboard.asking import ANSWERS, PROMPTS, answered
from tests.dashboard.conftest import Cast
from tests.dashboard.states import edit_in_v0, former
from tests.dashboard.syncing import run
from tests.dashboard.test_files_changed import PATH, Editing
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.owner.team = cast.team
    return make.key(cast.owner)


@pytest.fixture
def editing(
    simulator: Simulator, cast: Cast, key: Key, client_of: Callable[[Membership], Client]
) -> Editing:
    return Editing("v2", simulator, key, client_of(cast.owner))


def prompt(member: Membership, editing: Editing) -> None:
    prompts.send_message(
        member=member, chat=editing.chat, nonce=uuid.uuid4(), prompt="Add a contact form"
    )


def fix(member: Membership, editing: Editing) -> None:
    running.fix_error(member=member, chat=editing.chat, nonce=uuid.uuid4(), error="It is blank")


def fix_deployment(member: Membership, editing: Editing) -> None:
    failed = make.deployment(editing.newest, state="failed")
    running.fix_deployment(
        member=member, deployment=failed, nonce=uuid.uuid4(), prompt="Mend the build"
    )


def edit(member: Membership, editing: Editing) -> None:
    editing.simulator.clock.advance(60)  # the preview starts
    files.write_file(
        member=member, version=editing.newest, path="notes.md", text="# Plan", began=""
    )


def restore(member: Membership, editing: Editing) -> None:
    restores.restore_version(member=member, version=editing.chat.versions.get(number=1))


WRITING = (prompt, fix, fix_deployment, edit, restore)


@pytest.mark.parametrize("write", WRITING, ids=lambda write: write.__name__)
def test_what_people_have_v2_do_keeps_first_what_was_edited_in_v0(
    write: Callable[[Membership, Editing], None], cast: Cast, editing: Editing
) -> None:
    editing.say("Add prices to the page")
    run(editing.key)
    second = editing.newest
    edit_in_v0(editing, "in place")
    write(cast.owner, editing)
    assert len(former(editing)) == 1
    editing.simulator.clock.advance(600)
    run(editing.key)
    assert (second.number, editing.newest.number) == (2, 3)
    assert editing.stored(second)[PATH] == "in place"


def asked(editing: Editing, kind: str) -> Ask:
    """What the agent asks for in the chat, as it is known here."""
    editing.say(PROMPTS[kind])
    run(editing.key)
    return Ask.objects.select_related("chat__author").get(state="open")


@pytest.mark.parametrize("kind", PROMPTS)
def test_an_answer_keeps_first_what_was_edited_in_v0(
    kind: str, cast: Cast, editing: Editing
) -> None:
    ask = asked(editing, kind)
    first = editing.newest
    edit_in_v0(editing, "in place")
    inbox.answer_ask(member=cast.owner, ask=ask, answer=ANSWERS[kind])
    assert len(former(editing)) == 1
    editing.simulator.clock.advance(600)
    run(editing.key)
    ask.refresh_from_db()
    assert (first.number, editing.newest.number, ask.state) == (1, 2, "answered")
    assert editing.stored(first)[PATH] == "in place"


def test_a_command_that_is_refused_with_a_message_keeps_first_what_was_edited_in_v0(
    cast: Cast, editing: Editing
) -> None:
    ask = asked(editing, "permissions")
    first = editing.newest
    edit_in_v0(editing, "in place")
    inbox.answer_ask(member=cast.owner, ask=ask, answer=Answer("refuse", "Use a file instead."))
    editing.simulator.clock.advance(600)
    run(editing.key)
    assert editing.newest.number == 2
    assert editing.stored(first)[PATH] == "in place"


def test_an_answer_is_given_also_when_the_files_cannot_be_read_before(
    cast: Cast, editing: Editing
) -> None:
    ask = asked(editing, "plan")
    edit_in_v0(editing, "in place")
    path = f"/v2/chats/{editing.chat.upstream_id}/files"
    editing.simulator.faults.add(path, status=500, times=9)
    done = inbox.answer_ask(member=cast.owner, ask=ask, answer=Answer("approve"))
    assert (done.state, answered(editing.simulator), former(editing)) == ("answered", 1, [])


def test_what_was_answered_in_v0_while_the_files_were_kept_is_said(
    cast: Cast, editing: Editing
) -> None:
    """The chat is stored between claiming the answer and sending it."""
    ask = asked(editing, "plan")
    edit_in_v0(editing, "in place")
    editing.say("Never mind, make it red")
    with pytest.raises(inbox.AlreadyAnswered, match="answered in v0 in the meantime"):
        inbox.answer_ask(member=cast.owner, ask=ask, answer=Answer("approve"))
    ask.refresh_from_db()
    assert (ask.state, ask.answered_by) == ("over", None)
