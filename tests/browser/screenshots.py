"""Writes every page of the demo to screenshots/: desktop and phone, light and dark.

Starts a demo of its own, unless an address is given: python -m tests.browser.screenshots [URL]
"""

from __future__ import annotations

import sys
from pathlib import Path

import django
from playwright.sync_api import Browser

from tests.browser.driving import (
    ACCOUNT,
    DESKTOP,
    PHONE,
    SIGNED_OUT,
    STARTS,
    chromium,
    every_page,
    shape,
    sign_in,
)
from tests.demo import running_demo

FOLDER = Path(__file__).parents[2] / "screenshots"


def file_name(path: str) -> str:
    """The kind of a team's page; the address of another."""
    kind = shape(path).replace("?tab=", "-") if path.startswith("/t/") else path.strip("/")
    return kind.replace("/", "-")


def take(browser: Browser, base: str, width: str, scheme: str) -> int:
    """All pages at one width and scheme; returns how many."""
    size = DESKTOP if width == "desktop" else PHONE
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    taken = 0

    def shoot(path: str) -> None:
        nonlocal taken
        page.wait_for_load_state("load")
        page.screenshot(path=FOLDER / f"{file_name(path)}.{width}.{scheme}.png", full_page=True)
        taken += 1

    for path in SIGNED_OUT:
        page.goto(base + path)
        shoot(path)
    sign_in(page, base, "owner")
    for path in ACCOUNT:
        page.goto(base + path)
        shoot(path)
    for path in every_page(page, base, *STARTS):
        shoot(path)
    context.close()
    return taken


def main(base: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        for width in ("desktop", "phone"):
            for scheme in ("light", "dark"):
                print(f"{width} {scheme}: {take(browser, base, width, scheme)} pages", flush=True)


if __name__ == "__main__":
    django.setup()  # for the names of addresses
    if len(sys.argv) > 1:
        main(sys.argv[1].rstrip("/"))
    else:
        with running_demo() as address:
            main(address)
