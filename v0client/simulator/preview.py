"""A generated page as one self-contained HTML document."""

from __future__ import annotations

from html import escape

from v0client.simulator.page import Page


def page_html(page: Page) -> str:
    """The preview of a version."""
    return f"<!doctype html><meta charset=utf-8><title>{escape(page.name)}</title><h1>{escape(page.name)}</h1>"
