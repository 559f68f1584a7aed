"""What is too large to be sent: 413 with words and with all that was typed, whoever refuses it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.core.asgi import get_asgi_application
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.bodies import LARGEST_BODY, limited
from dashboard.models import Chat, Membership, Submission
from tests import make
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import posts
from tests.serving import free_listener, in_thread
from v0client.simulator import Simulator

HTMX = {"HX-Request": "true", "HX-Target": "section#new-chat"}
# Each is within the limits of its field; together they are more than v0 takes.
TEA = "🍵" * 190_000
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(1_450_000)


@pytest.fixture
def acting(simulator: Simulator, cast: Cast, client_of: Callable[[Membership], Client]) -> Acting:
    cast.team.generation = "v1"
    cast.team.save(update_fields=["generation"])
    return Acting(client_of(cast.member), make.key(cast.member, "v0-demo-member"), simulator)


@pytest.fixture
def served_pages() -> Iterator[str]:
    """The dashboard as a server of its own; its pages need no database here."""
    with in_thread(limited(get_asgi_application()), free_listener()) as port:
        yield f"http://localhost:{port}"


def pictures() -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{name}.png", PICTURE) for name in "ab"]


def nonce_in(page: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_new_chat_that_v0_finds_too_large_comes_back_and_is_sent_with_less(
    acting: Acting,
) -> None:
    nonce = str(uuid.uuid4())
    response = acting.create(TEA, nonce=nonce, uploads=pictures(), system="Be brief")
    page = response.content.decode()
    assert response.status_code == 413
    assert "v0 finds this too large" in page
    assert TEA in page
    assert "Be brief" in page
    assert "Choose these files again" in page
    assert "a.png" in page
    assert not Chat.objects.exists()
    assert nonce_in(page) != nonce
    again = acting.create(TEA, nonce=nonce_in(page), system="Be brief")
    assert again.status_code == 302
    assert Chat.objects.count() == 1


def test_the_same_too_large_form_sent_twice_is_asked_once(acting: Acting) -> None:
    nonce = uuid.uuid4()
    for _ in range(2):
        response = acting.create(TEA, nonce=nonce, uploads=pictures())
        assert response.status_code == 413
    assert posts(acting.simulator, "/v1/chats") == 1
    assert Submission.objects.get().state == "failed"


def test_a_message_that_v0_finds_too_large_stays_in_the_composer(acting: Acting) -> None:
    chat = acting.chat()
    response = acting.client.post(
        f"{acting.base}{chat.upstream_id}/send/",
        {"nonce": uuid.uuid4(), "prompt": TEA, "uploads": pictures()},
        headers={"HX-Request": "true", "HX-Target": "div#composer"},
    )
    page = response.content.decode()
    assert response.status_code == 413
    assert "HX-Reswap" not in response
    assert "v0 finds this too large" in page
    assert TEA in page
    assert "<html" not in page


def test_an_attachment_of_twenty_megabytes_is_swapped_in_with_its_sentence(acting: Acting) -> None:
    big = SimpleUploadedFile("big.png", bytes(20_000_000))
    told = {"nonce": uuid.uuid4(), "prompt": "Like this", "privacy": "team", "uploads": big}
    response = acting.client.post(f"{acting.base}new/", told, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 413
    assert "HX-Reswap" not in response
    assert "“big.png” has 20.0 MB; the most is 2 MB" in page
    assert "Like this" in page
    assert posts(acting.simulator, "/v1/chats") == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"prompt": "x" * 6_000_000}, "too large to send"),
        ({"uploads": [SimpleUploadedFile(f"{n}.png", b"x") for n in range(101)]}, "too many files"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_form_stays(
    acting: Acting, fields: dict[str, object], sentence: str
) -> None:
    whole = acting.create(**fields)
    assert whole.status_code == 413
    assert sentence in whole.content.decode()
    part = acting.client.post(f"{acting.base}new/", fields, headers=HTMX)
    assert part.status_code == 413
    assert part["HX-Reswap"] == "none"
    assert sentence in part["HX-Trigger"]
    assert "What you typed is still in the form" in part["HX-Trigger"]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_server_reads_no_endless_request(served_pages: str, is_told: bool) -> None:
    """Whether its length is told at its beginning or not."""
    piece = bytes(1_000_000)
    pieces = iter([piece] * (LARGEST_BODY // len(piece) + 1))
    content = b"".join(pieces) if is_told else pieces
    answer = httpx.post(f"{served_pages}/accounts/login/", content=content, timeout=30)
    assert answer.status_code == 413
    assert "everything together may have 50 MB" in answer.text


def test_a_server_reads_requests_below_its_limit(served_pages: str) -> None:
    answer = httpx.post(f"{served_pages}/accounts/login/", content=bytes(6_000_000), timeout=30)
    assert answer.status_code == 403  # without a token against forgery
