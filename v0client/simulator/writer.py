"""The small deterministic writer: from the prompts of a chat to a title, a draft of the answer and
the files of a version. How the answer is spread over time is elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from v0client.simulator import components
from v0client.simulator.page import Page, compose
from v0client.simulator.records import File, Version

EXCUSE = (
    "I could not finish this version: the build stopped with an error. "
    "Send the message again, or ask me to fix it."
)
ASKING = ("please", "can you", "could you", "i need", "we need")
OPENINGS = (*ASKING, "build", "create", "make", "design", "add", "write", "show")
DANGLING = ("a", "an", "the", "of", "for", "with", "and", "to", "in", "our")
ARTICLES = ("a ", "an ", "the ", "me ", "us ")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer to the last prompt will say."""

    thought: str
    looked_at: tuple[str, ...]
    opening: str
    changed: tuple[tuple[str, str], ...]
    heading: str
    points: tuple[str, ...]
    closing: str


def title(prompt: str) -> str:
    """A short name for a chat, from its first prompt."""
    first = re.split(r"[.\n:;!?]", prompt.strip(), maxsplit=1)[0].strip()
    for opening in OPENINGS:
        if first.lower().startswith(opening + " "):
            first = first[len(opening) :].strip()
    for article in ARTICLES:
        if first.lower().startswith(article):
            first = first[len(article) :].strip()
    short = re.split(r",| with | that | where | for which ", first, maxsplit=1)[0]
    words = (short if len(short.split()) >= 3 else first).split()[:6]
    while len(words) > 3 and words[-1].lower() in DANGLING:
        words.pop()
    name = " ".join(words).strip(" ,")[:60] or "Untitled"
    return name[0].upper() + name[1:]


@lru_cache(maxsize=512)
def draft(prompts: tuple[str, ...]) -> Draft:
    """The plan of the answer to the last prompt."""
    page, before = compose(prompts), compose(prompts[:-1]) if len(prompts) > 1 else None
    changed = differences(generated(prompts[:-1]), generated(prompts))
    subject = page.name
    if before is None:
        thought = (
            f"The request is about {subject}. One page, sections in reading order: "
            f"{', '.join(page.sections)}. I keep the data in one file so that it is easy to swap."
        )
        opening = f"I'll build {subject} as a Next.js page with one component per section."
        looked_at: tuple[str, ...] = ()
    else:
        fresh = [name for name in page.sections if name not in before.sections]
        what = f"add {', '.join(fresh)}" if fresh else "change the styling"
        thought = f"This follows up on {subject}. I {what} and leave the other sections alone."
        opening = f"I'll update {subject}: {what}."
        looked_at = ("app/page.tsx", "lib/data.ts")
    points = tuple(f"`{path}` — {operation}d" for operation, path in changed[:5])
    closing = (
        f"The page now has {len(page.sections)} sections and works on phones. "
        "Tell me what to change next: wording, colours, or another section."
    )
    return Draft(thought, looked_at, opening, changed, "What changed", points, closing)


def differences(before: tuple[File, ...], after: tuple[File, ...]) -> tuple[tuple[str, str], ...]:
    """(operation, path) of every file that is new or different."""
    old = {file.name: file.content for file in before}
    changed = []
    for file in after:
        if file.name not in old:
            changed.append(("create", file.name))
        elif old[file.name] != file.content:
            changed.append(("update", file.name))
    return tuple(changed) or (("update", "app/page.tsx"),)


@lru_cache(maxsize=256)
def generated(prompts: tuple[str, ...]) -> tuple[File, ...]:
    """The files that follow from these prompts alone."""
    if not prompts:
        return ()
    return tuple(File(name, text) for name, text in components.project(compose(prompts)).items())


def files(version: Version, *, defaults: bool = False) -> list[File]:
    """The files of a version: generated ones, and over them what was put there by hand."""
    merged: dict[str, File | None] = {file.name: file for file in generated(version.prompts)}
    if defaults:
        merged = {**{f.name: f for f in components.default_files()}, **merged}
    merged.update(version.overlay or {})
    return [file for _, file in sorted(merged.items()) if file is not None]


def page(version: Version) -> Page:
    """What the preview of a version shows."""
    return compose(version.prompts)
