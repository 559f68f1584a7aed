"""The writer behind the Model API: its answers follow from the messages and the tools alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from v0client.simulator import writer
from v0client.simulator.exchange import dump
from v0client.simulator.model_api.bodies import (
    Completion,
    Function,
    Message,
    NamedTool,
    refused,
)
from v0client.simulator.model_api.examples import example
from v0client.simulator.model_api.images import described

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
# In a tool's name these say what it does, not what it is about.
VERBS = {"add", "call", "create", "do", "fetch", "find", "get", "list", "look", "make", "read"}
VERBS |= {"run", "search", "send", "set", "show", "tool", "up", "update"}
PAGE = "app/page.tsx"


@dataclass(frozen=True, slots=True)
class Wish:
    """A tool to be called, with its arguments in JSON."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole answer: a text, or tools to be called instead."""

    text: str
    wishes: tuple[Wish, ...] = ()


def draft(body: Completion) -> Draft:
    """The answer to the messages."""
    said = last_words(body.messages)
    if chosen := tools_to_call(body, said):
        return Draft("", tuple(wish(function, said) for function in chosen))
    text = in_form(body, said) or prose(body.messages)
    for stop in filter(None, body.stop or ()):
        text = text.partition(stop)[0]
    return Draft(text)


def last_words(messages: Sequence[Message]) -> str:
    """What the user said last."""
    return next((m.text for m in reversed(messages) if m.role == "user"), "")


def tools_to_call(body: Completion, said: str) -> list[Function]:
    """The tools that must be called, or that the user's last message is about.

    Where no tool is forced, an answer of a tool is not followed by another call.
    """
    functions, choice = body.functions(), body.tool_choice
    if isinstance(choice, NamedTool):
        return [one for one in functions if one.name == choice.function.name]
    if choice == "none" or not functions:
        return []
    asked = [one for one in functions if is_about(one.name, said)]
    if choice == "required":
        asked = asked or functions[:1]
    elif body.messages[-1].role == "tool":
        return []
    return asked[:1] if body.parallel_tool_calls is False else asked


def is_about(name: str, said: str) -> bool:
    """Whether a text mentions what a tool is named for."""
    words = {word.lower() for word in WORD.findall(name)}
    mentioned = {word.lower() for word in WORD.findall(said)}
    return name in said or bool((words - VERBS) & mentioned)


def wish(function: Function, said: str) -> Wish:
    schema = {"type": "object", **(function.parameters or {})}
    arguments = fitting(schema, said, "tools", function.name)
    return Wish(function.name, json.dumps(arguments, ensure_ascii=False))


def fitting(schema: dict[str, Any], said: str, param: str, name: str) -> Any:
    """A value of a schema that was sent along; 400 where there is none."""
    try:
        return example(schema, said)
    except ValueError as error:
        raise refused(param, f"Invalid schema '{name}': {error}") from None


def in_form(body: Completion, said: str) -> str | None:
    """The answer as JSON, where that was asked for."""
    wanted = body.response_format
    if wanted is None or wanted.type == "text":
        return None
    if form := wanted.json_schema:
        schema = form.schema_ or {"type": "object"}
        return dump(fitting(schema, said, "response_format", form.name)).decode()
    return dump({"answer": prose(body.messages)}).decode()


def prose(messages: Sequence[Message]) -> str:
    """The answer in words: what was heard, what was seen, and a page."""
    paragraphs = [f"I keep to what I was told: {m.text}" for m in messages if is_rule(m)]
    if images := [url for message in messages for url in message.images]:
        paragraphs.append(f"I looked at {'; '.join(described(url) for url in images)}.")
    if answers := answers_of_tools(messages):
        return "\n\n".join([*paragraphs, *answers])
    prompts = tuple(m.text for m in messages if m.role == "user") or ("",)
    plan = writer.draft(prompts)
    page = next(file.content for file in writer.generated(prompts) if file.name == PAGE)
    return "\n\n".join([*paragraphs, plan.opening, f"```tsx\n{page}```", plan.closing])


def is_rule(message: Message) -> bool:
    return message.role in ("system", "developer")


def answers_of_tools(messages: Sequence[Message]) -> list[str]:
    """What the tools said that were called last."""
    names = {call.id: call.function.name for m in messages for call in m.tool_calls or ()}
    told: list[str] = []
    for message in reversed(messages):
        if message.role != "tool":
            break
        told.insert(0, f"`{names[message.tool_call_id or '']}` answered: {message.text}")
    return told
