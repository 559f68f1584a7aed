"""What tests of pages read from them: which controls are offered, and why others are not."""

from __future__ import annotations

import html
import re

HELD = r'<(?:button|summary)\b[^>]*\baria-disabled="true"[^>]*>.*?</(?:button|summary)>'


def text_of(piece: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", piece))).strip()


def name_of(control: str) -> str:
    """What a screen reader calls it."""
    label = re.search(r'aria-label="([^"]*)"', control)
    return html.unescape(label[1]) if label else text_of(control)


def held(page: str) -> dict[str, str]:
    """The controls that cannot be used, each with the reason that describes it."""
    found = {}
    for control in re.findall(HELD, page, re.DOTALL):
        described = re.search(r'aria-describedby="([^"]+)"', control)
        assert described, f"{name_of(control)} is disabled without a reason"
        reason = re.search(rf'id="{described[1]}"[^>]*>(.*?)</(?:span|p)>', page, re.DOTALL)
        assert reason, f"{described[1]} is nowhere in the page"
        found[name_of(control)] = text_of(reason[1])
        assert found[name_of(control)], f"{name_of(control)} has an empty reason"
    return found


def offered(page: str) -> set[str]:
    """The names of all links and of the buttons that can be pressed."""
    links = re.findall(r"<a\b[^>]*\bhref=.*?</a>", page, re.DOTALL)
    buttons = re.findall(r"<button\b(?![^>]*aria-disabled).*?</button>", page, re.DOTALL)
    return {name_of(one) for one in [*links, *buttons]}
