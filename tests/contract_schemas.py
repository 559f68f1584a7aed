"""v0's published contract as validators, where a copy lies beside the repository: the operations of
each generation, and what each declares. Judging exchanges by it is in contract.py."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, Validator

Schema = dict[str, Any]
Change = Callable[[Schema], Schema]

FOLDER = Path(__file__).parent.parent.parent / "shared" / "contracts"
FILES = {"v1": "v0-platform-v1.openapi.json", "v2": "v0-platform-v2.openapi.json"}
METHODS = ("get", "post", "put", "patch", "delete")
JSON, STREAM, ZIP = "application/json", "text/event-stream", "application/zip"


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def fields(**properties: Schema) -> Schema:
    """An object with exactly these fields."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def word(value: str) -> Schema:
    return {"const": value}


TEXT: Schema = {"type": "string"}
DOLLARS = fields(limit={"type": "integer"})

# v1 declares its streams as text; these are the events that v0's own SDK reads.
V1_EVENTS: Schema = {
    "oneOf": [
        reference("ChatDetail"),
        fields(object=word("chat.title"), id=TEXT, delta=TEXT),
        fields(object=word("chat.name"), id=TEXT, delta=TEXT),
        fields(object=word("message.experimental_content.chunk"), id=TEXT, delta={}),
    ]
}

# The private beta has schemas in the contract, but no paths: these are those of v0's own SDK.
TEAM = "/organizations/{orgId}/teams/{teamId}"
ORGANIZATIONS: dict[tuple[str, str], tuple[Schema | None, Schema]] = {
    ("get", f"{TEAM}/api-keys"): (None, {"type": "array", "items": reference("ApiKey")}),
    ("post", f"{TEAM}/api-keys"): (fields(name=TEXT), reference("ApiKeyWithSecret")),
    ("delete", f"{TEAM}/api-keys/{{keyId}}"): (None, fields(id=TEXT, name=TEXT, ownerId=TEXT)),
    ("get", f"{TEAM}/spend-limit"): (None, reference("SpendLimit")),
    ("put", f"{TEAM}/spend-limit"): (DOLLARS, reference("SpendLimit")),
    ("delete", f"{TEAM}/spend-limit"): (None, fields(success={"const": True})),
    ("get", "/organizations/{orgId}/spend-limit"): (None, reference("SpendLimit")),
    ("put", "/organizations/{orgId}/spend-limit"): (DOLLARS, reference("SpendLimit")),
}


def organizations() -> dict[str, Any]:
    """The paths of ORGANIZATIONS as the contract would write them."""
    paths: dict[str, Any] = {}
    for (method, template), (body, answer) in ORGANIZATIONS.items():
        refusals = (401, 403, 404, 422, 500) if body else (401, 403, 404, 500)
        answers = {200: answer} | dict.fromkeys(refusals, reference("Error"))
        declared: Schema = {
            "responses": {str(n): {"content": {JSON: {"schema": s}}} for n, s in answers.items()}
        }
        if body:
            declared["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
        paths.setdefault(template, {})[method] = declared
    return paths


def changed(schema: Any, change: Change) -> Any:
    """The schema with `change` made to it and to every schema inside."""
    if not isinstance(schema, dict):
        return schema
    inside: Schema = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            value = {name: changed(one, change) for name, one in value.items()}
        elif keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            value = [changed(one, change) for one in value]
        elif keyword in ("items", "additionalProperties"):
            value = changed(value, change)
        inside[keyword] = value
    return change(inside)


def closed(schema: Schema) -> Schema:
    """No field but the declared ones, also where the contract forgets to say so."""
    if "allOf" in schema:
        parts = [opened(part) for part in schema["allOf"]]
        return {**schema, "allOf": parts, "unevaluatedProperties": False}
    return {"additionalProperties": False, **schema} if "properties" in schema else schema


def opened(part: Schema) -> Schema:
    """A part of a whole: the fields of the other parts are no surprise to it."""
    rest = {key: value for key, value in part.items() if key != "additionalProperties"}
    for key in {"anyOf", "oneOf"} & part.keys():
        rest[key] = [opened(one) for one in part[key]]
    return rest


def lenient(schema: Schema) -> Schema:
    """Closed, and nothing is required that has a default: in requests the contract lists both."""
    known = schema.get("properties", {})
    required = [name for name in schema.get("required", []) if "default" not in known.get(name, {})]
    return closed({**schema, "required": required})


def pattern(template: str) -> re.Pattern[str]:
    """Addresses that fit a template."""
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))


@dataclass(frozen=True)
class Operation:
    """One operation; `declared` is its entry in the contract."""

    generation: str
    method: str
    template: str
    declared: Schema = field(compare=False)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return pattern(self.template)

    @cached_property
    def parameters(self) -> dict[str, Schema]:
        """The query parameters by name."""
        listed = self.declared.get("parameters", [])
        return {one["name"]: one for one in listed if one["in"] == "query"}


@cache
def document(generation: str) -> dict[str, Any]:
    """The contract of a generation, organizations included and one slip corrected."""
    whole: dict[str, Any] = json.loads((FOLDER / FILES[generation]).read_text())
    if generation == "v2":
        whole["paths"] |= organizations()
        # What it describes as a ZIP archive it declares as JSON, which nobody could read.
        download = whole["paths"]["/chats/{chatId}/files/download"]["get"]["responses"]["200"]
        download["content"] = {ZIP: download["content"][JSON]}
    return whole


@cache
def operations(generation: str) -> tuple[Operation, ...]:
    """Every operation of a generation."""
    return tuple(
        Operation(generation, method.upper(), template, declared)
        for template, item in document(generation)["paths"].items()
        for method, declared in item.items()
        if method in METHODS
    )


@cache
def listed(method: str, path: str) -> bool:
    """Whether v0 has this operation at all; a few have no schema."""
    with (FOLDER / "operations.tsv").open() as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["method"] == method]
    homes = {"v1": "/v1", "v2": "/v2", "model": "/v1"}
    return any(pattern(homes[row["generation"]] + row["path"]).fullmatch(path) for row in rows)


@cache
def components(generation: str, change: Change) -> Schema:
    named = document(generation)["components"]["schemas"]
    return {"schemas": {name: changed(schema, change) for name, schema in named.items()}}


def validator(generation: str, schema: Schema, change: Change = closed) -> Validator:
    whole = {**changed(schema, change), "components": components(generation, change)}
    return Draft202012Validator(whole, validate_formats=True)


@cache
def answer(operation: Operation, status: int, media: str) -> Validator:
    """What an answer has to be; KeyError where none of this kind is declared."""
    content = operation.declared["responses"][str(status)]["content"]
    return validator(operation.generation, content[media]["schema"])


@cache
def event(operation: Operation) -> Validator:
    """What every event of a stream has to be."""
    if operation.generation == "v1":
        return validator("v1", V1_EVENTS)
    return answer(operation, 200, STREAM)


@cache
def body(operation: Operation) -> Validator | None:
    """What a request's body has to be, None where there must be none."""
    declared = operation.declared.get("requestBody")
    return declared and validator(
        operation.generation, declared["content"][JSON]["schema"], lenient
    )


@cache
def parameter(operation: Operation, name: str) -> Validator:
    """What the value of a query parameter has to be."""
    return validator(operation.generation, operation.parameters[name]["schema"])
