"""Thumbnails of generated pages, and avatars, as SVG."""

from __future__ import annotations

from v0client.simulator.page import PALETTES, Page


def page_svg(page: Page, *, dark: bool = False) -> str:
    """A small picture of the page."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400"><rect width="640" height="400" fill="{PALETTES[page.palette][2]}"/></svg>'


def avatar_svg(name: str) -> str:
    """Initials on a disc."""
    initials = "".join(word[0] for word in name.split()[:2])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="32" fill="#4f46e5"/><text x="32" y="40" text-anchor="middle" font-family="sans-serif" font-size="24" fill="#fff">{initials}</text></svg>'
