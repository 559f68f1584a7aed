"""The comparison with v0's contract: what it finds in answers, in streams and in requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from tests import contract
from tests.client.simulated import OWNER, simulator
from tests.contract_schemas import changed, closed, lenient
from v0client import V0
from v0client.simulator import Exchange, v1, v2

pytestmark = pytest.mark.skipif(not contract.available(), reason=contract.MISSING)
both_generations = pytest.mark.parametrize("generation", ["v1", "v2"])
Fields = dict[str, Any]


def exchanges(call: Callable[[V0], object]) -> list[Exchange]:
    """What our client and a simulator say to each other when it is called."""
    sim = simulator()
    told: list[Exchange] = []
    sim.on_exchange = told.append
    with V0(OWNER, transport=sim.transport(), base_url=sim.base_url) as client:
        call(client)
    assert [contract.problems(exchange) for exchange in told] == [[]] * len(told)
    return told


def chat(generation: str) -> Exchange:
    """A chat is read."""

    def read(client: V0) -> None:
        if generation == "v1":
            client.v1.chats.get_by_id(client.v1.chats.create(message="A shop").id)
        else:
            client.v2.chats.get(client.v2.chats.create(message="A shop").chat.id)

    return exchanges(read)[-1]


def stream(generation: str) -> Exchange:
    """A chat is written before one's eyes."""

    def listen(client: V0) -> None:
        chats = client.v1.chats if generation == "v1" else client.v2.chats
        with chats.create_stream(message="A shop") as events:
            list(events)

    return exchanges(listen)[-1]


def answering(exchange: Exchange, body: Any) -> list[str]:
    """What is found when this is the answer."""
    return contract.problems(replace(exchange, body=json.dumps(body).encode()))


def asking(exchange: Exchange, **changes: Any) -> list[str]:
    """What is found when the request differs."""
    return contract.problems(replace(exchange, request=replace(exchange.request, **changes)))


@pytest.mark.parametrize(("generation", "served"), [("v1", v1), ("v2", v2)])
def test_every_operation_of_the_contract_is_served(generation: str, served: ModuleType) -> None:
    assert contract.operations(generation) - set(served.ROUTES) == set()


@both_generations
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"surprise": 1}, "('surprise' was unexpected)"),
        ({"metadata": {"ticket": 7}}, 'at metadata.ticket: 7 is not of type "string"'),
        ({"privacy": "secret"}, "at privacy"),
        ({"createdAt": "2026-06-15 12:00"}, "at createdAt"),
        ({"id": None}, 'at id: null is not of type "string"'),
    ],
)
def test_a_field_that_is_not_as_declared_is_found(
    generation: str, change: Fields, said: str
) -> None:
    read = chat(generation)
    found = answering(read, json.loads(read.body) | change)
    assert any(said in one for one in found), found
    assert all(one.startswith(f"GET {read.request.path} answers 200") for one in found)


@both_generations
def test_a_missing_field_is_found(generation: str) -> None:
    read = chat(generation)
    body = json.loads(read.body)
    del body["authorId"]
    [found] = answering(read, body)
    assert '"authorId" is a required property' in found


def test_a_field_deep_inside_is_found() -> None:
    read = chat("v1")
    body = json.loads(read.body)
    body["messages"][0]["surprise"] = 1
    [found] = answering(read, body)
    assert "at messages.0: " in found
    assert "surprise" in found


@both_generations
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": 402}, "answers 402 as application/json, which is not declared"),
        ({"status": 404}, "answers 404: "),
        ({"content_type": "text/html"}, "answers 200 as text/html, which is not declared"),
        ({"content_type": "text/event-stream"}, "which is not declared"),
        ({"body": b"<html>"}, "not JSON"),
    ],
)
def test_another_status_or_kind_of_answer_is_found(
    generation: str, change: Fields, said: str
) -> None:
    found = contract.problems(replace(chat(generation), **change))
    assert any(said in one for one in found), found


def test_what_a_fault_has_spoiled_is_not_judged() -> None:
    assert contract.problems(replace(chat("v1"), body=b"{}", faulted=True)) == []


@both_generations
@pytest.mark.parametrize(
    ("event", "said"),
    [
        (b'data: {"object":"chat.title","id":"c","delta":"A","extra":1}', "extra"),
        (b'data: {"object":"chat.title","id":"c"}', '"delta" is a required property'),
        (b'data: {"object":"chat.title","id":"c","delta":7}', "at delta: 7 is not"),
        (b'data: {"object":"chat","id":"c"}', "is a required property"),
        (b'data: {"object":"surprise"}', "at object"),
        (b"data: {", "not JSON"),
        (b"event: done\ndata: {}", "is no event"),
        (b'{"object":"chat.title","id":"c","delta":"A"}', "is no event"),
    ],
)
def test_an_event_that_is_not_as_declared_is_found(
    generation: str, event: bytes, said: str
) -> None:
    written = stream(generation)
    found = contract.problems(replace(written, body=event + b"\n\n" + written.body))
    assert found
    assert all("streams" in one for one in found)
    assert any(said in one for one in found), found


