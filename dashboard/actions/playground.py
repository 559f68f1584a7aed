"""The playground: one call of the Model API, sent once, and what came of it."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections

from dashboard import access
from dashboard.actions import Invalid, acting, checked_text, history
from dashboard.models import Key, Membership, Submission
from dashboard.upstream.completions import CompletionRecord, completion
from dashboard.upstream.errors import Refused

ROLES = ("user", "assistant")
MOST_CHARACTERS = 200_000
MOST_TURNS = 50
MOST_IMAGES = 5
LARGEST_IMAGE = 4_000_000  # bytes
SIGNS = {  # how files of the formats that models take begin
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"RIFF": "webp",
}
SENT_ALREADY = "This was sent already, and is not sent twice. Press Send again for a new answer."
BROKE_OFF = (
    "v0's answer broke off. What was written until then is all there is; it may have been charged."
)
NO_MODEL = "v0 has no model of this name, or this key may not use it. Choose another model or key."
TOOLS_FORM = "Tools are a list like [{“type”: “function”, “function”: {“name”: …}}]."


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask the model. `turns` are (role, text), oldest first; `images` go with the last."""

    model: str
    system: str
    turns: tuple[tuple[str, str], ...]
    images: tuple[bytes, ...] = ()
    tools: str = ""
    temperature: float | None = None

    def fields(self) -> dict[str, Any]:
        """The body of the call. Raises Invalid."""
        messages: list[dict[str, Any]] = []
        if system := limited("system", self.system, "The system message"):
            messages.append({"role": "system", "content": system})
        messages += checked_turns(self.turns)
        if images := checked_images(self.images):
            text = {"type": "text", "text": messages[-1]["content"]}
            messages[-1]["content"] = [text, *images]
        found: dict[str, Any] = {
            "model": checked_text("model", self.model, "The model", most=60),
            "messages": messages,
        }
        if tools := checked_tools(self.tools):
            found["tools"] = tools
        if self.temperature is not None:
            if not 0 <= self.temperature <= 2:
                raise Invalid("temperature", "The temperature is a number from 0 to 2.")
            found["temperature"] = self.temperature
        return found


@dataclass(slots=True)
class Run:
    """One call and how it goes. `first` is when the first token came, `seconds` how long all took;
    `error` is a sentence where it did not go well."""

    member: Membership
    key: Key
    submission: Submission
    fields: dict[str, Any]
    answer: CompletionRecord = field(default_factory=CompletionRecord)
    first: float | None = None
    seconds: float = 0.0
    error: str = ""

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Sends it, and gives each new piece of text; the outcome is written down at the end."""
        begun = time.monotonic()
        try:
            async with aclosing(completion(self.key, self.fields)) as answers:
                async for answer in answers:
                    piece = answer.text[len(self.answer.text) :]
                    self.answer = answer
                    if self.first is None and (answer.text or answer.calls):
                        self.first = time.monotonic() - begun
                    if piece:
                        yield piece
        except Refused as refusal:
            await sync_to_async(acting.note_rejection)(self.key, refusal)
            known = {"unclear": BROKE_OFF, "gone": NO_MODEL}
            self.error = known.get(refusal.kind, refusal.sentence)
        finally:
            self.seconds = time.monotonic() - begun
            await sync_to_async(self.settle)()

    def settle(self) -> None:
        """Also for a call that nobody waited for to its end: it costs what was written."""
        try:
            state = Submission.State.FAILED if self.error else Submission.State.SENT
            Submission.objects.filter(pk=self.submission.pk).update(
                state=state, error=self.error[:500]
            )
            tokens = {"read": self.answer.prompt_tokens, "written": self.answer.completion_tokens}
            known = {name: number for name, number in tokens.items() if number is not None}
            after = {"tokens": known} if known else {}
            target = self.fields["model"]
            history.record(
                self.member, "playground.run", target=target, key=self.key,
                after=after | ({"error": self.error} if self.error else {}),
            )  # fmt: skip
        finally:
            close_old_connections()


def begin(*, member: Membership, key: Key, nonce: uuid.UUID, request: Request) -> Run:
    """A call that may be sent now. Raises Invalid for what cannot be, and for a nonce that was."""
    access.require(member, "playground")
    if not acting.usable_keys(member).filter(pk=key.pk).exists():
        raise PermissionDenied("You may not act with this key.")
    fields = request.fields()
    owner = {"team_id": member.team_id, "user_id": member.user_id, "key": key}
    told = {"kind": "playground", "model": fields["model"]}
    submission, is_new = Submission.objects.get_or_create(
        nonce=nonce, defaults={**owner, "request": told}
    )
    if not is_new:
        raise Invalid("nonce", SENT_ALREADY)
    return Run(member, key, submission, fields)


def limited(name: str, text: str, what: str) -> str:
    return checked_text(name, text, what, most=MOST_CHARACTERS, required=False)


def checked_turns(turns: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    kept = [(role, limited("turns", text, "A message")) for role, text in turns]
    messages = [{"role": role, "content": text} for role, text in kept if text]
    if not messages or messages[-1]["role"] != "user":
        raise Invalid("turns", "Write a message for the model at the end.")
    if len(messages) > MOST_TURNS:
        raise Invalid("turns", f"A conversation here has at most {MOST_TURNS} messages.")
    if any(message["role"] not in ROLES for message in messages):
        raise Invalid("turns", "A message is from the user or from the assistant.")
    return messages


def checked_images(images: Sequence[bytes]) -> list[dict[str, Any]]:
    if len(images) > MOST_IMAGES:
        raise Invalid("images", f"Attach at most {MOST_IMAGES} images.")
    return [{"type": "image_url", "image_url": {"url": data_url(image)}} for image in images]


def data_url(image: bytes) -> str:
    form = next((form for sign, form in SIGNS.items() if image.startswith(sign)), None)
    if form is None:
        raise Invalid("images", "An image is a PNG, JPEG, GIF or WebP file.")
    if len(image) > LARGEST_IMAGE:
        most = f"{LARGEST_IMAGE // 1_000_000} MB"
        raise Invalid("images", f"An image may have {most}; this one is larger.")
    return f"data:image/{form};base64,{base64.b64encode(image).decode()}"


def checked_tools(text: str) -> list[Any]:
    """The tools, where they are JSON of the right form; what they mean is v0's to judge."""
    if not limited("tools", text, "The tools"):
        return []
    try:
        tools = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}, column {error.colno}" if isinstance(
            error, json.JSONDecodeError) else ""  # fmt: skip
        raise Invalid("tools", f"The tools are not JSON{place}.") from None
    if not isinstance(tools, list) or not all(map(is_tool, tools)):
        raise Invalid("tools", TOOLS_FORM)
    return tools


def is_tool(tool: object) -> bool:
    if not isinstance(tool, dict) or tool.get("type") != "function":
        return False
    function = tool.get("function")
    return isinstance(function, dict) and isinstance(function.get("name"), str)
