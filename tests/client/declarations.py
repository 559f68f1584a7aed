"""Compares the client's parameters and shapes, field by field, with v0's published contract."""

from __future__ import annotations

import inspect
import itertools
import re
import typing
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from tests import contract_schemas as schemas
from tests.contract_schemas import Schema
from v0client import Page
from v0client.calls import Null
from v0client.operations import Operation
from v0client.shapes import Pagination

SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str, date, Decimal),
    "integer": (int,),
    "number": (int, float, Decimal, date),
    "boolean": (bool,),
}
EMPTY = (None, NoneType, Null)
# Lists of all forms share one base, whose optional fields only some of them have.
OF_LISTS = {field.alias for base in (Page, Pagination) for field in base.model_fields.values()}
Fields = dict[str, tuple[Any, bool]]


def declared(operation: Operation) -> schemas.Operation:
    """The operation as the contract declares it; parameters of its path have names of their own."""
    path = re.sub(r"{\w+}", "{}", operation.path)
    for generation in schemas.FILES:
        for one in schemas.operations(generation):
            template = re.sub(r"{\w+}", "{}", f"/{generation}{one.template}")
            if (one.method, template) == (operation.method, path):
                return one
    raise KeyError(operation.name)


def wrong_with_the_parameters(operation: Operation) -> list[str]:
    """Where what can be sent is not what the contract takes, in sentences."""
    contract = declared(operation)
    body = contract.declared.get("requestBody", {}).get("content", {}).get(schemas.JSON, {})
    parts = branches(contract.generation, body.get("schema", {}))
    whole = merged(parts)
    always = [set(part.get("required", [])) for part in parts]
    whole["required"] = sorted(set.intersection(*always))
    for name, parameter in contract.parameters.items():
        truth = parameter["schema"].get("enum") == ["true", "false"]
        whole["properties"][name] = {"type": "boolean"} if truth else parameter["schema"]
        whole["required"] += [name] * parameter.get("required", False)
    return list(Comparison(contract.generation, sent=True).of(whole, [parameters(operation)], ""))


def wrong_with_the_answer(operation: Operation) -> list[str]:
    """Where the declared answer is not what the contract answers, in sentences."""
    contract = declared(operation)
    status = min(contract.declared["responses"])
    content = contract.declared["responses"][status]["content"]
    returns = operation.declared.build(
        None, **dict.fromkeys(needed_parameters(operation), "")
    ).returns
    media, *_ = content
    if media not in (schemas.JSON, schemas.STREAM):
        return []  # an archive has no fields
    schema = content[media]["schema"]
    if media == schemas.STREAM:  # an error event is raised
        told = branches(contract.generation, schema)
        schema = {"oneOf": [one for one in told if "message" not in one["properties"]]}
    return list(Comparison(contract.generation).of(schema, alternatives(returns), ""))


