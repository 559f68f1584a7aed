"""Compares the simulator's answers with v0's published contract, where a copy lies beside the
repository. Give `check` to `Simulator(on_exchange=…)`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from v0client.simulator import Exchange

FOLDER = Path(__file__).parent.parent.parent / "shared" / "contracts"
MISSING = f"the contract files are not at {FOLDER.name}/ beside the repository"
FILES = {"v1": "v0-platform-v1.openapi.json", "v2": "v0-platform-v2.openapi.json"}


def available() -> bool:
    return FOLDER.is_dir()


@cache
def specification(file_name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / file_name).read_text())
    without_patterns(document)
    return document


def without_patterns(node: object) -> None:
    """Drops regular expressions, which Python spells differently; `format` stays."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            del node["pattern"]
        for value in node.values():
            without_patterns(value)
    elif isinstance(node, list):
        for value in node:
            without_patterns(value)


def operations(file_name: str = "v0-platform-v1.openapi.json") -> set[tuple[str, str]]:
    """(METHOD, path template) of every operation in the contract."""
    paths = specification(file_name)["paths"]
    methods = {"get", "post", "put", "patch", "delete"}
    return {(m.upper(), path) for path, item in paths.items() for m in item if m in methods}


@cache
def validator(file_name: str, method: str, template: str, status: int) -> Any:
    """The validator of one answer, or None where the answer is not JSON."""
    document = specification(file_name)
    operation = document["paths"][template][method.lower()]
    responses = operation["responses"]
    assert str(status) in responses, f"{method} {template} does not declare status {status}"
    content = responses[str(status)].get("content", {})
    if "application/json" not in content:
        return None
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    return jsonschema.Draft202012Validator(schema)


def check(exchange: Exchange) -> None:
    """Fails where an answer is not what the contract declares."""
    file = FILES.get(exchange.generation)
    if exchange.faulted or not exchange.template or file is None or not available():
        return
    found = validator(file, exchange.method, exchange.template, exchange.status)
    if exchange.body is None or not exchange.content_type.startswith("application/json"):
        return
    if found is None:
        return
    problems = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in found.iter_errors(json.loads(exchange.body))
    ]
    assert not problems, f"{exchange.method} {exchange.template}: {problems[:5]}"
