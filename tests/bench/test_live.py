"""How soon what v0 writes is seen: from the simulator to fifty browsers that watch one chat."""

from __future__ import annotations

import asyncio
import html
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.driving import PASSWORD
from tests.demo import Installation
from v0client import AsyncV0
from v0client.http import AsyncClient, Limits

pytestmark = pytest.mark.bench
WATCHERS = 50
MOST = 0.3  # seconds, for 95 of 100
PROMPT = "A page about tea, with an opening, a list of teas, prices, and where to find the shop"
WORD = re.compile(r"[A-Za-z]+")
Seen = dict[tuple[int, int], float]  # the moment at which a part had so many words


@pytest.fixture(scope="module")
def demo() -> Iterator[Installation]:
    """A demo whose simulator can be asked past the dashboard."""
    with tempfile.TemporaryDirectory(prefix="v0-dashboard-") as folder:
        installation = Installation(Path(folder))
        try:
            installation.start()
            yield installation
        finally:
            installation.stop()


async def signed_in(client: AsyncClient, url: str) -> None:
    page = await client.get(f"{url}/accounts/login/")
    fields = {"login": "owner@example.com", "password": PASSWORD, **hidden(page.text)}
    answer = await client.post(f"{url}/accounts/login/", data=fields)
    assert answer.status_code == 302, answer.text


def hidden(page: str) -> dict[str, str]:
    """The values that a form carries along."""
    found = re.findall(r'name="(csrfmiddlewaretoken|nonce)" value="([^"]+)"', page)
    return dict(reversed(found))


async def new_chat(client: AsyncClient, url: str) -> str:
    """The address of a chat that v0 has begun to write."""
    page = await client.get(f"{url}/t/acme/chats/new/")
    form = page.text[page.text.index('id="new-chat"') :]
    fields = {"prompt": PROMPT, "privacy": "private", **hidden(form)}
    answer = await client.post(f"{url}/t/acme/chats/new/", data=fields)
    assert answer.status_code == 302, answer.text
    return url + answer.headers["location"]


async def leaving(simulator: str, chat_id: str) -> Seen:
    """When each word left the simulator: its own stream, read beside the dashboard."""
    seen: Seen = {}
    async with (
        AsyncV0("v0-demo-owner", base_url=simulator) as v0,
        v0.v2.chats.resume(chat_id) as events,
    ):
        async for _ in events:
            for place, part in enumerate(events.state.raw_parts):
                note(seen, place, part.get("text", ""))
    return seen


async def arriving(client: AsyncClient, chat: str, seen: Seen) -> None:
    """Notes when each word was at one of the watchers."""
    async with client.stream("GET", f"{chat}live/", timeout=60) as answer:
        async for line in answer.aiter_lines():
            told = json.loads(line.removeprefix("data: ")) if line else {}
            for name, piece in told.get("pieces", ()):
                if name.startswith("part-"):
                    prose = piece.partition('class="prose"')[2].partition(">")[2]
                    text = html.unescape(re.sub("<[^>]+>", " ", prose))
                    note(seen, int(name.rpartition("-")[2]), text)
            if told.get("look") and len(seen) > 1:
                return


def note(seen: Seen, place: int, text: str) -> None:
    seen.setdefault((place, len(WORD.findall(text))), time.monotonic())


def delays(left: Seen, arrived: Seen, since: float) -> list[float]:
    """How long each word that left after everybody was there took to one watcher."""
    found = []
    for (place, words), moment in left.items():
        later = [
            when for (part, count), when in arrived.items() if part == place and count >= words
        ]
        if moment > since:
            found.append(min(later) - moment if later else float("inf"))
    return found


async def measure(url: str, simulator: str) -> list[float]:
    async with AsyncClient(timeout=30, limits=Limits(max_connections=None)) as client:
        await signed_in(client, url)
        chat = await new_chat(client, url)
        watchers: list[Seen] = [{} for _ in range(WATCHERS)]
        watching = [asyncio.create_task(arriving(client, chat, seen)) for seen in watchers]
        while not all(watchers):
            await asyncio.sleep(0.05)
        since = time.monotonic()
        left = await leaving(simulator, chat.rstrip("/").rpartition("/")[2])
        await asyncio.gather(*watching)
    return sorted(delay for one in watchers for delay in delays(left, one, since))


def test_words_are_seen_within_a_third_of_a_second_by_fifty_watchers(demo: Installation) -> None:
    port = (demo.data / "simulator.port").read_text()
    found = asyncio.run(measure(demo.url, f"http://127.0.0.1:{port}"))
    assert len(found) > WATCHERS * 20
    half, most = found[len(found) // 2], found[int(len(found) * 0.95)]
    print(
        f"\nfrom the simulator to {WATCHERS} watchers: {half * 1000:.0f} ms in the middle, "
        f"{most * 1000:.0f} ms for 95 of 100 (at most {MOST * 1000:.0f}), {len(found)} words"
    )
    assert most <= MOST
