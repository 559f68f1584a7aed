"""Sealing: what opens, what does not, and that nothing shows key material."""

from __future__ import annotations

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from dashboard import crypto


def entry(name: str, letter: bytes) -> str:
    return f"{name}:{base64.b64encode(letter * 32).decode()}"


@pytest.fixture
def ring(settings: Settings) -> Settings:
    settings.KEY_RING = entry("first", b"a")
    return settings


def test_what_is_sealed_opens_in_its_own_row(ring: Settings) -> None:
    sealed = crypto.seal("v0-secret", "key:1")
    assert crypto.open_sealed(sealed, "key:1") == "v0-secret"


def test_a_sealed_value_moved_to_another_row_does_not_open(ring: Settings) -> None:
    sealed = crypto.seal("v0-secret", "key:1")
    with pytest.raises(crypto.CannotOpen, match="moved row"):
        crypto.open_sealed(sealed, "key:2")


def test_the_same_secret_is_never_sealed_to_the_same_text(ring: Settings) -> None:
    assert crypto.seal("v0-secret", "key:1") != crypto.seal("v0-secret", "key:1")


def test_a_sealed_value_does_not_contain_the_secret(ring: Settings) -> None:
    sealed = crypto.seal("v0-secret", "key:1")
    assert "secret" not in sealed
    assert b"secret" not in base64.b64decode(sealed.partition(".")[2])


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_damaged_value_does_not_open(ring: Settings, place: int) -> None:
    name, _, encoded = crypto.seal("v0-secret", "key:1").partition(".")
    raw = bytearray(base64.b64decode(encoded))
    raw[place] ^= 1
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(f"{name}.{base64.b64encode(raw).decode()}", "key:1")


@pytest.mark.parametrize("sealed", ["", "first.", "first.!!!", "first.AAAA", "nothing"])
def test_rubbish_does_not_open(ring: Settings, sealed: str) -> None:
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(sealed, "key:1")


def test_the_newest_ring_key_seals_and_the_old_one_still_opens(ring: Settings) -> None:
    old = crypto.seal("v0-secret", "key:1")
    ring.KEY_RING = f"{entry('second', b'b')},{entry('first', b'a')}"
    assert crypto.open_sealed(old, "key:1") == "v0-secret"
    assert crypto.ring_key_of(crypto.seal("v0-secret", "key:1")) == "second"


def test_a_ring_without_the_sealing_key_says_which_one_is_missing(ring: Settings) -> None:
    sealed = crypto.seal("v0-secret", "key:1")
    ring.KEY_RING = entry("second", b"b")
    with pytest.raises(crypto.CannotOpen, match="no key named first"):
        crypto.open_sealed(sealed, "key:1")


def test_a_ring_key_with_another_value_does_not_open(ring: Settings) -> None:
    sealed = crypto.seal("v0-secret", "key:1")
    ring.KEY_RING = entry("first", b"z")
    with pytest.raises(crypto.CannotOpen, match="wrong ring key"):
        crypto.open_sealed(sealed, "key:1")


def test_the_ring_shows_names_only() -> None:
    ring = crypto.parse_ring(entry("first", b"a"))
    assert repr(ring) == str(ring) == "Ring(first)"


SHORT = base64.b64encode(b"a" * 16).decode()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "KEY_RING is empty"),
        (" , ", "KEY_RING is empty"),
        ("justakey", "list of name:base64"),
        ("bad name:AAAA", "list of name:base64"),
        ("first:%%%", "first is not base64"),
        (f"first:{SHORT}", "first must have 32 bytes"),
        (f"{entry('first', b'a')},{entry('first', b'b')}", "first is given twice"),
    ],
)
def test_a_wrong_ring_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence) as refusal:
        crypto.parse_ring(text)
    assert SHORT not in str(refusal.value)


def test_a_fingerprint_is_stable_and_survives_a_ring_rotation(ring: Settings) -> None:
    before = crypto.fingerprint("v0-secret")
    ring.KEY_RING = entry("second", b"b")
    assert crypto.fingerprint("v0-secret") == before
    assert crypto.fingerprint("v0-other") != before


def test_a_fingerprint_cannot_be_made_without_the_installations_secret(
    ring: Settings,
) -> None:
    before = crypto.fingerprint("v0-secret")
    ring.SECRET_KEY = "another-installation"
    assert crypto.fingerprint("v0-secret") != before