def parameters(operation: Operation) -> Fields:
    """The keywords of an operation, those of a TypedDict among them, with the API's names."""
    build = operation.declared.build
    hints = typing.get_type_hints(build, include_extras=True)
    ids = re.findall(r"{(\w+)}", operation.path)
    found: Fields = {}
    for name, parameter in list(inspect.signature(build).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            found |= fields(get_args(hints[name])[0]) or {}
        elif name not in ids:
            found[to_camel(name)] = (hints[name], parameter.default is parameter.empty)
    return found


def needed_parameters(operation: Operation) -> list[str]:
    listed = list(inspect.signature(operation.declared.build).parameters.values())[1:]
    return [p.name for p in listed if p.default is p.empty and p.kind is not p.VAR_KEYWORD]


def alternatives(annotation: Any) -> list[Any]:
    """What an annotation allows, one by one; a shape or TypedDict by its fields."""
    origin = get_origin(annotation)
    if origin in (Annotated, Required, NotRequired):
        return alternatives(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [one for part in get_args(annotation) for one in alternatives(part)]
    return [annotation if (found := fields(annotation)) is None else found]


def fields(shape: Any) -> Fields | None:
    """The fields of a shape or a TypedDict: what each allows, and whether it has to be there."""
    if isinstance(shape, type) and issubclass(shape, BaseModel) and shape is not BaseModel:
        return {
            field.alias or name: (field.annotation, field.is_required())
            for name, field in shape.model_fields.items()
        }
    if typing.is_typeddict(shape):
        hints = typing.get_type_hints(shape, include_extras=True)
        wrappers = {Required: True, NotRequired: False}
        return {
            to_camel(name): (hint, wrappers.get(get_origin(hint), shape.__total__))
            for name, hint in hints.items()
        }
    return None


def branches(generation: str, schema: Schema) -> list[Schema]:
    """What a schema allows, one by one, with its references resolved."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return branches(generation, schemas.document(generation)["components"]["schemas"][name])
    if "allOf" in schema:
        parts = [branches(generation, inner) for inner in schema["allOf"]]
        return [merged(chosen) for chosen in itertools.product(*parts)]
    if isinstance(kinds := schema.get("type"), list):
        return [{**schema, "type": kind} for kind in kinds]
    parts = schema.get("anyOf", schema.get("oneOf"))
    return [schema] if parts is None else [one for p in parts for one in branches(generation, p)]


def merged(parts: Sequence[Schema]) -> Schema:
    """An object with the fields of all these."""
    whole: Schema = {"type": "object", "properties": {}, "required": []}
    for part in parts:
        whole["properties"] |= part.get("properties", {})
        whole["required"] += part.get("required", [])
    return whole


class Comparison:
    """One direction: what is sent may leave out what has a default."""

    def __init__(self, generation: str, *, sent: bool = False) -> None:
        self.generation, self.sent = generation, sent

    def of(self, schema: Schema, ours: Sequence[Any], place: str) -> Iterator[str]:
        """Where a schema and our alternatives for it differ."""
        meant: dict[int, list[Schema]] = defaultdict(list)
        for branch in branches(self.generation, schema):
            if "properties" in branch:
                found = best(branch, ours)
                if found is None:
                    yield f"{place or 'the whole'} has no shape for {sorted(branch['properties'])}"
                else:
                    meant[found].append(branch)
            else:
                yield from self.plain(branch, ours, place)
        for index, meanings in meant.items():
            yield from self.objects(meanings, ours[index], place)

    def plain(self, branch: Schema, ours: Sequence[Any], place: str) -> Iterator[str]:
        kind = branch.get("type")
        if kind == "null":
            if not any(one in EMPTY for one in ours):
                yield f"{place or 'the whole'} cannot be null"
        elif kind == "array":
            items = [get_args(one)[0] for one in ours if get_origin(one) in (list, Sequence)]
            inner = [one for item in items for one in alternatives(item)]
            if not inner and Any not in ours:
                yield f"{place or 'the whole'} cannot be a list"
            elif inner and "items" in branch:
                yield from self.of(branch["items"], inner, f"{place}[]")
        elif kind == "object":
            if not any(get_origin(one) in (dict, Mapping) for one in ours):
                yield f"{place} cannot be a mapping"
        elif kind is not None and not any(fits(kind, one) for one in ours):
            yield f"{place} cannot be a {kind}"

    def objects(self, meanings: list[Schema], ours: Any, place: str) -> Iterator[str]:
        """Where an object that stands for these branches differs from them."""
        if not isinstance(ours, dict):
            return
        known = {name for branch in meanings for name in branch["properties"]}
        for name in sorted(ours.keys() - known - OF_LISTS):
            yield f"{place}.{name} is not declared"
        for branch in meanings:
            for name, schema in branch["properties"].items():
                inside = f"{place}.{name}"
                if name not in ours:
                    yield f"{inside} is missing"
                    continue
                annotation, needed = ours[name]
                if needed and not all(name in one.get("required", []) for one in meanings):
                    yield f"{inside} is required, which it is not"
                if self.left_out(branch, name, needed) and len(meanings) == 1:
                    yield f"{inside} is not required, which it is"
                yield from self.of(schema, alternatives(annotation), inside)

    def left_out(self, branch: Schema, name: str, needed: bool) -> bool:
        """Whether a field that we have to send can be left out. What we are told is read with
        patience: a field that is missing there, against the contract, need not break anything."""
        is_needed = (
            name in branch.get("required", []) and "default" not in branch["properties"][name]
        )
        return self.sent and not needed and is_needed


def best(branch: Schema, ours: Sequence[Any]) -> int | None:
    """Which of our alternatives stands for an object of the contract."""
    names = branch["properties"].keys()
    fitting = {}
    for index, one in enumerate(ours):
        if one is Any or get_origin(one) is Mapping:
            fitting[index] = (-1, 0)
        elif isinstance(one, dict) and tells_the_same(branch, one):
            fitting[index] = (len(names & one.keys()), -len(one))
    told = [one for one in ours if isinstance(one, dict) and literals(one)]
    if told and all(score == (-1, 0) for score in fitting.values()):
        return None
    return max(fitting, key=lambda index: fitting[index], default=None)


def tells_the_same(branch: Schema, ours: Fields) -> bool:
    """Whether the fields with one value have the branch's value."""
    for name, values in literals(ours).items():
        schema = branch["properties"].get(name, {})
        if not values & {*schema.get("enum", []), schema.get("const")}:
            return False
    return True


def literals(ours: Fields) -> dict[str, set[Any]]:
    found = {}
    for name, (annotation, _) in ours.items():
        for one in alternatives(annotation):
            if get_origin(one) is Literal:
                found[name] = set(get_args(one))
    return found


def fits(kind: str, ours: Any) -> bool:
    """Whether a value of this JSON type can be an alternative of ours."""
    if get_origin(ours) is Literal:
        return all(isinstance(value, SCALARS[kind]) for value in get_args(ours))
    return ours is Any or (isinstance(ours, type) and issubclass(ours, SCALARS[kind]))
