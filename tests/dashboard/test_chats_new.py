"""Starting a chat, from the form to the version, and prompts whose way to v0 is troubled."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django.fixtures import Settings

from dashboard.models import Chat, Membership, Submission
from dashboard.sync import follow
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

ClientOf = Callable[[Membership], Client]


def posted_chats(simulator: Simulator) -> int:
    return sum(asked.method == "POST" and asked.path == "/v1/chats" for asked in simulator.requests)


def test_a_new_chat_runs_at_once_and_is_followed_to_its_version(
    acting: Acting, settings: Settings
) -> None:
    settings.PREVIEW_SOURCES = [acting.simulator.base_url]
    response = acting.create("Make a pricing page", model_id="v0-max", attachments="")
    page = acting.client.get(response["Location"]).content.decode()
    assert "v0 is writing" in page
    assert "Make a pricing page" in page
    acting.finish()
    page = acting.client.get(response["Location"]).content.decode()
    assert "Version 1" in page
    assert "<iframe" in page
    assert "v0 is writing" not in page


def test_a_twenty_thousand_character_prompt_arrives_whole(acting: Acting) -> None:
    prompt = ("Line\n" * 4000).strip()
    chat = acting.chat(prompt=prompt.replace("\n", "\r\n"))
    assert chat.messages.get(role="user").content.strip() == prompt


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"prompt": ""}, "Write what v0 should do."),
        ({"prompt": "  \n "}, "Write what v0 should do."),
        ({"attachments": "https://a.example/x.png\nftp://b.example"}, "is not an address"),
        ({"privacy": "everyone"}, "Select a valid choice"),
        ({"project": "nope"}, "Select a valid choice"),
        ({"nonce": "x"}, "send it again"),
    ],
)
def test_an_invalid_new_chat_comes_back_with_the_sentence_and_everything_typed(
    acting: Acting, fields: dict[str, str], sentence: str
) -> None:
    typed = {"prompt": "Make a shop", "system": "Use <Vue>", "thinking": "on"}
    response = acting.create(**typed | fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Use &lt;Vue&gt;" in page
    assert fields.get("prompt", "Make a shop").strip() in page
    assert posted_chats(acting.simulator) == 0
    assert not Chat.objects.exists()


def test_the_same_form_sent_twice_makes_one_chat(acting: Acting) -> None:
    nonce = uuid.uuid4()
    first, second = acting.create(nonce=nonce), acting.create(nonce=nonce)
    assert first["Location"] == second["Location"]
    assert posted_chats(acting.simulator) == 1
    assert Chat.objects.count() == 1


def test_a_refused_prompt_is_offered_again_with_a_nonce_of_its_own(acting: Acting) -> None:
    acting.simulator.faults.add("/v1/chats", method="POST", status=403)
    nonce = uuid.uuid4()
    response = acting.create("Make <b>this</b>", nonce=nonce, system="Be brief")
    submission = Submission.objects.get(nonce=nonce)
    assert submission.state == "failed"
    page = response.content.decode()
    assert response.status_code == 422
    assert escape(submission.error) in page
    assert "This was not sent." in page
    assert "Make &lt;b&gt;this&lt;/b&gt;" in page
    assert "Be brief" in page
    fresh = re.search(r'name="nonce" value="([^"]+)"', page)
    assert fresh is not None
    assert fresh[1] != str(nonce)


def test_a_refused_message_is_offered_again(acting: Acting) -> None:
    chat = acting.chat()
    acting.simulator.faults.add(f"/v1/chats/{chat.upstream_id}/messages", status=403)
    response = acting.post(f"{chat.upstream_id}/send/", nonce=uuid.uuid4(), prompt="Add <i>it</i>")
    page = response.content.decode()
    assert response.status_code == 422
    assert "This was not sent." in page
    assert "Add &lt;i&gt;it&lt;/i&gt;" in page
    assert f"{acting.base}{chat.upstream_id}/send/" in page


def test_a_prompt_whose_answer_was_lost_is_looked_up_and_not_sent_again(acting: Acting) -> None:
    acting.simulator.faults.add("/v1/chats", method="POST", reset="after")
    response = acting.create("Make a quiet page")
    page = acting.client.get(response["Location"]).content.decode()
    assert "connection broke" in page
    assert 'hx-trigger="every 2s"' in page
    Submission.objects.update(follow_at=timezone.now() - timedelta(seconds=1))
    acting.simulator.clock.advance(5)
    follow.follow_due()
    headers = {"HX-Request": "true", "HX-Target": "section#submission"}
    moved = acting.client.get(response["Location"], headers=headers)
    assert moved["HX-Redirect"].startswith(acting.base)
    assert posted_chats(acting.simulator) == 1


def test_a_prompt_of_somebody_else_does_not_exist(
    acting: Acting, cast: Cast, client_of: ClientOf
) -> None:
    nonce = uuid.uuid4()
    acting.create(nonce=nonce)
    assert client_of(cast.owner).get(f"{acting.base}new/{nonce}/").status_code == 404
