"""The inbox, the card that answers, and what they say to whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from dashboard.actions import inbox
from dashboard.models import Activity, Ask, Chat, ChatSight, Key, Membership
from dashboard.upstream.asks import Answer
from dashboard.views.ask_card import AnswerForm
from tests import make
from tests.dashboard.asking import answered, finish, stopped
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership], Client]


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    cast.member.team = cast.admin.team = cast.team
    return make.key(cast.member, "v0-demo-member", shared=True)


def page_of(cast: Cast, row: Ask) -> str:
    return f"/t/{cast.team.slug}/inbox/{row.pk}/"


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


# ---- answering through the pages ----------------------------------------------------------------


def test_own_words_take_the_place_of_a_single_choice(cast: Cast) -> None:
    """A radio button that was pressed cannot be released."""
    ask = make.ask(make.chat(cast.team), "questions")
    form = AnswerForm(ask, QueryDict("do=answer&q0=Calm&own0=As+our+windows"))
    assert form.is_valid()
    given = form.answer()
    assert (given.selected, given.texts) == ({"tone": []}, {"tone": "As our windows"})


def test_questions_are_answered_in_the_chat(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask, browser = stopped(cast.member, simulator, "questions"), client_of(cast.member)
    chat = f"/t/{cast.team.slug}/chats/{ask.chat.upstream_id}/"
    shown = text_of(browser, chat)
    assert "v0 asks 2 questions" in shown
    assert "People who work with it daily" in shown
    fields = {"do": "answer", "back": "chat", "q0": ["Customers"], "own1": "Like our windows"}
    sent = browser.post(page_of(cast, ask), fields)
    assert (sent.status_code, sent["Location"]) == (302, chat)
    after = text_of(browser, chat)
    assert "Answered. v0 goes on." in after
    assert "ask-card-title" not in after
    finish(simulator)
    said = Chat.objects.get().messages.filter(role="user").last()
    assert said is not None
    assert "Like our windows" in said.content


def test_a_question_that_was_left_out_is_pointed_at(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask, browser = stopped(cast.member, simulator, "questions"), client_of(cast.member)
    fields = {"do": "answer", "back": "chat", "q1": "Playful", "own1": "<b>fun</b>"}
    headers = {"HX-Request": "true", "HX-Target": "section#ask-card"}
    sent = browser.post(page_of(cast, ask), fields, headers=headers)
    assert sent.status_code == 422
    assert "<html" not in sent.text
    assert sent.text.count("Choose an answer, or write your own.") == 1
    assert "&lt;b&gt;fun&lt;/b&gt;" in sent.text
    assert 'name="back" value="chat"' in sent.text
    assert answered(simulator) == 0


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("plan", {"do": "change"}, "Write what should change."),
        ("plan", {"do": "fly"}, "does not answer"),
        ("plan", {}, "This field is required"),
        ("integration", {"do": "connected", "names": ["Everything"]}, "Everything is not one of"),
        ("integration", {"do": "connected"}, "Tick what you have connected"),
    ],
)
def test_a_form_that_makes_no_sense_comes_back(
    kind: str, fields: dict[str, object], words: str, cast: Cast, key: Key,
    simulator: Simulator, client_of: SignIn,
) -> None:  # fmt: skip
    ask = stopped(cast.member, simulator, kind)
    sent = client_of(cast.member).post(page_of(cast, ask), fields)
    assert sent.status_code == 422
    assert words in sent.text
    assert answered(simulator) == 0


def test_answered_questions_show_the_answers_in_place_of_an_empty_form(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask, browser = stopped(cast.member, simulator, "questions"), client_of(cast.member)
    assert 'class="option"' in text_of(browser, page_of(cast, ask))
    told = [{"questionText": "Which tone fits?", "selectedLabels": ["Calm"]}]
    Ask.objects.filter(pk=ask.pk).update(
        state=Ask.State.ANSWERED, answer={"type": "answered-questions", "answers": told}
    )
    shown = text_of(browser, page_of(cast, ask))
    assert "<dd>Calm</dd>" in shown
    assert 'class="option"' not in shown


def test_answering_what_was_answered_says_by_whom(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    inbox.answer_ask(member=cast.admin, ask=ask, answer=Answer("approve", "Yes, please"))
    browser = client_of(cast.member)
    late = {"do": "reject", "text": "No", "back": "inbox"}
    sent = browser.post(page_of(cast, ask), late, follow=True)
    assert sent.redirect_chain == [(f"/t/{cast.team.slug}/inbox/", 302)]
    assert "This was already answered by Admin" in sent.text
    assert answered(simulator) == 1
    shown = text_of(browser, page_of(cast, ask))
    assert "Answered by <b>Admin</b>" in shown
    assert "approved: Yes, please" in shown
    assert 'type="submit" name="do"' not in shown


def test_what_v0_refuses_stands_in_the_form_with_what_was_typed(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    ask = stopped(cast.member, simulator, "plan")
    simulator.faults.add("/v2/chats", method="POST", status=500)
    sent = client_of(cast.member).post(page_of(cast, ask), {"do": "change", "text": "Make it red"})
    assert sent.status_code == 422
    assert "v0 failed" in sent.text
    assert "Make it red</textarea>" in sent.text


# ---- danger -------------------------------------------------------------------------------------


def test_a_dangerous_command_says_why_and_what_allowing_does(
    cast: Cast, key: Key, simulator: Simulator, client_of: SignIn
) -> None:
    cast.team.two_for_danger = True
    cast.team.save(update_fields=["two_for_danger"])
    ask = stopped(cast.member, simulator, "permissions")
    first, second = client_of(cast.member), client_of(cast.admin)
    shown = text_of(first, page_of(cast, ask))
    assert "scripts/001-create-tables.sql" in shown
    assert "Why it is marked as dangerous" in shown
    assert "Another person has to confirm it: Admin" in shown
    first.post(page_of(cast, ask), {"do": "allow", "text": "Only on the copy"})
    shown = text_of(first, page_of(cast, ask))
    assert "You have allowed this. Another person has to confirm it: Admin" in shown
    shown = text_of(second, page_of(cast, ask))
    assert "Another person has to confirm it: you" in shown
    assert "<b>Member</b> has allowed this: “Only on the copy”" in shown
    assert "Confirm</button>" in shown
    assert "Needs a second person" in text_of(second, f"/t/{cast.team.slug}/inbox/")
    first.post(page_of(cast, ask), {"do": "withdraw"})
    assert "Allow</button>" in text_of(second, page_of(cast, ask))
    verbs = Activity.objects.filter(verb__startswith="ask.").values_list("verb", flat=True)
    assert set(verbs) == {"ask.allow", "ask.withdraw"}
    feed = text_of(first, f"/t/{cast.team.slug}/activity/")
    assert "took back what was allowed in the chat" in feed


def test_a_command_that_v0_marks_is_shown_with_the_mark(cast: Cast, client_of: SignIn) -> None:
    ask = make.ask(
        make.chat(cast.team),
        "permissions",
        is_dangerous=True,
        asked={
            "permissions": [{"type": "X", "toolName": "clean", "input": {"deep": True}}],
            "commands": ["rm -rf <all>"],
        },
    )
    shown = text_of(client_of(cast.member), page_of(cast, ask))
    assert "$ rm -rf &lt;all&gt;" in shown
    assert "v0 marks this command as dangerous." in shown


# ---- who sees what ------------------------------------------------------------------------------


def test_a_viewer_reads_and_is_told_why_that_is_all(cast: Cast, client_of: SignIn) -> None:
    ask, browser = make.ask(make.chat(cast.team), "questions"), client_of(cast.viewer)
    chat = f"/t/{cast.team.slug}/chats/{ask.chat.upstream_id}/"
    for path, doing in ((page_of(cast, ask), "answer"), (chat, "send messages")):
        shown = text_of(browser, path)
        assert "Which tone fits?" in shown
        assert '<fieldset class="ask-card-body" disabled>' in shown
        assert f"Your role is viewer. Members and above can {doing}." in shown
    assert browser.post(page_of(cast, ask), {"do": "answer"}).status_code == 403
    assert "waiting" not in text_of(browser, f"/t/{cast.team.slug}/").partition("</header>")[0]


def test_without_a_key_or_the_right_to_write_the_card_says_so(
    cast: Cast, client_of: SignIn
) -> None:
    ask, browser = make.ask(make.chat(cast.team), "plan"), client_of(cast.member)
    assert "You need a v0 key to answer" in text_of(browser, page_of(cast, ask))
    make.key(cast.member)
    Chat.objects.update(can_write=False)
    assert "not write to it. Nobody of this team can" in text_of(browser, page_of(cast, ask))
    ChatSight.objects.create(chat=ask.chat, key=make.key(cast.admin, "v0-a"), can_write=True)
    assert "not write to it. Admin can answer." in text_of(browser, page_of(cast, ask))


def test_the_count_is_of_what_the_person_sees_in_chats_that_are_there(
    cast: Cast, client_of: SignIn
) -> None:
    make.key(cast.member)
    mine = make.key(cast.owner, "v0-other")
    make.ask(make.chat(cast.team), "plan")
    make.ask(make.chat(cast.team), "plan", state="second")
    make.ask(make.chat(cast.team), "plan", state="answered")
    make.ask(make.chat(cast.team, gone_at=timezone.now()), "plan")
    make.ask(make.chat(cast.team, privacy="private", seen_by=mine, name="Hidden"), "questions")
    make.ask(make.chat(cast.outsider.team), "plan")
    assert 'aria-label="Inbox, 2 waiting"' in text_of(
        client_of(cast.member), f"/t/{cast.team.slug}/"
    )
    assert 'aria-label="Inbox, 3 waiting"' in text_of(
        client_of(cast.owner), f"/t/{cast.team.slug}/"
    )
    shown = text_of(client_of(cast.member), f"/t/{cast.team.slug}/inbox/?state=all")
    assert "Hidden" not in shown


def test_a_private_question_is_not_found_by_its_number(cast: Cast, client_of: SignIn) -> None:
    mine = make.key(cast.owner)
    ask = make.ask(make.chat(cast.team, privacy="private", seen_by=mine), "plan")
    assert client_of(cast.member).get(page_of(cast, ask)).status_code == 404
    assert client_of(cast.owner).get(page_of(cast, ask)).status_code == 200


# ---- the list -----------------------------------------------------------------------------------


def test_the_list_is_filtered_and_begins_with_who_waits_longest(
    cast: Cast, client_of: SignIn
) -> None:
    kim = make.author(cast.team, name="Kim")
    for number, kind in enumerate(("questions", "plan", "permissions", "integration")):
        chat = make.chat(cast.team, name=f"Chat of {kind}", author=kim if number else None)
        make.ask(chat, kind, asked_at=make.AT.replace(hour=20 - number), is_dangerous=number == 2)
    Ask.objects.filter(kind="plan").update(state="over")
    base, browser = f"/t/{cast.team.slug}/inbox/", client_of(cast.viewer)

    def listed(query: str) -> list[str]:
        shown = text_of(browser, base + query)
        places = {kind: shown.find(f"Chat of {kind}") for kind in make.ASKED}
        return sorted((kind for kind in places if places[kind] > 0), key=lambda one: places[one])

    assert listed("") == ["integration", "permissions", "questions"]
    assert listed("?state=closed") == ["plan"]
    assert listed("?state=all&kind=plan") == ["plan"]
    assert listed("?dangerous=on") == ["permissions"]
    assert listed(f"?author={kim.upstream_id}") == ["integration", "permissions"]
    assert listed("?kind=nonsense") == ["integration", "permissions", "questions"]
    assert "Connect Neon, Linear" in text_of(browser, base)
    rows = text_of(browser, base).split("<tr")[2:]
    assert ['<span class="truncate">Kim</span>' in row for row in rows] == [True, True, False]
