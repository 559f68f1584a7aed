"""Images in messages: told what they are, never opened."""

from __future__ import annotations

import base64
import binascii
import re

from pydantic_core import PydanticCustomError

FORMATS = ("png", "jpeg", "gif", "webp")
INLINE = re.compile(r"data:image/(?P<format>[\w.+-]+);base64,(?P<data>[A-Za-z0-9+/=\s]+)")


def described(url: str) -> str:
    """What an image is: its type and size, or its address. An error for what is no image."""
    if url.startswith(("https://", "http://")):
        return f"the image at {url}"
    found = INLINE.fullmatch(url)
    if found is None:
        raise PydanticCustomError(
            "invalid_image_url", "an image needs an address, or a data: URL in base64"
        )
    if found["format"] not in FORMATS:
        raise PydanticCustomError(
            "invalid_image_format", "an image is png, jpeg, gif or webp, not this"
        )
    try:
        size = len(base64.b64decode(found["data"], validate=True))
    except binascii.Error:
        raise PydanticCustomError("invalid_image_url", "the image is not base64") from None
    return f"an image/{found['format']} of {size} bytes"


def checked(url: str) -> str:
    """The same address, if it is one of an image."""
    described(url)
    return url
