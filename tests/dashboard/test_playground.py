"""The playground: what goes to the Model API, what is shown of its answer, and what is refused."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashboard.actions.playground import Request, Turn, begin
from dashboard.models import Activity, Key, Membership, Submission
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.playing import PATH, Visitor
from tests.dashboard.prompting import posts
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db(transaction=True)  # connections are given back in between
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def visitor(cast: Cast, client_of: SignIn, simulator: Simulator) -> Visitor:
    return Visitor(client_of(cast.owner), make.key(cast.owner, "v0-demo-owner"))


def test_the_answer_is_on_the_next_page_with_its_tokens_and_its_code(visitor: Visitor) -> None:
    text = visitor.send()
    assert "haiku" in text.lower()
    assert re.search(r"<dt>Tokens written</dt><dd>[1-9]", text)
    assert re.search(r"<dt>First token</dt><dd>\d+\.\d\d s", text)
    assert "V0_API_KEY" in text
    assert "v0-demo-owner" not in text


def test_the_answer_is_streamed_piece_by_piece(visitor: Visitor) -> None:
    *pieces, last = visitor.stream()
    assert len(pieces) > 3
    assert all(piece["text"] for piece in pieces)
    assert 'id="playground"' in last["html"]
    assert "Tokens written" in last["html"]


def test_the_conversation_goes_on_from_the_answer(visitor: Visitor) -> None:
    text = visitor.send(role=["user", "assistant", "user"], text=["Hello", "Hi", "A haiku"])
    chosen = re.findall(r'<option value="(user|assistant)" selected>', text)
    assert chosen == ["user", "assistant", "user", "assistant", "user"]


def test_images_tools_system_and_temperature_reach_v0(visitor: Visitor) -> None:
    tools = [{"type": "function", "function": {"name": "find_tea", "parameters": {
        "type": "object", "properties": {"kind": {"type": "string"}}}}}]  # fmt: skip
    text = visitor.send(
        "Call find_tea for this picture",
        system="Be brief", temperature="0.3", tools=json.dumps(tools),
        images=SimpleUploadedFile("tea.png", PNG, "image/png"),
    )  # fmt: skip
    assert "data:image/png;base64,…" in text
    assert "find_tea" in text
    assert "0.3" in text
    assert "Be brief" in text


def test_a_call_is_written_down_without_what_was_said(visitor: Visitor) -> None:
    visitor.send("A secret plan")
    row = Activity.objects.get(verb="playground.run")
    assert (row.target, row.key) == ("v0-1.5-md", visitor.key)
    assert row.after["tokens"]["written"] > 0
    sent = Submission.objects.get()
    assert sent.state == "sent"
    assert "secret" not in json.dumps([sent.request, row.after])


def test_the_same_form_sent_twice_is_asked_once(visitor: Visitor, simulator: Simulator) -> None:
    nonce = uuid.uuid4()
    visitor.send(nonce=nonce)
    again = visitor.post("Write a haiku about tea", nonce=nonce)
    assert again.status_code == 422
    assert "was sent already" in again.text
    assert visitor.listen("x", nonce=nonce)[0] == 422
    assert posts(simulator, PATH) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "  "}, "Write a message for the model"),
        ({"text": ["Hello", "Hi"], "role": ["user", "assistant"]}, "Write a message for the model"),
        ({"model": ""}, "This field is required"),
        ({"temperature": "3"}, "from 0 to 2"),
        ({"tools": "[{"}, "not JSON at line 1, column 3"),
        ({"tools": "{}"}, "Tools are a list"),
        ({"tools": '[{"type": "function"}]'}, "Tools are a list"),
        ({"tools": "[" * 100_000}, "not JSON"),
        ({"key": "0"}, "Select a valid choice"),
        ({"nonce": "none"}, "Part of this form was missing"),
        ({"images": SimpleUploadedFile("a.png", b"<svg/>", "image/png")}, "PNG, JPEG, GIF or WebP"),
    ],
)
def test_what_cannot_be_sent_is_told_at_its_field(
    visitor: Visitor, simulator: Simulator, fields: dict[str, object], sentence: str
) -> None:
    answer = visitor.post(**{"text": "Hello"} | fields)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert sentence in answer.text
    assert posts(simulator, PATH) == 0


def test_another_message_is_added_without_asking_v0(visitor: Visitor, simulator: Simulator) -> None:
    text = visitor.send("Hello", more="turn")
    assert text.count('name="text"') == 2
    assert posts(simulator, PATH) == 0


def test_what_v0_refuses_is_said_in_words(visitor: Visitor, simulator: Simulator) -> None:
    simulator.faults.add(PATH, status=402)
    (last,) = visitor.stream()
    assert "no credits are left" in last["html"]
    assert Submission.objects.get().state == "failed"
    assert "no credits" in Activity.objects.get().after["error"]


def test_an_answer_that_breaks_off_keeps_what_was_written(
    visitor: Visitor, simulator: Simulator
) -> None:
    simulator.faults.add(PATH, cut_after_events=4)
    *pieces, last = visitor.stream()
    assert pieces
    assert "broke off" in last["html"]
    assert "".join(piece["text"] for piece in pieces).split()[0] in last["html"]


def test_a_call_that_nobody_waits_for_is_written_down_as_well(visitor: Visitor, cast: Cast) -> None:
    request = Request("v0-1.5-md", system="", turns=(Turn("user", "Write a haiku about tea"),))
    run = begin(member=cast.owner, key=visitor.key, nonce=uuid.uuid4(), request=request)

    async def leave() -> None:
        pieces = run.pieces()
        await anext(pieces)
        await pieces.aclose()

    async_to_sync(leave)()
    assert Activity.objects.get(verb="playground.run").target == "v0-1.5-md"
    assert Submission.objects.get().state == "sent"


def test_a_revoked_key_is_noticed(visitor: Visitor, simulator: Simulator) -> None:
    simulator.revoke("v0-demo-owner")
    assert "v0 rejects this key" in visitor.send()
    visitor.key.refresh_from_db()
    assert visitor.key.state == Key.State.REJECTED


def test_a_viewer_sees_why_nothing_can_be_sent(cast: Cast, client_of: SignIn) -> None:
    text = client_of(cast.viewer).get(reverse("playground", args=[cast.team.slug])).text
    assert "Members and above can use the playground" in text
    assert re.search(r'<button class="btn main" type="submit" disabled>', text)


def test_nobody_sends_with_a_key_of_somebody_else(
    visitor: Visitor, cast: Cast, simulator: Simulator
) -> None:
    theirs = make.key(cast.member, "v0-demo-member")
    assert visitor.post("Hello", key=theirs.pk).status_code == 422
    assert posts(simulator, PATH) == 0


def words_in(page: str) -> list[str]:
    return re.findall(r'<textarea[^>]* name="text"[^>]*>([^<]*)</textarea>', page)


def test_messages_are_removed_and_all_begun_anew_without_asking_v0(
    visitor: Visitor, simulator: Simulator
) -> None:
    told = {"role": ["user", "assistant", "user"], "text": ["Hello", "Hi", "A haiku"]}
    fewer = visitor.send(**told, more="drop 1")  # type: ignore[arg-type]
    assert words_in(fewer) == ["Hello", "A haiku"]
    assert words_in(visitor.send("Hello", more="drop 0")) == [""]
    assert words_in(visitor.send("Hello", more="drop 7")) == ["Hello"]
    anew = visitor.send(**told, system="Be brief", more="anew")  # type: ignore[arg-type]
    assert words_in(anew) == [""]
    assert "Be brief" in anew
    assert posts(simulator, PATH) == 0


def test_what_was_stopped_is_shown_as_far_as_it_was_seen_and_not_sent_again(
    visitor: Visitor, simulator: Simulator
) -> None:
    nonce = uuid.uuid4()
    visitor.send(nonce=nonce)
    seen = {"more": "stopped", "written": "Steam *rises*", "first": "0.5", "seconds": "2.5"}
    page = visitor.send(nonce=nonce, **seen)
    assert "Stopped." in page
    assert "Steam <em>rises</em>" in page
    assert words_in(page) == ["Write a haiku about tea", "Steam *rises*", ""]
    assert re.search(r"<dt>Until it was stopped</dt><dd>2.50 s", page)
    assert posts(simulator, PATH) == 1


@pytest.mark.parametrize("seconds", ["2.5", "soon"])
def test_nothing_is_shown_as_stopped_that_one_has_not_sent(
    seconds: str, visitor: Visitor, cast: Cast, client_of: SignIn, simulator: Simulator
) -> None:
    theirs = Visitor(client_of(cast.member), make.key(cast.member, "v0-demo-member"))
    nonce = uuid.uuid4()
    theirs.send(nonce=nonce)
    answer = visitor.post(
        "x", nonce=nonce, more="stopped", written="My own words", seconds=seconds
    )  # fmt: skip
    assert answer.status_code == 422
    assert "My own words" not in answer.text
    assert posts(simulator, PATH) == 1
