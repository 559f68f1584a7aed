"""One thing among good ones in a running stream that nobody knows yet: what comes before and after
it arrives all the same, once, and pages end as v0 tells the answer."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.utils.html import strip_tags

from dashboard.models import Key, Message
from dashboard.upstream import connect
from dashboard.views.conversation import answered
from dashboard.views.live import paint
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.following import STREAMS, UNKNOWN, begin, follow, heard, page_of
from tests.demo import until
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
GENERATIONS = ("v1", "v2")
STEP_BY_STEP = 120  # seconds that a run takes at most whose every bit is waited for
CHUNKS = {"v1": "message.experimental_content.chunk", "v2": "message.parts.chunk"}


@pytest.fixture
def simulator(held_simulator: Simulator) -> Simulator:
    return held_simulator


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


class Running:
    """A chat that v0 writes bit by bit while it is followed."""

    def __init__(self, simulator: Simulator, key: Key, generation: str) -> None:
        self.simulator, self.key, self.generation = simulator, key, generation
        self.chat = begin(key, generation)
        self.reply = simulator.store.chats[self.chat.upstream_id].messages[-1]

    def spoil(self, **fault: Any) -> None:
        """The next stream that is joined has this fault."""
        self.simulator.faults.add(STREAMS[self.generation], **fault)

    def joined(self) -> int:
        return sum(request.path.endswith("/resume") for request in self.simulator.requests)

    def told(self) -> Any:
        """The answer's parts, as v0 tells them now."""
        with connect(self.key) as remote:
            return remote.of(self.generation).chat(self.chat.upstream_id).messages[-1].parts

    def stored(self) -> Any:
        return self.chat.messages.get(role="assistant").parts

    def is_up_to_date(self) -> bool:
        """Whether what is stored shows the same as what v0 tells now."""
        shown, told = (
            answered(self.chat, Message(upstream_id=self.reply.id, parts=parts), is_open=True)
            for parts in (self.stored(), self.told())
        )
        return bool(shown) and shown == told

    def write(self, share: float) -> None:
        """v0 writes on; it is stored before the next bit comes."""
        run = self.reply.run
        assert run is not None
        self.simulator.clock.advance(
            run.started_at + share * run.duration - self.simulator.clock.now()
        )
        until(self.is_up_to_date)

    def followed(self) -> list[str]:
        """Follows the chat to its end. What its page shows of the answer then, part by part, which
        has heard all of it: the same as one that is opened now."""
        with heard(self.chat) as pieces, ThreadPoolExecutor(1) as beside:
            following = beside.submit(follow, STEP_BY_STEP)
            for share in (0.1, 0.3, 0.5, 0.7, 0.83, 0.95):
                self.write(share)
            assert self.chat.messages.get(role="assistant").finish_reason == ""
            self.write(1.0)
            assert following.result(STEP_BY_STEP) == 1
        self.chat.refresh_from_db()
        answer = self.chat.messages.get(role="assistant")
        assert (self.chat.status, answer.finish_reason) == ("ready", "stop")
        assert self.stored() == self.told()
        live = page_of(pieces)
        live.pop("title")
        shown = texts(live)
        assert shown == texts(dict(paint(self.chat, answer, {})))
        assert grown(pieces, f"part-{answer.upstream_id}-1")
        return list(shown.values())


def texts(pieces: dict[str, str]) -> dict[str, str]:
    return {name: " ".join(strip_tags(html).split()) for name, html in pieces.items()}


def grown(told: list[dict[str, Any]], part: str) -> bool:
    """Whether nothing of this part was ever taken back from the pages."""
    pieces = [dict(one.get("pieces", ())) for one in told]
    said = [texts(piece)[part] for piece in pieces if part in piece]
    return all(len(after) >= len(before) for before, after in itertools.pairwise(said))


@pytest.fixture(params=GENERATIONS)
def running(request: pytest.FixtureRequest, simulator: Simulator, key: Key) -> Running:
    return Running(simulator, key, request.param)


def test_an_event_that_is_not_known_is_passed_over(running: Running) -> None:
    strange = {"object": "message.dream", "id": running.reply.id, "delta": {"_t": "a", "0": ["x"]}}
    running.spoil(insert={4: strange})
    running.followed()
    assert running.joined() == 1


@pytest.mark.parametrize("delta", [{"op": "dream", "at": 2, "text": "lost"}, ["lost", 5, 7]])
def test_after_a_change_that_is_not_known_the_stream_is_joined_anew(
    running: Running, delta: Any
) -> None:
    strange = {"object": CHUNKS[running.generation], "id": running.reply.id, "delta": delta}
    running.spoil(insert={4: strange})
    shown = running.followed()
    assert running.joined() == 2
    assert not any("lost" in text for text in shown)


def test_where_each_stream_tells_a_change_that_is_not_known_the_answer_arrives_all_the_same(
    running: Running,
) -> None:
    strange = {"object": CHUNKS[running.generation], "id": running.reply.id, "delta": {"op": "x"}}
    running.spoil(insert={4: strange}, times=None)
    with ThreadPoolExecutor(1) as beside:
        following = beside.submit(follow, STEP_BY_STEP)
        for share in (0.1, 0.5, 0.95, 1.0):
            running.write(share)
        assert following.result(STEP_BY_STEP) == 1
    assert running.stored() == running.told()
    assert 2 <= running.joined() <= 8  # it waits between them


def test_a_part_that_is_not_known_is_shown_as_such_between_the_others(running: Running) -> None:
    in_stream, path, in_chat = UNKNOWN[running.generation]
    running.spoil(patch=in_stream)
    running.simulator.faults.add(path, method="GET", patch=in_chat, times=None)
    shown = running.followed()
    assert running.joined() == 1
    (place,) = (place for place, text in enumerate(shown) if text.startswith("Dream"))
    assert "of tea" in shown[place]
    assert 0 < place < len(shown) - 1
