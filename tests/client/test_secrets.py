"""The key is nowhere to be seen: not in texts, not in tracebacks, not in pickles."""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from tests.client import samples
from tests.client.backend import KEY, Body, Script, answered, ask, on_both_clients, refused
from v0client import V0, Answer, AsyncV0, errors, http

FAILURES: dict[str, Callable[[], http.Response | Exception]] = {
    "key echoed": lambda: refused(
        401, f"the key {KEY} is unknown", f"type {KEY}", x_request_id=KEY
    ),
    "not JSON": lambda: http.Response(200, text="<html>"),
    "another shape": lambda: answered(samples.account(id=None)),
    "connection lost": lambda: http.ReadError(f"cannot send Bearer {KEY}"),
    "timeout": lambda: http.ConnectTimeout("slow"),
    "body cut": lambda: http.Response(200, stream=Body([b"{"], http.ReadError("cut"))),
    "bad encoding": lambda: http.Response(
        200, stream=Body([b"x"]), headers={"content-encoding": "gzip"}
    ),
}


def everything_told(error: BaseException) -> str:
    """The traceback of an error with the values of all local variables, as error trackers do."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(told.format()) + repr(error) + str(error) + repr(vars(error))


@on_both_clients
@pytest.mark.parametrize("failure", FAILURES)
def test_no_error_shows_the_key(kind: str, failure: str) -> None:
    seen: list[Answer] = []
    with pytest.raises(errors.V0Error) as caught:
        ask(
            kind,
            Script(FAILURES[failure]()),
            lambda client: client.v1.user.get(),
            on_answer=seen.append,
            max_retries=0,
        )
    assert KEY not in everything_told(caught.value)
    assert KEY.encode() not in pickle.dumps(caught.value)
    assert KEY not in repr(seen)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@on_both_clients
@pytest.mark.parametrize("event", ['{"error": "%s"}', '{"error": {"message": "no", "code": "%s"}}'])
def test_no_error_inside_a_stream_shows_the_key(kind: str, event: str) -> None:
    text = f"data: {event % KEY}\n\n"
    with pytest.raises(errors.StreamFailed) as caught:
        ask(
            kind,
            Script(http.Response(200, text=text)),
            lambda client: client.v1.chats.create_stream(message="A page"),
        )
    assert "[key]" in repr(vars(caught.value))
    assert KEY not in str(caught.value) + repr(caught.value) + repr(vars(caught.value))


@pytest.mark.parametrize("kind", [V0, AsyncV0])
def test_a_client_that_was_refused_can_still_be_shown(kind: Any) -> None:
    assert repr(kind.__new__(kind)) == kind.__name__


def test_errors_survive_pickling() -> None:
    before = errors.TooManyRequests(
        "slow down",
        operation="v1.user.get",
        status=429,
        type="too_many_requests_error",
        request_id="r1",
        retry_after=3.0,
    )
    after = pickle.loads(pickle.dumps(before))  # noqa: S301
    assert type(after) is type(before)
    assert vars(after) == vars(before)
    assert str(after) == str(before)
    assert copy.copy(before).status == 429


@pytest.mark.parametrize("kind", [V0, AsyncV0])
def test_a_client_shows_only_where_it_talks_to(kind: Any) -> None:
    client = kind(KEY, base_url="http://localhost:4100/")
    assert repr(client) == f"{kind.__name__}(base_url='http://localhost:4100')"
    assert not hasattr(client, "api_key")
    assert [name for name in dir(client) if "key" in name and not name.startswith("_")] == ["key"]
    assert repr(client.key) == str(client.key) == "Key(…)"
    assert KEY not in repr(vars(client))
    assert KEY not in repr(vars(client._connection))
    for take_apart in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="key"):
            take_apart(client)


@pytest.mark.parametrize("bad", ["", " ", "a b", "a\nb", "schlüssel-geheim", None])
def test_a_key_that_cannot_be_sent_is_refused_without_quoting_it(bad: Any) -> None:
    with pytest.raises(errors.InvalidRequest, match="API key") as caught:
        V0(bad)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_values_of_environment_variables_are_not_in_reprs() -> None:
    script = Script(answered(samples.listed(samples.variable(value="top-secret"))))
    found = ask("blocking", script, lambda client: client.v1.projects.find_env_vars("p1"))
    assert found.data[0].value == "top-secret"
    assert "top-secret" not in repr(found)


def test_values_that_were_refused_are_not_in_tracebacks() -> None:
    with pytest.raises(errors.Unprocessable) as caught:
        ask(
            "blocking",
            Script(refused(422, "Invalid value")),
            lambda client: client.v1.projects.create_env_vars(
                "p1", environment_variables=[{"key": "A", "value": "top-" + "secret"}]
            ),
        )
    own = [
        frame
        for frame in traceback.TracebackException.from_exception(
            caught.value, capture_locals=True
        ).stack
        if "v0client" in frame.filename and "/calls.py" not in frame.filename
    ]
    assert own
    assert "top-secret" not in str([frame.locals for frame in own])
