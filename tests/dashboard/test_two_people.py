"""The rule of two people: who the second one can be, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.actions import Invalid, acting, inbox
from dashboard.models import Ask, Chat, ChatSight, Key, Membership
from dashboard.upstream.asks import Answer
from tests import make
from tests.dashboard.asking import answered, stopped
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import text_of
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership], Client]
STUCK = "but nobody else in the team can write in this chat"


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    """The only key of the team, the member's own."""
    for person in (cast.owner, cast.admin, cast.member, cast.viewer):
        person.team = cast.team
    cast.team.two_for_danger = True
    cast.team.save(update_fields=["two_for_danger"])
    return make.key(cast.member, "v0-demo-member")


@pytest.fixture
def ask(key: Key, cast: Cast, simulator: Simulator) -> Ask:
    return stopped(cast.member, simulator, "permissions")


def shown(client: Client, ask: Ask, place: str = "inbox") -> str:
    """The card's words, on its own page or in the chat."""
    slug = ask.chat.team.slug
    addresses = {"inbox": f"inbox/{ask.pk}/", "chat": f"chats/{ask.chat.upstream_id}/"}
    page = client.get(f"/t/{slug}/{addresses[place]}").text
    start = page.index('id="ask-card"')
    return page[start : page.index("</section>", start)]


def allow(ask: Ask, person: Membership) -> None:
    inbox.answer_ask(member=person, ask=ask, answer=Answer("allow"))


def people(ask: Ask) -> list[str]:
    return [one.role for one in acting.writers(Chat.objects.get(pk=ask.chat.pk))]


def test_the_only_one_who_could_is_told_what_to_do(
    cast: Cast, ask: Ask, client_of: SignIn, simulator: Simulator
) -> None:
    member = client_of(cast.member)
    for place in ("inbox", "chat"):  # before and after allowing it
        text = text_of(shown(member, ask, place))
        assert STUCK in text
        assert "You can refuse it, which takes one person." in text
        assert "somebody else adds a v0 key" in text
        assert "an admin switches the rule off" in text
        if ask.state == "open":
            allow(ask, cast.member)
    viewer = text_of(shown(client_of(cast.viewer), ask))
    assert STUCK in viewer
    assert "You can refuse it" not in viewer
    assert "Whoever can write in this chat can refuse it alone." in viewer
    with pytest.raises(Invalid, match=STUCK):
        allow(ask, cast.member)
    inbox.answer_ask(member=cast.member, ask=ask, answer=Answer("refuse"))
    assert (ask.state, answered(simulator)) == ("answered", 0)


def test_an_admin_is_shown_where_the_rule_is(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    key.owner = cast.admin.user
    Key.objects.all().delete()
    make.key(cast.admin, "v0-demo-admin")
    card = shown(client_of(cast.admin), stopped(cast.admin, simulator, "permissions"))
    assert STUCK in card
    assert f'href="/t/{cast.team.slug}/team/edit/"' in card


def test_the_rule_switched_off_lets_the_first_person_finish(
    cast: Cast, ask: Ask, client_of: SignIn, simulator: Simulator
) -> None:
    allow(ask, cast.member)
    assert "Take back" in shown(client_of(cast.member), ask)
    cast.team.two_for_danger = False
    cast.team.save(update_fields=["two_for_danger"])
    page = client_of(cast.member).get(f"/t/{cast.team.slug}/inbox/{ask.pk}/").text
    assert "no longer asks for a second person" in page
    assert "Confirm" in page
    done = client_of(cast.member).post(f"/t/{cast.team.slug}/inbox/{ask.pk}/", {"do": "allow"})
    assert done.status_code == 302
    assert answered(simulator) == 1


def test_those_who_can_be_the_second_are_named(
    cast: Cast, ask: Ask, client_of: SignIn, simulator: Simulator
) -> None:
    Key.objects.update(shared=True)  # now everybody but the viewer may write with it
    assert people(ask) == ["admin", "member", "owner"]
    text = text_of(shown(client_of(cast.member), ask))
    assert "Another person has to confirm it: Admin or Owner." in text
    assert STUCK not in text
    viewer = text_of(shown(client_of(cast.viewer), ask))
    assert "Two people have to allow it: Admin, Member or Owner." in viewer
    allow(ask, cast.member)
    with pytest.raises(Invalid, match="Another person has to confirm it: Admin or Owner"):
        allow(ask, cast.member)
    assert "You have allowed this. Another person has to confirm it: Admin or Owner." in (
        text_of(shown(client_of(cast.member), ask))
    )
    assert "Member has allowed this" in text_of(shown(client_of(cast.viewer), ask))
    allow(ask, cast.admin)
    assert answered(simulator) == 1


def test_people_are_counted_who_see_the_chat_and_have_a_key_that_writes(
    cast: Cast, ask: Ask
) -> None:
    assert people(ask) == ["member"]
    blind = make.key(cast.admin, "v0-demo-admin")
    Chat.objects.update(can_write=False)  # v0 told the key that looked last
    assert people(ask) == ["member"]
    sight = ChatSight.objects.create(chat=ask.chat, key=blind, can_write=False)
    assert people(ask) == ["member"]
    ChatSight.objects.filter(pk=sight.pk).update(can_write=True)
    assert people(ask) == ["admin", "member"]
    Key.objects.filter(pk=blind.pk).update(state="paused")
    assert people(ask) == ["member"]
    Key.objects.filter(pk=blind.pk).update(state="ok", owner=cast.viewer.user)
    assert people(ask) == ["member"]  # a viewer's role does not do
    Key.objects.filter(pk=blind.pk).update(owner=cast.outsider.user)
    assert people(ask) == ["member"]


def test_a_private_chat_counts_those_whose_own_keys_see_it(cast: Cast, ask: Ask) -> None:
    Key.objects.update(shared=True)
    Chat.objects.update(privacy="private")
    assert people(ask) == ["member"]
    ChatSight.objects.create(chat=ask.chat, key=make.key(cast.owner), can_write=False)
    assert people(ask) == ["member", "owner"]  # reads with the own key, writes with the shared one


def test_many_are_named_in_part() -> None:
    assert inbox.listed(["Ann"]) == "Ann"
    assert inbox.listed(["Ann", "Bo"]) == "Ann or Bo"
    assert inbox.listed(["Ann", "Bo", "Cy"]) == "Ann, Bo or Cy"
    assert inbox.listed(list("abcdefg")) == "a, b, c, d, e or 2 more"
