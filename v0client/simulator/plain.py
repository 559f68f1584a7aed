"""A plain HTML page, for what the simulator shows that nobody generated."""

from __future__ import annotations

from html import escape


def plain_page(title: str, inner: str) -> str:
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        "<meta name=color-scheme content='light dark'>"
        "<style>body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;"
        "padding:0 1rem}pre{white-space:pre-wrap}</style>"
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>{inner}</html>"
    )
