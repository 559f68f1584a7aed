"""Every operation on both clients: the request it makes and the type it returns."""

from __future__ import annotations

import csv
import inspect
import re
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import pytest

import v0client
from tests.client.backend import Script, answered, ask, on_both_clients, sent_json
from tests.client.operation_cases import CASES, Case
from v0client import V0, http
from v0client.calls import Declared

CONTRACT = Path(__file__).parents[3] / "shared/contracts/operations.tsv"
README = Path(v0client.__file__).parent / "README.md"
NOT_YET = ("hooks.", "integrations.", "reports.", "mcp_servers.")
EARLY = {"chats.upload", "chats.get_metadata", "chats.find_iframe", "chats.get_version_frame_token"}
STREAMS = {"chats.create_stream", "chats.send_message_stream", "chats.resolve_task_stream"}


def answer_to(case: Case) -> http.Response:
    if "stream" in case.name or case.name == "chats.resume":
        return http.Response(200, json=case.answer)
    return answered(case.answer)


def operations() -> dict[str, Declared[Any, Any]]:
    """All operations of a client by name."""
    with V0("key") as client:
        groups = vars(client.v1)
    return {
        f"{name}.{attribute}": inspect.getattr_static(type(group), attribute)
        for name, group in groups.items()
        for attribute in dir(type(group))
        if isinstance(inspect.getattr_static(type(group), attribute), Declared)
    }


@on_both_clients
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_operation_sends_its_request_and_returns_its_type(kind: str, case: Case) -> None:
    script = Script(answer_to(case))
    result = ask(kind, script, case.call)

    request = script.requests[0]
    assert f"{request.method} {request.url.path}" == case.request
    assert dict(parse_qsl(request.url.query.decode())) == case.query
    assert sent_json(request) == case.body
    assert request.headers["authorization"].startswith("Bearer ")
    if isinstance(case.returns, list):
        assert [type(item) for item in result] == case.returns
    else:
        assert type(result) is case.returns


def test_every_operation_has_a_case() -> None:
    assert operations().keys() == {case.name for case in CASES}


@pytest.mark.skipif(not CONTRACT.exists(), reason="the published list of operations is not here")
def test_the_operations_are_those_that_v0_publishes() -> None:
    with CONTRACT.open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    published = {row["name"] for row in rows if row["generation"] == "v1"} - EARLY
    expected = {name for name in published if not name.startswith(NOT_YET)}
    assert operations().keys() == expected | STREAMS


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_says_what_it_does_and_names_its_answer(name: str) -> None:
    declared = operations()[name]
    assert declared.__doc__
    answer = get_type_hints(declared.build)["return"]
    assert get_origin(answer) is not None, "the answer's type is missing"
    assert get_args(answer)


def test_the_readme_lists_every_operation_and_no_other() -> None:
    lines = README.read_text().splitlines()
    table = lines[lines.index("| Group | Operations |") + 2 :]
    told, group = set(), ""
    for line in table[: table.index("")]:
        first, names = line.strip("|").split("|")
        group = first.strip(" `") if "`" in first else group
        told |= {f"{group}.{name}" for name in re.findall(r"`(\w+)`", names)}
    assert told == operations().keys()


def test_an_operation_shows_its_own_signature_without_self() -> None:
    with V0("key") as client:
        assert list(inspect.signature(client.v1.chats.get_by_id).parameters) == ["chat_id"]


def test_a_misspelt_or_missing_field_of_a_prompt_is_refused_at_run_time() -> None:
    with V0("key") as client:
        with pytest.raises(TypeError, match="NewChat has no field sytem"):
            client.v1.chats.create(message="A page", sytem="Use React")
        with pytest.raises(TypeError, match="message"):
            client.v1.chats.create(system="Use React")
