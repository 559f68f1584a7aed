"""Every operation on both clients: the request it makes and the type it returns."""

from __future__ import annotations

import csv
import inspect
from pathlib import Path
from typing import get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import pytest

from tests import contract
from tests.client.backend import Script, answered, ask, on_both_clients, sent_json
from tests.client.cases import CASES, Case
from v0client import V0, http
from v0client.operations import Operation, operations

CONTRACT = Path(__file__).parents[3] / "shared/contracts/operations.tsv"
OPERATIONS = operations()
NAMES = {operation.name for operation in OPERATIONS}
GENERATIONS = sorted({name.split(".")[0] for name in NAMES})
STREAMS = {  # v1 and the Model API stream at the addresses that they also answer at
    "model.chat.completions.create_stream",
    "v1.chats.create_stream",
    "v1.chats.send_message_stream",
    "v1.chats.resolve_task_stream",
}


def names_of(generation: str, names: set[str]) -> set[str]:
    return {name for name in names if name.startswith(f"{generation}.")}


def answer_to(case: Case) -> http.Response:
    if "stream" in case.name or case.name.endswith("chats.resume"):
        return http.Response(200, json=case.answer)
    return answered(case.answer)


@on_both_clients
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_operation_sends_its_request_and_returns_its_type(kind: str, case: Case) -> None:
    script = Script(answer_to(case))
    result = ask(kind, script, case.call)

    request = script.requests[0]
    assert f"{request.method} {request.url.path}" == case.request
    assert dict(parse_qsl(request.url.query.decode())) == case.query
    assert request.headers["authorization"].startswith("Bearer ")
    if isinstance(case.body, bytes):  # an upload
        assert case.body in request.read()
    else:
        assert sent_json(request) == case.body
        path, _, query = request.url.raw_path.decode().partition("?")
        contract.check_request(request.method, path, query, sent_json(request))
    if isinstance(case.returns, list):
        assert [type(item) for item in result] == case.returns
    else:
        assert type(result) is case.returns


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_operation_has_a_case(generation: str) -> None:
    assert names_of(generation, NAMES) == names_of(generation, {case.name for case in CASES})


@pytest.mark.skipif(not CONTRACT.exists(), reason="the published list of operations is not here")
@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_operations_are_those_that_v0_publishes(generation: str) -> None:
    with CONTRACT.open() as file:
        rows = csv.DictReader(file, delimiter="\t")
        published = {f"{row['generation']}.{row['name']}" for row in rows}
    assert names_of(generation, NAMES) == names_of(generation, published | STREAMS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_says_what_it_does_and_names_its_answer(operation: Operation) -> None:
    assert operation.declared.__doc__
    answer = get_type_hints(operation.declared.build)["return"]
    assert get_origin(answer) is not None, "the answer's type is missing"
    assert get_args(answer)


def test_an_operation_shows_its_own_signature_without_self() -> None:
    with V0("key") as client:
        assert list(inspect.signature(client.v1.chats.get_by_id).parameters) == ["chat_id"]


def test_a_misspelt_or_missing_field_of_a_prompt_is_refused_at_run_time() -> None:
    with V0("key") as client:
        with pytest.raises(TypeError, match="NewChat has no field sytem"):
            client.v1.chats.create(message="A page", sytem="Use React")
        with pytest.raises(TypeError, match="message"):
            client.v1.chats.create(system="Use React")
