"""How v2 reads request bodies: JSON, or a form whose fields are texts, JSON, or `name[key]`.
Unknown fields are refused."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from v0client.simulator.exchange import Call, Refusal, Request
from v0client.simulator.forms import multipart
from v0client.simulator.v1.bodies import Body, explain

__all__ = ["Body", "Privacy", "read"]

Privacy = Literal["public", "private", "team", "team-edit", "unlisted"]

LARGEST_BODY = 25_000_000

BodyType = TypeVar("BodyType", bound=BaseModel)


def read(call: Call, model: type[BodyType]) -> BodyType:
    """The body of this call as `model`, else 422 with what is wrong with it."""
    if len(call.request.body) > LARGEST_BODY:
        raise Refusal(422, "The request body is too large")
    try:
        fields = form(call.request)
        if fields is None:
            return model.model_validate_json(call.request.body or b"{}")
        return model.model_validate(nested(fields), strict=False)
    except ValidationError as error:
        raise Refusal(422, explain(error)) from None


def form(request: Request) -> list[tuple[str, str]] | None:
    """The fields of a form, or None where the body is JSON."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    if not kind.startswith("multipart/form-data"):
        return None
    return [(field.name, field.content.decode("utf-8", "replace")) for field in multipart(request)]


def nested(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """`name[key]` becomes an object; a field that looks like JSON is read as JSON."""
    read: dict[str, Any] = {}
    for name, text in fields:
        outer, bracket, inner = name.partition("[")
        if bracket and inner.endswith("]"):
            holder = read.setdefault(outer, {})
            if isinstance(holder, dict):
                holder[inner[:-1]] = text
        else:
            read[name] = value(text)
    return read


def value(text: str) -> Any:
    """Objects, lists and null of a form are written as JSON; everything else is a text."""
    if text == "null" or text[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
