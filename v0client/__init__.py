"""A client for the v0 API, blocking and asyncio. See README.md beside this file."""

from __future__ import annotations

from v0client import errors, webhooks
from v0client.answers import Answer
from v0client.calls import NULL
from v0client.client import V0, AsyncV0
from v0client.keys import Key
from v0client.shapes import Listing, Page, Shape

__all__ = [
    "NULL",
    "V0",
    "Answer",
    "AsyncV0",
    "Key",
    "Listing",
    "Page",
    "Shape",
    "errors",
    "webhooks",
]
