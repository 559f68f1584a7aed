"""Forms that are sent at the same moment: two clicks of one person, and two people in one chat.

However they meet, v0 begins to write once, which its own log of requests tells.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from dashboard.models import Chat, Membership, Submission
from tests import make
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
ClientOf = Callable[[Membership], Client]
BEGINNINGS = {"v1": "/v1/chats", "v2": "/v2/chats/async"}


@pytest.fixture
def people(simulator: Simulator, cast: Cast, client_of: ClientOf, generation: str) -> list[Acting]:
    """The member and the admin, each with a key of their own."""
    return [
        Acting(client_of(one), make.key(one, f"v0-demo-{name}"), simulator)
        for name, one in (("member", cast.member), ("admin", cast.admin))
    ]


def at_once(*ways: Callable[[], Any]) -> list[HttpResponse]:
    """What each of them is answered, all sent at the same moment."""
    together = threading.Barrier(len(ways))
    answers: dict[int, HttpResponse] = {}

    def go(place: int) -> None:
        try:
            together.wait(10)
            answers[place] = ways[place]()
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(ways))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [answers[place] for place in range(len(ways))]


def begun(simulator: Simulator, path: str) -> int:
    """How often v0 began to write because of requests to this path."""
    return sum(
        asked.method == "POST" and asked.path == path and asked.status < 300
        for asked in simulator.requests
    )


def test_two_clicks_begin_one_chat(people: list[Acting], generation: str) -> None:
    member, path = people[0], BEGINNINGS[generation]
    member.simulator.faults.add(path, method="POST", delay=0.3)
    nonce = uuid.uuid4()
    answers = at_once(*[partial(member.create, "Make a shop", nonce=nonce)] * 3)
    assert [answer.status_code for answer in answers] == [302] * 3
    assert begun(member.simulator, path) == Chat.objects.count() == 1
    assert Submission.objects.get().state == "sent"


def test_two_people_who_send_to_one_chat_at_once_begin_one_answer(
    people: list[Acting], generation: str
) -> None:
    chat = people[0].chat(privacy="team-edit")
    way = "messages/async" if generation == "v2" else "messages"
    path = f"/{generation}/chats/{chat.upstream_id}/{way}"
    people[0].simulator.faults.add(path, method="POST", delay=0.3)
    send = f"{chat.upstream_id}/send/"
    answers = at_once(
        *(
            partial(one.post, send, nonce=uuid.uuid4(), prompt=f"For {one.key.owner}")
            for one in people
        )
    )
    assert begun(people[0].simulator, path) == 1
    messages = Submission.objects.filter(chat=chat, request__kind="message")
    assert sorted(messages.values_list("state", flat=True)) == ["failed", "sent"]
    lost = Submission.objects.get(chat=chat, state="failed")
    place = next(place for place, one in enumerate(people) if one.key.owner_id == lost.user_id)
    assert (answers[place].status_code, answers[1 - place].status_code) == (422, 302)
    page = answers[place].content.decode()
    assert "Another message to this chat" in page or "v0 is still writing in this chat" in page
    assert lost.request["prompt"] in page
