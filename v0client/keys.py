"""API keys that do not show themselves."""

from __future__ import annotations

import re
from typing import Any

from v0client.errors import InvalidRequest

# v1:<Vercel team>:<Vercel token>; the token may hold colons itself.
VERCEL_CREDENTIALS = re.compile(r"v1:[^:]+:(.+)")


class Key:
    """An API key. It appears in no repr, cannot be pickled, and is taken out of every message."""

    __slots__ = ("_secrets", "_text")

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not text.strip() or not text.isascii():
            raise InvalidRequest("the API key must be a non-empty ASCII text")
        if not text.isprintable() or " " in text:
            raise InvalidRequest("the API key must not contain spaces or control characters")
        self._text = text
        embedded = VERCEL_CREDENTIALS.fullmatch(text)
        self._secrets = (text, embedded[1]) if embedded else (text,)

    @property
    def embeds_vercel_token(self) -> bool:
        """Whether the key holds a Vercel token besides: whoever has it can act on Vercel, too."""
        return len(self._secrets) > 1

    def __repr__(self) -> str:
        return "Key(…)"

    def __reduce__(self) -> Any:
        raise TypeError("a key cannot be pickled or copied")

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._text}"

    def scrub(self, text: str) -> str:
        """The text without the key, or the token in it, should v0 or the network have echoed it."""
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return text
