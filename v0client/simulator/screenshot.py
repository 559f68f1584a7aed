"""Thumbnails of generated pages, and avatars, as SVG."""

from __future__ import annotations

from html import escape

from v0client.simulator.identity import digest
from v0client.simulator.page import PALETTES, Page

WIDTH, HEIGHT = 640, 400
FONT = 'font-family="ui-sans-serif,system-ui,sans-serif"'
AVATARS = ("#4f46e5", "#0f766e", "#b4472a", "#86198f", "#0369a1")


def box(x: float, y: float, width: float, height: float, fill: str, radius: float = 3) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}"/>'


def page_svg(page: Page, *, dark: bool = False) -> str:
    """A small picture that resembles the page."""
    accent, on, background, surface, text, quiet, line = PALETTES["night" if dark else page.palette]
    if dark and page.palette != "night":
        accent, on = PALETTES[page.palette][:2]
    left = 150 if page.layout == "sidebar" else 48
    parts = [box(0, 0, WIDTH, HEIGHT, background, 0)]
    if page.layout == "sidebar":
        parts += [box(0, 0, 120, HEIGHT, surface, 0)]
        parts += [box(20, 30 + 24 * i, 60, 8, line) for i in range(6)]
    else:
        parts += [box(0, 0, WIDTH, 34, surface, 0), box(24, 13, 70, 8, text)]
        parts += [box(440 + 50 * i, 13, 34, 8, line) for i in range(3)]
    room = 22 if page.layout == "split" else 30
    name = page.name if len(page.name) <= room else page.name[: room - 1] + "…"
    parts.append(
        f'<text x="{left}" y="88" {FONT} font-size="27" font-weight="650" fill="{text}">'
        f"{escape(name)}</text>"
    )
    parts += [box(left, 106, 290, 8, quiet), box(left, 121, 220, 8, quiet)]
    parts += [box(left, 144, 92, 25, accent, 5), box(left + 24, 153, 44, 7, on)]
    if page.layout == "split":
        parts.append(box(430, 58, 164, 116, accent, 10))
    y = 196.0
    for name in page.sections[1:4]:
        parts += strip(name, left, y, (accent, surface, text, line), page)
        y += 72
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(page.name)}</title>{body}</svg>"
    )


def strip(
    name: str, left: float, y: float, colours: tuple[str, str, str, str], page: Page
) -> list[str]:
    """One section of the page, much simplified."""
    accent, surface, text, line = colours
    width = WIDTH - 48 - left
    if name == "chart":
        heights = [14 + digest("bar", page.name, i) % 20 + i * 2 for i in range(12)]
        step = width / 12
        return [
            box(round(left + step * i, 1), y + 56 - h, round(step - 6, 1), h, accent)
            for i, h in enumerate(heights)
        ]
    if name in ("table", "timeline", "faq"):
        rows = [box(left, y + 19 * i, width, 14, surface) for i in range(3)]
        return rows + [box(left + 8, y + 4 + 19 * i, 120, 6, line) for i in range(3)]
    count = 4 if name == "stats" else 3
    step = width / count
    parts = []
    for i in range(count):
        x = round(left + step * i, 1)
        parts.append(box(x, y, round(step - 12, 1), 58, surface, 6))
        parts.append(box(x + 12, y + 12, 46, 7, accent if name != "form" else line))
        parts.append(box(x + 12, y + 27, round(step - 50, 1), 7, text if name == "stats" else line))
        parts.append(box(x + 12, y + 41, round(step - 70, 1), 6, line))
    return parts


def avatar_svg(name: str) -> str:
    """Initials on a disc."""
    initials = escape("".join(word[0] for word in name.split()[:2]))
    colour = AVATARS[digest("avatar", name) % len(AVATARS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<circle cx="32" cy="32" r="32" fill="{colour}"/><text x="32" y="41" {FONT} '
        f'font-size="24" text-anchor="middle" fill="#fff">{initials}</text></svg>'
    )
