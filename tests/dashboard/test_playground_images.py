"""Images in the playground: each stays with its message, and what is too large is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.models import Activity, Membership, Submission
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.playing import PATH, Visitor
from tests.dashboard.prompting import posts
from v0client.simulator import Simulator

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db(transaction=True)  # connections are given back in between


@pytest.fixture
def visitor(cast: Cast, client_of: SignIn, simulator: Simulator) -> Visitor:
    return Visitor(client_of(cast.owner), make.key(cast.owner, "v0-demo-owner"))


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
