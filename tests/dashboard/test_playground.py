"""The playground: what goes to the Model API, what is shown of its answer, and what is refused."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import reverse

from dashboard.actions.playground import Request, Turn, begin
from dashboard.models import Activity, Key, Membership, Submission
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import posts
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db(transaction=True)  # connections are given back in between
PATH = "/v1/chat/completions"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


class Visitor:
    """Somebody with a paid plan in v0 in front of the playground."""

    def __init__(self, client: Client, key: Key) -> None:
        self.client, self.key = client, key
        self.url = reverse("playground", args=[key.team.slug])

    def send(self, text: str = "Write a haiku about tea", **fields: object) -> str:
        return self.post(text, **fields).text

    def post(self, text: str, **fields: object) -> HttpResponse:
        told, headers = self.told(text, **fields), {"accept": "text/html"}
        return self.client.post(self.url, told, headers=headers)  # type: ignore[return-value]

    def told(self, text: str, **fields: object) -> dict[str, object]:
        told = {"nonce": uuid.uuid4(), "key": self.key.pk, "model": "v0-1.5-md", "role": "user"}
        return told | {"text": text} | fields

    def listen(self, text: str, **fields: object) -> tuple[int, str]:
        """The status and the whole answer, for a browser that reads along."""
        browser = AsyncClient()
        browser.cookies = self.client.cookies

        async def read() -> tuple[int, str]:
            headers = {
                "accept": "text/event-stream",
                "hx-request": "true",
                "hx-target": "playground",
            }
            answer = await browser.post(self.url, self.told(text, **fields), headers=headers)
            if not isinstance(answer, StreamingHttpResponse):
                return answer.status_code, answer.text
            pieces = [piece async for piece in answer.streaming_content]  # type: ignore[union-attr]
            return answer.status_code, b"".join(pieces).decode()

        return async_to_sync(read)()

    def stream(
        self, text: str = "Write a haiku about tea", **fields: object
    ) -> list[dict[str, str]]:
        status, told = self.listen(text, **fields)
        assert status == 200
        return [json.loads(line.removeprefix("data: ")) for line in told.split("\n\n") if line]


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


def pictures_in(page: str) -> list[tuple[str, str]]:
    """The images that the page's form keeps: the message's place, and the image."""
    return re.findall(r'name="image-(\d+)" value="(data:[^"]+)"', page)


def picture(size: int = 20, name: str = "tea.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + bytes(size))


def kept_with(page: str) -> dict[str, list[str]]:
    """The same as the fields that a browser sends again."""
    found: dict[str, list[str]] = {}
    for place, image in pictures_in(page):
        found.setdefault(f"image-{place}", []).append(image)
    return found


def test_every_message_keeps_its_images_for_the_turns_that_follow(visitor: Visitor) -> None:
    first = visitor.send("What is this?", images=picture())
    assert [place for place, _ in pictures_in(first)] == ["0"]
    assert 'alt="Image 1 of message 1"' in first
    told = {"role": ["user", "assistant", "user"], "text": ["What is this?", "Tea", "And these?"]}
    images = [picture(30, "a.png"), picture(40, "b.png")]
    second = visitor.send(**told | {"images": images} | kept_with(first))  # type: ignore[arg-type]
    assert [place for place, _ in pictures_in(second)] == ["0", "2", "2"]
    # In v0's own words, and in the code for the same call.
    assert "I looked at an image/png of 28 bytes; an image/png of 38 bytes; an image/png of 48" in (
        second
    )
    in_code = 3 * 3 * 2  # images, languages, to be read and to be copied
    assert second.count("data:image/png;base64,…") == in_code


def test_images_outlive_errors_refusals_and_a_further_message(
    visitor: Visitor, simulator: Simulator
) -> None:
    wrong = visitor.post("What is this?", temperature="3", images=picture())
    assert wrong.status_code == 422
    assert len(pictures_in(wrong.text)) == 1
    simulator.faults.add(PATH, status=402, times=1)
    failed = visitor.send("What is this?", **kept_with(wrong.text))
    assert "no credits are left" in failed
    assert pictures_in(failed) == pictures_in(wrong.text)
    again = visitor.send("What is this?", **kept_with(failed))
    assert "I looked at an image/png of 28 bytes" in again
    more = visitor.send("What is this?", more="turn", images=picture(30), **kept_with(failed))
    assert [place for place, _ in pictures_in(more)] == ["0", "0"]


def test_an_image_is_removed_from_its_message(visitor: Visitor, simulator: Simulator) -> None:
    chosen = visitor.send(more="turn", images=[picture(20), picture(30, "b.png")])
    (_, first), (_, second) = pictures_in(chosen)
    fewer = visitor.send(more="without 0 0", **{"image-0": [first, second]})
    assert pictures_in(fewer) == [("0", second)]
    assert pictures_in(visitor.send(more="without 7 9", **kept_with(fewer))) == [("0", second)]
    assert posts(simulator, PATH) == 0


@pytest.mark.parametrize(
    ("fields", "status", "sentence", "left"),
    [
        ({"images": [picture(), picture(3_100_000, "big.png")]}, 413, "has 3.1 MB", 1),
        ({"images": [picture(1_600_000), picture(1_600_001)]}, 413, "3 MB together", 1),
        ({"images": [picture(n) for n in range(11)]}, 422, "at most 10 images", 10),
        ({"image-0": "data:image/png;base64,%%%"}, 422, "lost on its way", 0),
        ({"image-0": "data:image/png;base64,PHN2Zy8+"}, 422, "PNG, JPEG, GIF or WebP", 0),
        ({"role": "assistant", "images": picture()}, 422, "Only messages of the user", 0),
    ],
)
def test_images_beyond_the_limits_are_told_and_the_others_stay(
    visitor: Visitor,
    simulator: Simulator,
    fields: dict[str, object],
    status: int,
    sentence: str,
    left: int,
) -> None:
    answer = visitor.post("What is this?", **fields)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "What is this?" in answer.text
    assert len(pictures_in(answer.text)) == left
    assert posts(simulator, PATH) == 0


@pytest.mark.parametrize("listens", [True, False])
def test_what_v0_finds_too_large_comes_back_as_it_was_typed(
    listens: bool, visitor: Visitor, simulator: Simulator
) -> None:
    """Within every limit of the page, and still more than v0 takes."""
    told = {"images": picture(2_900_000), "system": "🍵" * 170_000, "temperature": "0.5"}
    if listens:
        status, page = visitor.listen("What is this?", **told)
    else:
        answer = visitor.post("What is this?", **told)
        status, page = answer.status_code, answer.text
    assert status == 413
    assert ("<html" in page) != listens
    form = page.partition('id="playground"')[2].partition("</form>")[0]
    assert "v0 finds this too large" in form
    assert "take fewer or smaller images" in form
    assert "No answer yet" in page
    assert "What is this?" in form
    assert "🍵" * 170_000 in form
    assert 'value="0.5"' in form
    assert len(pictures_in(page)) == 1
    assert posts(simulator, PATH) == 1
    assert Submission.objects.get().state == "failed"
    assert "too large" in Activity.objects.get().after["error"]
