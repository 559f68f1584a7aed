"""What a simulated v2 preview has for those who pass previews on, and for those who frame them."""

from __future__ import annotations

from tests.client.simulated import simulator
from tests.client.simulated_v2 import preview, started, v2
from v0client.simulator import hostile

TOKEN = "x-v0-preview-token"


def test_a_preview_echoes_what_it_was_asked_and_answers_as_told() -> None:
    http = v2(simulator())
    told = preview(http, started(http))
    query = {"status": "201", "x-made-up": "1"}
    answer = http.post(f"{told['url']}/echo", params=query, content=b"x", headers={
        TOKEN: told["token"]})  # fmt: skip
    assert (answer.status_code, answer.headers["x-made-up"]) == (201, "1")
    assert (answer.json()["method"], answer.json()["body"]) == ("POST", "x")
    assert http.get(f"{told['url']}/echo").status_code == 401


def test_a_preview_streams_events_a_second_apart() -> None:
    sim = simulator()
    http = v2(sim)
    told = preview(http, started(http))
    before = sim.clock.now()
    answer = http.get(f"{told['url']}/events", headers={TOKEN: told["token"]})
    assert answer.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"
    assert sim.clock.now() - before == 2


def test_a_preview_attacks_where_a_prompt_asks_for_it() -> None:
    http = v2(simulator())
    for prompt, attacks in ((f"A page to {hostile.WORDS}", True), ("A page about tea", False)):
        told = preview(http, started(http, prompt))
        page = http.get(told["url"], headers={TOKEN: told["token"]}).text
        assert (page == hostile.PAGE) == attacks
