"""The key ring: seals v0 API keys and second factors with AES-256-GCM, and fingerprints keys.

KEY_RING is a comma-separated list of name:base64 entries, newest first. The newest seals, all of
them open. A sealed value is text: "<ring key name>.<base64 of nonce and ciphertext>". The context
(of a key its row, team and owner) is authenticated with it, so a ciphertext moved to another row
does not open.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
HOW_TO = "Make one with: openssl rand -base64 32"


class CannotOpen(Exception):
    """A sealed value does not open: its ring key is missing, or it belongs to another row."""


class Ring(dict[str, bytes]):
    """Ring keys by name, newest first. Never shows them."""

    def __repr__(self) -> str:
        return f"Ring({', '.join(self)})"

    @property
    def newest(self) -> str:
        return next(iter(self))


def parse_ring(text: str) -> Ring:
    """Reads KEY_RING. Raises ImproperlyConfigured with a sentence, never with key material."""
    ring = Ring()
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, colon, encoded = entry.partition(":")
        if not colon or not NAME.fullmatch(name):
            raise ImproperlyConfigured("KEY_RING must be a list of name:base64 entries.")
        try:
            material = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ImproperlyConfigured(f"KEY_RING: {name} is not base64. {HOW_TO}") from None
        if len(material) != 32:
            raise ImproperlyConfigured(f"KEY_RING: {name} must have 32 bytes. {HOW_TO}")
        if name in ring:
            raise ImproperlyConfigured(f"KEY_RING: the name {name} is given twice.")
        ring[name] = material
    if not ring:
        raise ImproperlyConfigured(f"KEY_RING is empty; v0 keys could not be stored. {HOW_TO}")
    return ring


@functools.lru_cache(maxsize=4)
def _ring_of(text: str) -> Ring:
    return parse_ring(text)


def ring() -> Ring:
    return _ring_of(settings.KEY_RING)


def seal(plain: str, context: str) -> str:
    """Encrypts under the newest ring key; the context must be given again to open it."""
    keys = ring()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(keys[keys.newest]).encrypt(nonce, plain.encode(), context.encode())
    return f"{keys.newest}.{base64.b64encode(nonce + sealed).decode()}"


def open_sealed(sealed: str, context: str) -> str:
    """The plain text. Raises CannotOpen."""
    name, dot, encoded = sealed.partition(".")
    if not dot:  # said without the value, which may be a plain secret
        raise CannotOpen("This value is not sealed.")
    if name not in ring():
        raise CannotOpen(f"The ring has no key named {name}; put it back into KEY_RING.")
    try:
        raw = base64.b64decode(encoded, validate=True)
        opened = AESGCM(ring()[name]).decrypt(
            raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()
        )
    except (InvalidTag, ValueError):
        raise CannotOpen("This value does not open: wrong ring key, or moved row.") from None
    return opened.decode()


def ring_key_of(sealed: str) -> str:
    """The name of the ring key that a sealed value was sealed with."""
    return sealed.partition(".")[0]


def fingerprint(plain: str) -> str:
    """A keyed hash (HMAC-SHA-256, hex) to find the same v0 key twice without storing it.

    Keyed by SECRET_KEY and not by the ring, so that it survives a ring rotation.
    """
    key = hashlib.sha256(b"fingerprint:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
