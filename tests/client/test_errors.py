"""Error statuses, answers that cannot be read, and requests that cannot be sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import samples
from tests.client.backend import Script, answered, ask, on_both_clients, refused, sent_json
from v0client import NULL, errors, http

STATUSES = [
    (400, errors.BadRequest, ""),
    (401, errors.Unauthorized, "unauthorized_error"),
    (402, errors.PaymentRequired, ""),
    (403, errors.Forbidden, "forbidden_error"),
    (404, errors.NotFound, "not_found_error"),
    (408, errors.RequestTimedOut, ""),
    (409, errors.Conflict, "conflict_error"),
    (413, errors.PayloadTooLarge, "payload_too_large_error"),
    (418, errors.StatusError, ""),
    (422, errors.Unprocessable, "unprocessable_entity_error"),
    (429, errors.TooManyRequests, "too_many_requests_error"),
    (500, errors.ServerError, "internal_server_error"),
    (503, errors.ServerError, ""),
]


def failure(kind: str, answer: http.Response, call: Any = None) -> Any:
    """The error that an answer causes."""
    with pytest.raises(errors.V0Error) as caught:
        ask(kind, Script(answer), call or (lambda client: client.v1.user.get()), max_retries=0)
    return caught.value


@on_both_clients
@pytest.mark.parametrize(("status", "expected", "type"), STATUSES)
def test_each_status_has_its_class(kind: str, status: int, expected: Any, type: str) -> None:
    error = failure(kind, refused(status, "Not today", type, x_request_id="r1", retry_after="7"))
    assert error.__class__ is expected
    assert isinstance(error, errors.StatusError)
    assert (error.operation, error.status, error.type) == ("v1.user.get", status, type)
    assert (error.message, error.request_id, error.retry_after) == ("Not today", "r1", 7.0)
    assert "v1.user.get" in str(error)
    assert str(status) in str(error)
    assert "Not today" in str(error)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"success": False, "error": {"message": "Out of credits", "type": "x"}}, "Out of credits"),
        ({"error": "Out of credits"}, "Out of credits"),
        ({"message": "Out of credits"}, "Out of credits"),
        ({"error": None}, "Internal Server Error"),
        ({"error": {"message": 3}}, "Internal Server Error"),
        (["Out of credits"], "Internal Server Error"),
    ],
)
def test_the_message_is_found_in_every_known_body(body: Any, message: str) -> None:
    assert failure("blocking", answered(body, 500)).message == message


def test_an_error_page_in_html_is_not_quoted() -> None:
    page = http.Response(502, html="<h1>Bad gateway</h1>")
    assert failure("blocking", page).message == "Bad Gateway"


@on_both_clients
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.v1.chats.create_stream(message="A page"),
        lambda client: client.v1.chats.download_version("c1", "b1"),
        lambda client: client.v1.chats.find(),
    ],
)
def test_streams_files_and_lists_fail_with_the_same_errors(kind: str, call: Any) -> None:
    assert failure(kind, refused(403, "Not yours"), call).message == "Not yours"


def test_a_redirect_is_not_followed_with_the_key() -> None:
    moved = http.Response(302, headers={"location": "https://elsewhere.example.com"})
    script = Script(moved)
    with pytest.raises(errors.StatusError):
        ask("blocking", script, lambda client: client.v1.user.get())
    assert len(script.requests) == 1


@on_both_clients
@pytest.mark.parametrize("text", ["<html></html>", "", "{", "null\x00", '{"id": NaN'])
def test_an_answer_that_is_not_json_says_so(kind: str, text: str) -> None:
    error = failure(kind, http.Response(200, text=text, headers={"content-type": "text/html"}))
    assert isinstance(error, errors.InvalidAnswer)
    assert "text/html" in str(error)
    assert "not JSON" in str(error)


@pytest.mark.parametrize(
    ("call", "body", "field"),
    [
        ("v1.user.get", samples.account(email=None), "email"),
        ("v1.user.get", [], ""),
        (
            "v1.chats.get_by_id",
            samples.chat_detail(messages=[samples.message(id=3)]),
            "messages[0].id",
        ),
        (
            "v1.chats.get_by_id",
            samples.chat_detail(latestVersion=samples.version_detail(createdAt="soon")),
            "latestVersion.createdAt",
        ),
        ("v1.user.get_billing", samples.token_billing(role=None), "data.role"),
        ("v1.user.get_billing", {"billingType": "legacy", "data": {"limit": "x"}}, "data.limit"),
        ("v1.projects.find", samples.listed({}), "data[0].id"),
    ],
)
def test_an_answer_of_another_shape_names_the_field(call: str, body: Any, field: str) -> None:
    group, operation = call.removeprefix("v1.").split(".")

    def ask_it(client: Any) -> Any:
        function = getattr(getattr(client.v1, group), operation)
        return function("c1") if operation == "get_by_id" else function()

    error = failure("blocking", answered(body), ask_it)
    assert isinstance(error, errors.InvalidAnswer)
    assert (error.operation, error.field) == (call, field)
    assert field in str(error)


@on_both_clients
@pytest.mark.parametrize("bad", ["", ".", "..", None, 7])
def test_what_is_not_an_id_is_refused_before_anything_is_sent(kind: str, bad: Any) -> None:
    script = Script(answered({}))
    with pytest.raises(errors.InvalidRequest, match="chat_id must be an id") as caught:
        ask(kind, script, lambda client: client.v1.chats.get_by_id(bad))
    assert caught.value.operation == "v1.chats.get_by_id"
    assert script.requests == []


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("a/b", b"/v1/chats/a%2Fb"),
        ("../user", b"/v1/chats/..%2Fuser"),
        ("a?b#c", b"/v1/chats/a%3Fb%23c"),
        ("%2e%2e", b"/v1/chats/%252e%252e"),
        ("ä b", b"/v1/chats/%C3%A4%20b"),
        ("{x}", b"/v1/chats/%7Bx%7D"),
    ],
)
def test_ids_are_quoted(id: str, path: bytes) -> None:
    script = Script(answered(samples.chat_detail()))
    ask("blocking", script, lambda client: client.v1.chats.get_by_id(id))
    assert script.requests[0].url.raw_path == path


@pytest.mark.parametrize("message", ["\ud800", float("nan"), b"bytes", object()])
def test_what_json_cannot_hold_is_refused(message: Any) -> None:
    with pytest.raises(errors.InvalidRequest, match="JSON"):
        ask(
            "blocking", Script(answered({})), lambda client: client.v1.chats.create(message=message)
        )


def test_null_is_told_apart_from_left_out() -> None:
    script = Script(answered(samples.chat_detail()))
    ask("blocking", script, lambda client: client.v1.chats.update("c1", name="New"))
    ask("blocking", script, lambda client: client.v1.chats.update("c1", metadata=NULL))
    assert [sent_json(request) for request in script.requests] == [
        {"name": "New"},
        {"metadata": None},
    ]


def test_letters_of_every_script_arrive_as_they_are() -> None:
    script = Script(answered(samples.chat_detail()))
    prompt = "Eine Seite für 日本 🎉 \u2028 \x00"
    ask("blocking", script, lambda client: client.v1.chats.create(message=prompt))
    assert sent_json(script.requests[0]) == {"message": prompt}


@on_both_clients
@pytest.mark.parametrize(
    "options",
    [{"base_url": "api.v0.dev"}, {"base_url": "file:///x"}, {"scope": ""}, {"scope": "a\r\nb"}],
)
def test_settings_that_cannot_work_are_refused_at_once(kind: str, options: Any) -> None:
    with pytest.raises(errors.InvalidRequest):
        ask(kind, Script(answered({})), lambda client: client.v1.user.get(), **options)