def test_only_v1_streams_have_an_end_mark() -> None:
    assert stream("v1").body.endswith(b"data: [DONE]\n\n")
    written = stream("v2")
    [found] = contract.problems(replace(written, body=written.body + b"data: [DONE]\n\n"))
    assert "not JSON" in found


@both_generations
def test_a_stream_that_its_client_left_is_judged_as_far_as_it_came(generation: str) -> None:
    written = stream(generation)
    half = replace(written, body=written.body[: len(written.body) // 2])
    assert contract.problems(half) == []
    assert contract.problems(replace(half, body=b"data: {}\n\n" + half.body))


@both_generations
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message":"A shop","surprise":1}', "surprise"),
        (b'{"privacy":"team"}', '"message" is a required property'),
        (b'{"message":7}', 'at message: 7 is not of type "string"'),
        (b"", "null is not of type"),
        (b"message=A", "is not of type"),
    ],
)
def test_a_body_that_is_not_as_declared_is_found(generation: str, body: bytes, said: str) -> None:
    found = asking(stream(generation), body=body)
    assert any(said in one for one in found if "is sent with a body" in one), found


@both_generations
def test_a_body_where_none_is_declared_is_found(generation: str) -> None:
    [found] = asking(chat(generation), body=b"{}")
    assert found.endswith("is sent with a body, which is not declared")


def test_requests_that_are_not_ours_or_were_refused_as_nonsense_are_not_judged() -> None:
    read = chat("v1")
    assert asking(read, body=b"{}")
    assert asking(read, body=b"{}", headers={"user-agent": "curl/8"}) == []
    refused = replace(read, status=422, request=replace(read.request, body=b"{}"))
    error = {"error": {"message": "no", "type": "unprocessable_entity_error"}}
    assert answering(refused, error) == []


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/v1/chats", "limit=20&offset=0&isFavorite=true", ""),
        ("/v1/chats", "limit=61", "limit=61"),
        ("/v1/chats", "limit=many", "limit=many"),
        ("/v1/chats", "isFavorite=1", "isFavorite=1"),
        ("/v1/chats", "page=2", "page, which is not declared"),
        ("/v1/chats", "metadata[a]=b", "metadata[a], which is not declared"),
        ("/v1/deployments", "chatId=c", "without the parameter versionId"),
        ("/v1/reports/usage", "startDate=2026-06-01T00:00:00Z", ""),
        ("/v1/reports/usage", "startDate=2026-06-01", "startDate=2026-06-01"),
        ("/v2/chats", "limit=20&metadata[ticket]=7&metadata%5Bteam%5D=a", ""),
        ("/api/v2/chats", f"metadata[ticket]={'x' * 501}", "metadata="),
        ("/v2/chats/c/messages", "", ""),
        ("/v2/chats/c/messages", "limit=101", "limit=101"),
        ("/v2/chats/c/connect/status", "", "without the parameter requestId"),
        ("/v2/organizations/o/teams/t/api-keys", "", ""),
        ("/v2/organizations/o/teams/t/api-keys", "limit=1", "limit, which is not declared"),
        ("/v1/chats/c/metadata", "", ""),
        ("/v2/projects", "", "is not an operation of v0"),
    ],
)
def test_a_query_is_compared_with_its_declaration(path: str, query: str, said: str) -> None:
    if not said:
        contract.check_request("GET", path, query, None)
        return
    with pytest.raises(AssertionError) as failure:
        contract.check_request("GET", path, query, None)
    assert said in str(failure.value)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/chats/init", {"type": "repo", "repo": {"url": "https://a.b/c"}, "name": "A"}),
        ("POST", "/v2/chats/c/duplicate", {}),
        ("PUT", "/v2/organizations/o/spend-limit", {"limit": 100}),
    ],
)
def test_a_body_may_be_all_that_is_declared_and_no_more(
    method: str, path: str, body: Fields
) -> None:
    contract.check_request(method, path, "", body)
    with pytest.raises(AssertionError, match="surprise"):
        contract.check_request(method, path, "", body | {"surprise": 1})


def test_schemas_that_leave_room_are_closed_but_maps_are_not() -> None:
    text = {"type": "string"}
    map_of_texts = {"type": "object", "additionalProperties": text}
    assert changed({"items": {"properties": {"properties": map_of_texts}}}, closed) == {
        "items": {"additionalProperties": False, "properties": {"properties": map_of_texts}}
    }


def test_a_default_makes_a_field_of_a_request_optional() -> None:
    schema = {"properties": {"a": {"default": 1}, "b": {}}, "required": ["a", "b"]}
    assert lenient(schema)["required"] == ["b"]
