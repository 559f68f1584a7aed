"""What a frame shows where there is no preview: one plain page with a sentence."""

from __future__ import annotations

from html import escape

from django.conf import settings

STYLE = """
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-content:center;justify-items:center;gap:.5rem;
padding:2rem;text-align:center;font:15px/1.5 ui-sans-serif,system-ui,sans-serif;
background:Canvas;color:CanvasText}
h1{font-size:1.0625rem;font-weight:600;margin:0}p{margin:0;max-width:42ch;opacity:.75}
i{width:1.4rem;height:1.4rem;border:2px solid;border-right-color:transparent;border-radius:50%;
opacity:.5;animation:turn .9s linear infinite}
@keyframes turn{to{rotate:1turn}}@media(prefers-reduced-motion){i{animation:none}}
"""
AGAIN = 2  # seconds until a page about something that passes asks again


def page(title: str, text: str, *, passes: bool = False) -> bytes:
    again = f'<meta http-equiv="refresh" content="{AGAIN}">' if passes else ""
    wheel = '<i aria-hidden="true"></i>' if passes else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{again}'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body>{wheel}<h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>"
    ).encode()


def headers() -> list[tuple[bytes, bytes]]:
    policy = f"default-src 'none'; style-src 'unsafe-inline'; {ancestors()}"
    return [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", policy.encode()),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]


def ancestors() -> str:
    """The directive that lets the dashboard's pages, and no others, show a preview in a frame."""
    origins = " ".join(settings.DASHBOARD_ORIGINS) or "'none'"
    return f"frame-ancestors {origins}"
