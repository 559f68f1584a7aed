"""One call of the Model API as people would write it themselves: curl, Python, JavaScript. The key
is read from the environment; images, which are long, are left out. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PATH = "/v1/chat/completions"
KEY = "V0_API_KEY"


@dataclass(frozen=True, slots=True)
class Snippet:
    """`name` is a file's name, which says how to highlight the text."""

    label: str
    name: str
    text: str


def snippets(base_url: str, fields: Mapping[str, Any]) -> list[Snippet]:
    """The call with these fields, in each language."""
    streamed = {"stream": True, "stream_options": {"include_usage": True}}
    body = without_images({**fields, **streamed})
    return [
        Snippet("curl", "call.sh", curl(base_url, body)),
        Snippet("Python", "call.py", python(base_url, body)),
        Snippet("JavaScript", "call.js", javascript(base_url, body)),
    ]


def without_images(value: Any) -> Any:
    """The same with the content of data: URLs left out."""
    if isinstance(value, Mapping):
        return {name: without_images(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_images(one) for one in value]
    if isinstance(value, str) and value.startswith("data:") and ";base64," in value:
        return value.partition(",")[0] + ",…"
    return value


def curl(base_url: str, body: Mapping[str, Any]) -> str:
    told = json.dumps(body, indent=2, ensure_ascii=False)
    return (
        f"curl --no-buffer {shlex.quote(base_url + PATH)} \\\n"
        f'  -H "Authorization: Bearer ${KEY}" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(told)}\n"
    )


def python(base_url: str, body: Mapping[str, Any]) -> str:
    fields = "".join(f"    {name}={indented(literal(value))},\n" for name, value in body.items())
    return (
        "import os\n\nfrom openai import OpenAI\n\n"
        f'client = OpenAI(base_url={base_url + "/v1"!r}, api_key=os.environ["{KEY}"])\n'
        f"stream = client.chat.completions.create(\n{fields})\n"
        "for chunk in stream:\n"
        "    for choice in chunk.choices:\n"
        '        print(choice.delta.content or "", end="", flush=True)\n'
    )


def javascript(base_url: str, body: Mapping[str, Any]) -> str:
    told = json.dumps(body, indent=2, ensure_ascii=False)
    return (
        'import OpenAI from "openai";\n\n'
        f"const client = new OpenAI({{ baseURL: {json.dumps(base_url + '/v1')}, "
        f"apiKey: process.env.{KEY} }});\n"
        f"const stream = await client.chat.completions.create({told});\n"
        "for await (const chunk of stream) {\n"
        '  process.stdout.write(chunk.choices[0]?.delta.content ?? "");\n'
        "}\n"
    )


def literal(value: Any, depth: int = 0) -> str:
    """A value of JSON as Python writes it, a line for each entry of what is nested."""
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, Mapping) and value:
        lines = [f"{inner}{name!r}: {literal(one, depth + 1)},\n" for name, one in value.items()]
        return "{\n" + "".join(lines) + outer + "}"
    if isinstance(value, list) and value:
        return (
            "[\n" + "".join(f"{inner}{literal(one, depth + 1)},\n" for one in value) + outer + "]"
        )
    return repr(value)


def indented(text: str) -> str:
    return text.replace("\n", "\n    ")
