"""Values of a JSON Schema, as the simulated models write arguments: accepted, and made of what was
said."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from v0client.simulator.model_api.examples import example

WORDS = st.text("abc xyz", max_size=12)


def bounded(low: str, high: str, most: int) -> st.SearchStrategy[dict[str, int]]:
    """Two bounds that leave room, or one, or none."""
    pairs = st.tuples(st.integers(0, most), st.integers(0, most)).map(sorted)
    both = pairs.map(lambda pair: {low: pair[0], high: pair[1]})
    return both | st.just({}) | st.integers(0, most).map(lambda one: {low: one})


TEXTS = bounded("minLength", "maxLength", 40).map(lambda bounds: {"type": "string", **bounds})
NUMBERS = st.builds(
    lambda kind, bounds, step: {"type": kind, **bounds, **step},
    st.sampled_from(["integer", "number"]),
    bounded("minimum", "maximum", 9).map(
        lambda b: {**b, "maximum": b["maximum"] + 10} if "maximum" in b else b
    ),
    st.sampled_from([{}, {"multipleOf": 5}]),
)
PLAIN = st.sampled_from(
    [
        {"type": "boolean"},
        {"type": "null"},
        {"const": 7},
        {"enum": ["red", "green"]},
        {"type": ["string", "null"]},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "string", "format": "email"},
        {"$ref": "#/$defs/colour"},
        {},
    ]
)


def inside(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas that are made of others."""
    fields = st.dictionaries(st.sampled_from("abcde"), parts, max_size=4)
    objects = fields.map(
        lambda found: {"type": "object", "properties": found, "required": sorted(found)[::2]}
    )
    lists = st.builds(
        lambda items, bounds: {"type": "array", "items": items, **bounds},
        parts,
        bounded("minItems", "maxItems", 3),
    )
    choices = st.lists(parts, min_size=1, max_size=3).map(lambda some: {"anyOf": some})
    return objects | lists | choices | objects.map(lambda one: {"allOf": [one]})


SCHEMAS = st.recursive(TEXTS | NUMBERS | PLAIN, inside, max_leaves=12)


@given(SCHEMAS, WORDS | st.just('Paint "the door" red in Oslo for 3 days, 5 coats'))
def test_a_value_is_accepted_by_its_schema(schema: dict[str, Any], said: str) -> None:
    whole = {"$defs": {"colour": {"enum": ["red", "green"]}}, **schema}
    validator_for(whole).validate(example(whole, said))


def fields(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


TEXT = {"type": "string"}
NUMBER = {"type": "number"}


@pytest.mark.parametrize(
    ("said", "schema", "expected"),
    [
        ("Fly from Oslo to New York", fields(a=TEXT, b=TEXT), {"a": "Oslo", "b": "New York"}),
        ('Search for "blue tea"', fields(query=TEXT), {"query": "blue tea"}),
        ("Say something", fields(text=TEXT), {"text": "Say something"}),
        ("Add 2.5 and 4", fields(a=NUMBER, b=NUMBER), {"a": 2.5, "b": 4}),
        ("Paint it green", fields(c={"enum": ["red", "Green"]}), {"c": "Green"}),
        ("Order A-17 now", fields(id={"type": "string", "pattern": r"^A-\d+$"}), {"id": "A-17"}),
        ("Say it", {"required": ["undeclared"]}, {"undeclared": "Say it"}),
        (
            "Say it",
            fields(**dict.fromkeys("abcdefghi", TEXT), z={"items": TEXT}),
            {**dict.fromkeys("abcdefghi", "Say it"), "z": ["Say it"]},
        ),
        ("30 days", fields(days={"type": "integer", "maximum": 7}), {"days": 1}),
    ],
)
def test_values_are_made_of_what_was_said(said: str, schema: Any, expected: Any) -> None:
    assert example(schema, said) == expected


NODE = {"$ref": "#/$defs/node"}


@pytest.mark.parametrize(
    "node",
    [
        {**fields(name=TEXT), "properties": {"name": TEXT, "next": NODE}},
        fields(name=TEXT, next={"anyOf": [NODE, {"type": "null"}]}),
        fields(name=TEXT, children={"type": "array", "items": NODE}),
    ],
)
def test_a_schema_may_contain_itself(node: dict[str, Any]) -> None:
    schema = {**NODE, "$defs": {"node": node}}
    validator_for(schema).validate(example(schema, "Root"))


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "required", "items", "enum", "anyOf", "allOf"])
            | st.sampled_from(
                ["$ref", "minItems", "maxLength", "pattern", "multipleOf", "minimum"]
            ),
            inner | st.sampled_from(["object", "array", "string", "number", "#", "["]),
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["type", "properties", "items", "anyOf"]), JSON))
def test_what_is_no_schema_is_a_value_error_and_nothing_else(schema: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError):
        example(schema, "Say 5")


@pytest.mark.parametrize(
    "schema",
    [
        fields(next={"$ref": "#"}),
        {"$ref": "#/$defs/missing"},
        {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        {"type": "colour"},
        {"type": "number", "multipleOf": 0},
        {"type": "integer", "minimum": 0.2, "maximum": 0.8},
        {"type": "string", "pattern": "["},
        {"type": "string", "minLength": 10**12},
        {"type": "array", "minItems": 10**12},
    ],
)
def test_a_schema_that_nothing_fits_is_an_error(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no (value|number)|too many"):
        example(schema, "Say something")
