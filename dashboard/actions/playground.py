"""The playground: one call of the Model API, sent once, and what came of it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections

from dashboard import access
from dashboard.actions import Invalid, TooLarge, acting, checked_text, history
from dashboard.models import Key, Membership, Submission
from dashboard.upstream.completions import CompletionRecord, completion
from dashboard.upstream.errors import Refused

ROLES = ("user", "assistant")
MOST_CHARACTERS = 200_000
MOST_TURNS = 50
MOST_IMAGES = 10
# In bytes, of all images of a conversation: v0's servers take requests of 4.5 MB, in which images
# are a third longer.
LARGEST_IMAGES = 3_000_000
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
NOT_SENT = "This was not sent, or somebody else sent it."
NO_MODEL = "v0 has no model of this name, or this key may not use it. Choose another model or key."
TOO_MUCH = "v0 finds this too large. Shorten the messages, or take fewer or smaller images."
TOOLS_FORM = "Tools are a list like [{“type”: “function”, “function”: {“name”: …}}]."


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; `images` are data: URLs."""

    role: str
    text: str = ""
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask the model, with the messages so far, the oldest first."""

    model: str
    system: str
    turns: tuple[Turn, ...]
    tools: str = ""
    temperature: float | None = None

    def fields(self) -> dict[str, Any]:
        """The body of the call. Raises Invalid."""
        messages: list[dict[str, Any]] = []
        if system := limited("system", self.system, "The system message"):
            messages.append({"role": "system", "content": system})
        messages += checked_turns(self.turns)
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
    `error` is a sentence where it did not go well, `refused` what kind of refusal it was, `stopped`
    whether nobody waited for its end."""

    member: Membership
    key: Key
    submission: Submission
    fields: dict[str, Any]
    answer: CompletionRecord = field(default_factory=CompletionRecord)
    first: float | None = None
    seconds: float = 0.0
    error: str = ""
    refused: str = ""
    stopped: bool = False

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
            known = {"unclear": BROKE_OFF, "gone": NO_MODEL, "too-large": TOO_MUCH}
            self.error = known.get(refusal.kind, refusal.sentence)
            self.refused = refusal.kind
        except (GeneratorExit, asyncio.CancelledError):
            self.stopped = True
            raise
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
            after: dict[str, Any] = {"tokens": known} if known else {}
            if self.stopped:
                after["stopped"] = True
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


def stopped(*, member: Membership, nonce: uuid.UUID, request: Request, written: str) -> Run:
    """The call that this person sent with this nonce and did not let end, as far as they saw it
    written. Nothing is sent, and v0 has told no tokens by then. Raises Invalid."""
    access.require(member, "playground")
    owner = {"team_id": member.team_id, "user_id": member.user_id}
    sent = Submission.objects.filter(nonce=nonce, request__kind="playground", **owner)
    submission = sent.select_related("key").first()
    if submission is None or submission.key is None:
        raise Invalid("nonce", NOT_SENT)
    fields = request.fields()
    answer = CompletionRecord(text=limited("written", written, "The answer"), model=fields["model"])
    return Run(member, submission.key, submission, fields, answer, stopped=True)


def limited(name: str, text: str, what: str) -> str:
    return checked_text(name, text, what, most=MOST_CHARACTERS, required=False)


def checked_turns(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The messages as the API takes them, without empty ones."""
    kept = [replace(turn, text=limited("turns", turn.text, "A message")) for turn in turns]
    kept = [turn for turn in kept if turn.text or turn.images]
    if not kept or kept[-1].role != "user":
        raise Invalid("turns", "Write a message for the model at the end.")
    if len(kept) > MOST_TURNS:
        raise Invalid("turns", f"A conversation here has at most {MOST_TURNS} messages.")
    if any(turn.role not in ROLES for turn in kept):
        raise Invalid("turns", "A message is from the user or from the assistant.")
    if any(turn.images and turn.role != "user" for turn in kept):
        raise Invalid("turns", "Only messages of the user have images. Remove those of the others.")
    check_images(kept)
    return [message(turn) for turn in kept]


def message(turn: Turn) -> dict[str, Any]:
    if not turn.images:
        return {"role": turn.role, "content": turn.text}
    parts: list[dict[str, Any]] = [{"type": "text", "text": turn.text}] if turn.text else []
    parts += [{"type": "image_url", "image_url": {"url": image}} for image in turn.images]
    return {"role": turn.role, "content": parts}


def with_image(turns: Sequence[Turn], content: bytes) -> list[Turn]:
    """The conversation with this image in its newest message of the user. Raises Invalid."""
    place = max((at for at, turn in enumerate(turns) if turn.role == "user"), default=None)
    if place is None:
        raise Invalid("images", "Only messages of the user have images. Add one.")
    found = list(turns)
    found[place] = replace(turns[place], images=(*turns[place].images, data_url(content)))
    check_images(found)
    return found


def check_images(turns: Sequence[Turn]) -> None:
    images = [image for turn in turns for image in turn.images]
    if len(images) > MOST_IMAGES:
        raise Invalid("images", f"A conversation here has at most {MOST_IMAGES} images.")
    if sum(map(size, images)) > LARGEST_IMAGES:
        most = LARGEST_IMAGES // 1_000_000
        raise TooLarge(
            "images", f"The images of a conversation have at most {most} MB together. Take smaller "
            "ones, or remove earlier ones."
        )  # fmt: skip


def size(image: str) -> int:
    """How many bytes a data: URL holds."""
    return len(image.partition(",")[2]) * 3 // 4


def data_url(content: bytes) -> str:
    form = next((form for sign, form in SIGNS.items() if content.startswith(sign)), None)
    if form is None:
        raise Invalid("images", "An image is a PNG, JPEG, GIF or WebP file.")
    return f"data:image/{form};base64,{base64.b64encode(content).decode()}"


def image_again(url: str) -> str:
    """An image that a page has kept as a data: URL. Raises Invalid where it is none."""
    try:
        return data_url(base64.b64decode(url.partition(",")[2], validate=True))
    except binascii.Error:
        raise Invalid("images", "An image was lost on its way. Choose it again.") from None


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
