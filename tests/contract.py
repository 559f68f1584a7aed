"""Judges exchanges with simulators, and requests of our client, by v0's published contract.

tests/conftest.py gives `notice` to every simulator of the test process, and `write_down` to those
that run as processes of their own; a test fails for what was found until its end."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema_rs import ValidationError, Validator

from tests import contract_schemas as schemas
from tests.contract_schemas import JSON, STREAM, Operation
from v0client.simulator import Exchange, generations
from v0client.simulator.exchange import Request

MISSING = "v0's published contract is not beside the repository"
# Names the file into which simulators that are processes write.
FILE = "CONTRACT_PROBLEMS"
OUR_CLIENT = "v0client/"
# A test may send nonsense to see it refused.
REFUSED_AS_NONSENSE = (400, 405, 413, 422)

found: list[str] = []


def available() -> bool:
    return schemas.FOLDER.is_dir()


def operations(generation: str) -> set[tuple[str, str]]:
    """(METHOD, path template) of every operation of v1 or v2 that is checked."""
    return {(one.method, one.template) for one in schemas.operations(generation)}


def notice(exchange: Exchange) -> None:
    """Keeps what is wrong with an exchange until `taken` is called."""
    found.extend(problems(exchange))


def write_down(exchange: Exchange) -> None:
    """The same, from another process than the tests'."""
    if wrong := problems(exchange):
        with Path(os.environ[FILE]).open("a") as file:
            file.write("".join(f"{json.dumps(one)}\n" for one in wrong))


def taken() -> list[str]:
    """What was found since the last call, in this process and in those it started."""
    told = [found.pop(0) for _ in range(len(found))]
    file = Path(os.environ[FILE])
    if file.exists():
        # Moved away first, so that nothing written meanwhile is lost.
        told += map(json.loads, file.rename(f"{file}.taken").read_text().splitlines())
    return told


def check_request(method: str, path: str, query: str, body: Any) -> None:
    """Fails where a request is not as declared. `path` begins with /v1 or /v2, `body` is JSON data
    or None."""
    wrong = [*_request(method, path, query, body)] if available() else []
    assert not wrong, f"{method} {path} {wrong}"


def problems(exchange: Exchange) -> list[str]:
    """What is wrong with an exchange, in sentences; nothing is where a fault spoiled it."""
    asked = exchange.request
    if exchange.faulted or exchange.generation not in schemas.FILES or not available():
        return []
    operation = _called(asked.method, asked.path)
    wrong = [*_answer(operation, exchange)] if operation else []
    ours = asked.headers.get("user-agent", "").startswith(OUR_CLIENT)
    if ours and exchange.status not in REFUSED_AS_NONSENSE:
        wrong += _request(asked.method, asked.path, asked.query_string, _sent(asked))
    return [f"{asked.method} {asked.path} {one}" for one in wrong]


def _called(method: str, path: str) -> Operation | None:
    """The operation behind an address; one with literal segments before one with parameters."""
    api = generations.of(path)
    if api is None or api.name not in schemas.FILES:
        return None
    rest = api.path(path) or ""
    fitting = [
        one
        for one in schemas.operations(api.name)
        if one.method == method and one.pattern.fullmatch(rest)
    ]
    return min(fitting, key=lambda one: one.template.count("{"), default=None)


def _answer(operation: Operation, exchange: Exchange) -> Iterator[str]:
    media = exchange.content_type.partition(";")[0]
    what = f"answers {exchange.status}"
    # v1 declares only the form of its answers that is not streamed.
    streamed = operation.generation == "v1" and b"experimental_stream" in exchange.request.body
    if not (streamed and media == STREAM and exchange.status == 200):
        try:
            declared = schemas.answer(operation, exchange.status, media)
        except KeyError:
            yield f"{what} as {media}, which is not declared"
            return
    if media == STREAM:
        yield from _events(operation, exchange.body)
    elif media == JSON:
        yield from _judged(what, declared, exchange.body)


def _events(operation: Operation, body: bytes) -> Iterator[str]:
    """The whole events; what follows the last empty line was cut off by the client's leaving."""
    for event in body.split(b"\n\n")[:-1]:
        if not event.startswith(b"data: ") or b"\n" in event:
            yield f"streams {event!r:.300}, which is no event"
        elif not (operation.generation == "v1" and event == b"data: [DONE]"):
            yield from _judged("streams an event", schemas.event(operation), event[6:])


def _request(method: str, path: str, query: str, body: Any) -> Iterator[str]:
    operation = _called(method, path)
    if operation is None:
        if not schemas.listed(method, path):
            yield "is not an operation of v0"
        return
    yield from _query(operation, query)
    declared = schemas.body(operation)
    if declared is None and body is not None:
        yield "is sent with a body, which is not declared"
    elif declared is not None:
        yield from _faults("is sent with a body", declared, body)


def _sent(request: Request) -> Any:
    """The body as JSON data; what is not JSON stays a text, which no operation declares."""
    try:
        return json.loads(request.body) if request.body else None
    except ValueError:
        return request.body.decode(errors="replace")


def _query(operation: Operation, query: str) -> Iterator[str]:
    given: dict[str, Any] = defaultdict(dict)
    for name, value in parse_qsl(query, keep_blank_values=True):
        key = re.fullmatch(r"(\w+)\[(.*)\]", name)
        if key and operation.parameters.get(key[1], {}).get("style") == "deepObject":
            given[key[1]][key[2]] = value
        else:
            given[name] = value
    for name in given.keys() - operation.parameters.keys():
        yield f"is sent with the parameter {name}, which is not declared"
    for name, declared in operation.parameters.items():
        if name in given:
            validator = schemas.parameter(operation, name)
            # Texts, numbers and booleans look alike in an address.
            if not any(map(validator.is_valid, _readings(given[name]))):
                yield f"is sent with {name}={given[name]}, which is not valid"
        elif declared.get("required") and "default" not in declared["schema"]:
            yield f"is sent without the parameter {name}"


def _readings(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, str):
        try:
            yield json.loads(value)
        except ValueError:
            return


def _judged(what: str, declared: Validator, text: bytes) -> Iterator[str]:
    try:
        value = json.loads(text)
    except ValueError:
        yield f"{what}: not JSON: {text!r:.300}"
        return
    yield from _faults(what, declared, value)


def _faults(what: str, declared: Validator, value: Any) -> Iterator[str]:
    if declared.is_valid(value):
        return
    for error in declared.iter_errors(value):
        for cause in _causes(error):
            place = ".".join(map(str, cause.instance_path))
            yield f"{what}{place and f' at {place}'}: {cause.message:.300}"


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """The mistakes inside the alternative that was most likely meant."""
    alternatives = getattr(error.kind, "context", None)
    if not alternatives:
        yield error
        return
    for inner in min(alternatives, key=_unlikeliness):
        yield from _causes(inner)


def _unlikeliness(errors: list[ValidationError]) -> tuple[int, int]:
    """Alternatives differ by their type, or by a field that has one value in each."""
    telling = sum(error.kind.name in ("const", "enum", "type") for error in errors)
    return telling, len(errors)
