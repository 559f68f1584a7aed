"""What v0 refused stands where it was written, with the reason, until it is sent or dropped."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.models import Chat, Key, Membership, Submission
from dashboard.packing import zipped
from dashboard.sync import follow
from tests import make
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import posts
from v0client.simulator import Simulator

WAYS = {"v1": "messages", "v2": "messages/async"}
BEGINNINGS = {"v1": "/v1/chats", "v2": "/v2/chats/async"}
NOT_SENT = "This was not sent."


@pytest.fixture(params=["v1", "v2"])
def acting(
    request: pytest.FixtureRequest,
    simulator: Simulator,
    cast: Cast,
    client_of: Callable[[Membership], Client],
) -> Acting:
    cast.team.generation = request.param
    cast.team.save(update_fields=["generation"])
    return Acting(client_of(cast.member), make.key(cast.member, "v0-demo-member"), simulator)


def path(chat: Chat) -> str:
    return f"/{chat.generation}/chats/{chat.upstream_id}/{WAYS[chat.generation]}"


def refuse(acting: Acting, way: str, status: int = 403) -> None:
    acting.simulator.faults.add(way, method="POST", status=status, times=1)


def send(acting: Acting, chat: Chat, prompt: str = "Add a footer", **fields: object) -> int:
    """Sends it as the composer would; gives the status."""
    told = {"nonce": uuid.uuid4(), "prompt": prompt, **fields}
    return acting.post(f"{chat.upstream_id}/send/", **told).status_code


def shown(acting: Acting, chat: Chat | None = None) -> str:
    """The page with the composer, or the form of a new chat."""
    return acting.client.get(f"{acting.base}{chat.upstream_id if chat else 'new'}/").text


def written(page: str) -> str:
    """What stands in the field of the prompt."""
    found = re.search(r'<textarea[^>]*id="id_prompt"[^>]*>([^<]*)</textarea>', page)
    assert found is not None
    return found[1].strip()


@pytest.mark.parametrize("status", [402, 403, 409, 422, 429, 500])
def test_a_refused_message_waits_in_its_composer_until_another_is_sent(
    acting: Acting, status: int
) -> None:
    chat = acting.chat()
    refuse(acting, path(chat), status)
    picture = SimpleUploadedFile("tea.png", b"PNG")
    fields = {"model_id": "v0-max", "attachments": "https://a.example/b", "uploads": picture}
    assert send(acting, chat, **fields) == 422
    page = shown(acting, chat)
    assert written(page) == "Add a footer"
    assert NOT_SENT in page
    assert "https://a.example/b" in page
    assert '<option value="v0-max" selected>' in page
    assert re.search(r"Choose these files again:.*tea\.png", page)
    assert send(acting, chat, "Add a header") == 302
    assert written(shown(acting, chat)) == ""
    assert posts(acting.simulator, path(chat)) == 2


def test_a_refused_chat_waits_in_the_form_of_a_new_one(acting: Acting) -> None:
    refuse(acting, BEGINNINGS[acting.key.team.generation])
    assert acting.create("A page about tea", system="Be brief").status_code == 422
    page = shown(acting)
    assert NOT_SENT in page
    assert (written(page), "Be brief" in page) == ("A page about tea", True)
    # What an address asks for comes before it.
    assert written(acting.client.get(f"{acting.base}new/?prompt=Coffee").text) == "Coffee"
    assert acting.create("A page about tea").status_code == 302
    assert written(shown(acting)) == ""


def test_it_waits_for_nobody_else_and_in_no_other_chat(
    acting: Acting, cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    chat, other = acting.chat(privacy="team-edit"), acting.chat()
    refuse(acting, path(chat))
    send(acting, chat)
    make.key(cast.admin, "v0-demo-admin")
    admin = Acting(client_of(cast.admin), acting.key, acting.simulator)
    for page in (shown(acting, other), shown(admin, chat), shown(acting), shown(admin)):
        assert (written(page), NOT_SENT in page) == ("", False)


def test_what_is_discarded_is_gone_and_can_still_not_be_sent_twice(acting: Acting) -> None:
    chat, nonce = acting.chat(), uuid.uuid4()
    refuse(acting, path(chat))
    send(acting, chat, nonce=nonce)
    response = acting.post(f"new/{nonce}/drop/")
    assert response["Location"] == f"{acting.base}{chat.upstream_id}/"
    assert written(shown(acting, chat)) == ""
    assert send(acting, chat, nonce=nonce) == 422
    assert posts(acting.simulator, path(chat)) == 1


def test_what_has_arrived_cannot_be_discarded(acting: Acting) -> None:
    acting.chat()
    sent = Submission.objects.get()
    acting.post(f"new/{sent.nonce}/drop/")
    sent.refresh_from_db()
    assert (sent.state, sent.request.get("dropped")) == ("sent", None)


def test_the_same_refused_form_sent_again_asks_v0_once(acting: Acting) -> None:
    chat, nonce = acting.chat(), uuid.uuid4()
    refuse(acting, path(chat))
    for _ in range(3):
        assert send(acting, chat, nonce=nonce) == 422
    assert posts(acting.simulator, path(chat)) == 1


def test_words_stay_in_sight_where_nothing_can_be_sent_any_more(acting: Acting) -> None:
    chat = acting.chat()
    refuse(acting, path(chat), 401)
    send(acting, chat)
    assert Key.objects.get().state == "rejected"
    page = shown(acting, chat)
    assert "What you had typed was not sent" in page
    assert written(page) == "Add a footer"
    assert "Send</button>" not in page


def test_a_lost_message_that_never_arrived_is_back_in_its_composer(acting: Acting) -> None:
    chat = acting.chat()
    acting.simulator.faults.add(path(chat), method="POST", reset="before", times=1)
    nonce = uuid.uuid4()
    assert send(acting, chat, nonce=nonce) == 302
    Submission.objects.filter(nonce=nonce).update(
        follow_at="2020-01-01T00:00Z", created_at="2020-01-01T00:00Z"
    )
    follow.follow_due()
    moved = acting.client.get(f"{acting.base}new/{nonce}/")
    assert moved["Location"] == f"{acting.base}{chat.upstream_id}/"
    page = shown(acting, chat)
    assert written(page) == "Add a footer"
    assert "v0 has no trace of this prompt" in page


def test_a_first_prompt_after_code_keeps_its_wishes_and_asks_for_no_archive_again(
    acting: Acting,
) -> None:
    if acting.key.team.generation == "v1":
        wishes: dict[str, object] = {"system": "Use Vue", "image_generations": "on"}
    else:
        wishes = {"system": "Use Vue", "skills": "vercel/next"}
    acting.simulator.faults.add("/*/chats/*/messages*", method="POST", status=403)
    code = SimpleUploadedFile("code.zip", zipped([("a.md", b"Text")], make.AT))
    acting.create("Add a footer", source="zip", archive=code, **wishes)
    chat = Chat.objects.get()
    page = shown(acting, chat)
    assert written(page) == "Add a footer"
    assert "Your next message also carries the system prompt, " in page
    assert "code.zip" not in page.partition('id="composer"')[2]
    bodies: list[dict[str, object]] = []
    acting.simulator.on_exchange = lambda one: bodies.append(json.loads(one.request.body or b"{}"))
    nonce = uuid.uuid4()
    for _ in range(2):  # a double click
        assert send(acting, chat, nonce=nonce) == 302
    acting.simulator.on_exchange = None
    (sent,) = [body for body in bodies if body.get("message") == "Add a footer"]
    assert "Use Vue" in json.dumps(sent)
