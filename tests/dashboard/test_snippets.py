"""The same call as curl, Python and JavaScript."""

from __future__ import annotations

import ast
import json
import shlex

from hypothesis import given
from hypothesis import strategies as st

from dashboard.snippets import snippets

BASE = "https://api.v0.dev"
FIELDS = {"model": "v0-1.5-md", "messages": [{"role": "user", "content": 'It\'s a "test"\n$HOME'}]}


def texts(fields: dict[str, object]) -> dict[str, str]:
    return {one.label: one.text for one in snippets(BASE, fields)}


def body_of_curl(text: str) -> dict[str, object]:
    words = shlex.split(text.replace("\\\n", " "))
    assert words[2] == f"{BASE}/v1/chat/completions"
    body: dict[str, object] = json.loads(words[words.index("-d") + 1])
    return body


def body_of_python(text: str) -> dict[str, object]:
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    create = next(call for call in calls if ast.unparse(call.func).endswith("create"))
    return {str(one.arg): ast.literal_eval(one.value) for one in create.keywords}


def body_of_javascript(text: str) -> dict[str, object]:
    start = text.index("create(") + len("create(")
    body: dict[str, object] = json.JSONDecoder().raw_decode(text[start:])[0]
    return body


def test_each_language_says_the_same_call() -> None:
    told = texts(FIELDS)
    sent = {**FIELDS, "stream": True, "stream_options": {"include_usage": True}}
    assert body_of_curl(told["curl"]) == sent
    assert body_of_python(told["Python"]) == sent
    assert body_of_javascript(told["JavaScript"]) == sent


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_any_value_survives_in_every_language(value: object) -> None:
    told = texts({**FIELDS, "tools": [value]})
    assert body_of_curl(told["curl"])["tools"] == [value]
    assert body_of_python(told["Python"])["tools"] == [value]
    assert body_of_javascript(told["JavaScript"])["tools"] == [value]


def test_the_key_comes_from_the_environment_and_images_are_left_out() -> None:
    url = "data:image/png;base64," + "A" * 5000
    image = {"type": "image_url", "image_url": {"url": url}}
    told = texts({"model": "m", "messages": [{"role": "user", "content": [image]}]})
    for text in told.values():
        assert "V0_API_KEY" in text
        assert "data:image/png;base64,…" in text
        assert "AAAA" not in text
