"""What is sent again, when, and above all what is never sent twice."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client import samples
from tests.client.backend import Script, answered, ask, on_both_clients, refused
from v0client import Answer, errors, http
from v0client.flow import Lost, Send, Wait, attempts, pause, retry_after

NOW = 1_772_359_200.0
CUT = Lost("ReadError", maybe_sent=True)
UNREACHED = Lost("ConnectError", maybe_sent=False)
ONCE = {"retry_after": "0"}


def waits(method: str, *outcomes: Any, max_retries: int = 2) -> list[float]:
    """The pauses that the policy asks for until it gives up or succeeds."""
    flow = attempts(method, max_retries, chance=lambda: 0.0, now=lambda: NOW)
    pauses, left = [], list(outcomes)
    step = next(flow)
    while True:
        if isinstance(step, Wait):
            pauses.append(step.seconds)
        try:
            step = flow.send(left.pop(0) if isinstance(step, Send) else None)
        except StopIteration:
            return pauses


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_get_is_tried_again_with_doubling_pauses(status: int) -> None:
    assert waits("GET", refused(status), refused(status), refused(status)) == [0.5, 1.0]


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409, 413, 422])
def test_other_answers_to_a_get_are_final(status: int) -> None:
    assert waits("GET", refused(status)) == []


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("outcome", [CUT, refused(429, **ONCE), refused(500), refused(503)])
def test_a_write_that_v0_may_have_seen_is_never_sent_again(method: str, outcome: Any) -> None:
    assert waits(method, outcome) == []


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_v0_cannot_have_seen_is_sent_again(method: str) -> None:
    assert waits(method, UNREACHED, UNREACHED, answered({})) == [0.5, 1.0]


def test_a_get_is_sent_again_when_the_connection_breaks() -> None:
    assert waits("GET", CUT, answered({})) == [0.5]


def test_an_answer_in_a_broken_encoding_is_final() -> None:
    assert waits("GET", Lost("DecodingError", unreadable=True)) == []


def test_v0_decides_how_long_to_wait_up_to_a_minute() -> None:
    assert waits("GET", refused(429, retry_after="60"), answered({})) == [60.0]
    assert waits("GET", refused(429, retry_after="61")) == []


def test_no_retries_are_made_where_none_are_allowed() -> None:
    assert waits("GET", refused(503), max_retries=0) == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("1.5", 1.5),
        (" 7 ", 7.0),
        ("Sun, 01 Mar 2026 10:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 09:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("²", None),
        ("Sun, 99 Mar 2026 10:00:30 GMT", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_breaks_the_policy(value: str) -> None:
    seconds = retry_after({"retry-after": value}, NOW)
    assert seconds is None or seconds >= 0


@given(st.integers(1, 50), st.floats(0, 1))
def test_pauses_are_spread_and_bounded(number: int, chance: float) -> None:
    assert 0.25 <= pause(number, chance) <= 8.0


@on_both_clients
def test_a_client_follows_the_policy_and_reports_every_attempt(kind: str) -> None:
    seen: list[Answer] = []
    script = Script(
        refused(503, **ONCE), refused(429, **ONCE), answered(samples.account(), x_request_id="r3")
    )
    ask(kind, script, lambda client: client.v1.user.get(), on_answer=seen.append)
    assert [(one.status, one.attempt) for one in seen] == [(503, 1), (429, 2), (200, 3)]
    assert {(one.operation, one.method, one.path) for one in seen} == {
        ("v1.user.get", "GET", "/v1/user")
    }
    assert seen[2].headers["x-request-id"] == "r3"
    assert [one.retry_after for one in seen] == [0.0, 0.0, None]
    assert all(one.seconds >= 0 for one in seen)


@on_both_clients
def test_a_lost_connection_is_reported_with_status_0(kind: str) -> None:
    seen: list[Answer] = []
    with pytest.raises(errors.ConnectionFailed) as caught:
        ask(
            kind,
            Script(http.ReadError("connection reset by peer")),
            lambda client: client.v1.user.get(),
            on_answer=seen.append,
            max_retries=0,
        )
    assert [(one.status, one.error) for one in seen] == [(0, "ReadError: connection reset by peer")]
    assert caught.value.maybe_sent
    assert caught.value.operation == "v1.user.get"


@on_both_clients
@pytest.mark.parametrize(
    "failure", [http.ReadError("cut"), http.ReadTimeout("slow"), http.RemoteProtocolError("cut")]
)
def test_a_prompt_is_sent_once_whatever_happens(kind: str, failure: Exception) -> None:
    script = Script(failure)
    with pytest.raises(errors.ConnectionFailed):
        ask(kind, script, lambda client: client.v1.chats.create(message="A page"))
    with pytest.raises(errors.ConnectionFailed):
        ask(kind, script, lambda client: client.v1.chats.create_stream(message="A page"))
    assert len(script.requests) == 2


@on_both_clients
def test_every_request_has_a_timeout_unless_told_otherwise(kind: str) -> None:
    script = Script(answered(samples.account()))
    ask(kind, script, lambda client: client.v1.user.get())
    for name in ("create", "create_stream"):
        with contextlib.suppress(errors.V0Error):  # the answer is that of another question
            ask(kind, script, lambda client, name=name: getattr(client.v1.chats, name)(message="x"))
    for request in script.requests:
        assert all(0 < limit <= 900 for limit in request.extensions["timeout"].values())
    assert len(script.requests) == 3


@on_both_clients
def test_a_timeout_has_its_own_error(kind: str) -> None:
    with pytest.raises(errors.TimedOut, match="user"):
        ask(
            kind,
            Script(http.ConnectTimeout("slow")),
            lambda client: client.v1.user.get(),
            max_retries=0,
        )


@on_both_clients
def test_a_session_token_is_sent_back(kind: str) -> None:
    script = Script(
        answered(
            samples.listed(*[samples.message()], pagination={"hasMore": True, "nextCursor": "2"}),
            x_session_token="t1",
        ),
        answered(samples.listed(pagination={"hasMore": False})),
    )
    ask(kind, script, lambda client: client.v1.chats.find_messages("c1"))
    assert [request.headers.get("x-session-token") for request in script.requests] == [None, "t1"]


@on_both_clients
def test_a_scope_is_sent_with_every_call(kind: str) -> None:
    script = Script(answered(samples.account()))
    ask(kind, script, lambda client: client.v1.user.get(), scope="team_1")
    assert script.requests[0].headers["x-scope"] == "team_1"
