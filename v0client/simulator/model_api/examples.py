"""Values that a JSON Schema accepts, made of what a person has said: arguments for tools, and
answers of a given form."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”')
# Words in capitals, except where they begin a sentence.
NAMED = re.compile(r"(?<=[a-z,;:] )[A-Z]\w*(?: [A-Z]\w*)*")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DEEP = 8  # levels below which a schema that contains itself is ended as soon as it may be
LARGEST = 1_000  # letters or items
FORMATS = {
    "date-time": "2026-06-15T12:00:00Z",
    "date": "2026-06-15",
    "time": "12:00:00Z",
    "email": "somebody@example.com",
    "uri": "https://example.com/",
    "uuid": "5f0c7a52-3a3e-4f5e-9d0b-1d8b0f6a2c11",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
}


class Examples:
    """Makes values for the parts of one schema; each name and number that was said is used once."""

    def __init__(self, schema: Mapping[str, Any], said: str) -> None:
        self.root = schema
        self.said = said.strip()
        self.depth = 0
        quoted = [first or second for first, second in QUOTED.findall(said)]
        self.texts = deque(quoted or NAMED.findall(said))
        self.numbers = deque(float(number) for number in NUMBER.findall(said))
        self.makers: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "object": self.object,
            "array": self.array,
            "string": self.string,
            "integer": self.integer,
            "number": self.number,
            "boolean": lambda schema: True,
            "null": lambda schema: None,
        }

    def value(self, schema: Any) -> Any:
        """A value for this part of the schema."""
        self.depth += 1
        made = self.made(self.resolved({} if schema is True else schema))
        self.depth -= 1
        return made

    def made(self, schema: Mapping[str, Any]) -> Any:
        """A value for a schema that refers to no other."""
        if "const" in schema:
            return schema["const"]
        if options := schema.get("enum"):
            return next((o for o in options if str(o).lower() in self.said.lower()), options[0])
        for choice in ("anyOf", "oneOf"):
            if branches := schema.get(choice):
                rest = {name: part for name, part in schema.items() if name != choice}
                return self.value(merged(rest, self.chosen(branches)))
        return self.makers[kind(schema)](schema)

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema with what it refers to, and with all that it has to fulfil at once."""
        whole = {name: part for name, part in schema.items() if name not in ("$ref", "allOf")}
        if reference := schema.get("$ref"):
            whole = merged(whole, self.resolved(self.at(reference)))
        for part in schema.get("allOf", ()):
            whole = merged(whole, self.resolved(part))
        return whole

    def at(self, reference: str) -> Mapping[str, Any]:
        """What "#/$defs/name" refers to."""
        found: Any = self.root
        for step in reference.removeprefix("#").split("/")[1:]:
            found = found[step.replace("~1", "/").replace("~0", "~")]
        return dict(found)

    def chosen(self, branches: list[Any]) -> Any:
        """The first branch that says something, or deep down the one that says nothing."""
        nothing = {"type": "null"}
        wanted = (one for one in branches if (one == nothing) == (self.depth > DEEP))
        return next(wanted, branches[0])

    def object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that are required, in the order in which they are declared."""
        declared, required = schema.get("properties", {}), schema.get("required", ())
        names = [name for name in declared if name in required]
        names += [name for name in required if name not in declared]
        return {name: self.value(declared.get(name, {})) for name in names}

    def array(self, schema: Mapping[str, Any]) -> list[Any]:
        """As few items as are allowed, but one where there may be one, except deep down."""
        first = schema.get("prefixItems", [])
        least = max(allowed(schema.get("minItems", 0)), len(first))
        count = least if self.depth > DEEP else max(least, min(1, schema.get("maxItems", 1)))
        return [
            self.value(first[place] if place < len(first) else schema.get("items", {}))
            for place in range(count)
        ]

    def string(self, schema: Mapping[str, Any]) -> str:
        """Something that was said, in the format and the length that are asked for."""
        if sample := FORMATS.get(schema.get("format", "")):
            return sample
        text = self.texts.popleft() if self.texts else self.said
        if pattern := schema.get("pattern"):
            words = (text, *self.said.split())
            text = next((word for word in words if re.search(pattern, word)), text)
        return text[: schema.get("maxLength")].ljust(allowed(schema.get("minLength", 0)), ".")

    def integer(self, schema: Mapping[str, Any]) -> int:
        return int(self.number({**schema, "multipleOf": schema.get("multipleOf", 1)}))

    def number(self, schema: Mapping[str, Any]) -> float:
        """The next number that was said, if it fits, else one that does."""
        said = [self.numbers.popleft()] if self.numbers else []
        fitting = (number for number in (*said, *near(schema)) if fits(number, schema))
        if (chosen := next(fitting, None)) is None:
            raise ValueError("no number is within the bounds")
        return int(chosen) if chosen == int(chosen) else chosen


def kind(schema: Mapping[str, Any]) -> str:
    """The type of a schema, also where only its keywords tell."""
    named = schema.get("type")
    if isinstance(named, list):
        named = next((one for one in named if one != "null"), "null")
    if isinstance(named, str):
        return named
    if "properties" in schema or "required" in schema:
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else "string"


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Both schemas at once."""
    together = {**first, **second}
    if "properties" in first and "properties" in second:
        together["properties"] = {**first["properties"], **second["properties"]}
    if "required" in first and "required" in second:
        together["required"] = [*first["required"], *second["required"]]
    return together


def allowed(size: int) -> int:
    """A size that an example may have."""
    if size > LARGEST:
        raise ValueError(f"{size} letters or items are too many")
    return size


def near(schema: Mapping[str, Any]) -> Iterator[float]:
    """Numbers around a schema's bounds, from the most to the least natural."""
    step = schema.get("multipleOf", 1)
    yield from (step, 0.0)
    bounds = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    ends = [schema[name] for name in bounds if name in schema]
    for end in ends:
        below = end // step * step
        yield from (end, below, below + step, below - step)
    yield sum(ends) / max(len(ends), 1)


def fits(number: float, schema: Mapping[str, Any]) -> bool:
    """Whether a number is within the bounds, and a multiple where one is asked for."""
    above = number >= schema.get("minimum", number) and number > schema.get(
        "exclusiveMinimum", number - 1
    )
    below = number <= schema.get("maximum", number) and number < schema.get(
        "exclusiveMaximum", number + 1
    )
    return bool(above and below and number % schema.get("multipleOf", number or 1) == 0)


def example(schema: Mapping[str, Any], said: str) -> Any:
    """A value that the schema accepts. Patterns are kept only where something said fits them.

    ValueError where the schema is none, or asks for what cannot be or is too large.
    """
    try:
        return Examples(schema, said).value(schema)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, re.error):
        raise ValueError("no value can be made for this schema") from None
