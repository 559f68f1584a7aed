"""Rotating the key ring, and the start that stops where stored keys do not open with it."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from dashboard import crypto, ring
from dashboard.models import Key
from tests import make
from tests.dashboard.conftest import Cast

ROOT = Path(__file__).parent.parent.parent


def entry(name: str, letter: bytes) -> str:
    return f"{name}:{base64.b64encode(letter * 32).decode()}"


OLD, NEW = entry("old", b"o"), entry("new", b"n")


@pytest.fixture
def stored(cast: Cast, settings: Settings) -> list[Key]:
    """Five keys under the old ring key; the ring has a newer one since."""
    settings.KEY_RING = OLD
    found = [make.key(cast.member, f"v0-key-{number}") for number in range(5)]
    settings.KEY_RING = f"{NEW},{OLD}"
    return found


def plain_texts() -> list[str]:
    keys = Key.objects.exclude(sealed="").order_by("pk")
    return [crypto.open_sealed(key.sealed, key.seal_context) for key in keys]


def sealed_under() -> list[str]:
    return [crypto.ring_key_of(key.sealed) for key in Key.objects.exclude(sealed="").order_by("pk")]


def rotate(**options: bool) -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


def test_every_key_is_sealed_anew_and_still_opens_without_the_old_ring_key(
    stored: list[Key], settings: Settings
) -> None:
    said = rotate()
    assert "5 of 5 secrets looked at" in said
    assert "5 secrets sealed anew under the ring key new" in said
    settings.KEY_RING = NEW
    assert plain_texts() == [f"v0-key-{number}" for number in range(5)]


def test_a_second_rotation_finds_nothing_to_do(stored: list[Key]) -> None:
    rotate()
    before = list(Key.objects.order_by("pk").values_list("sealed", flat=True))
    assert "0 secrets sealed anew" in rotate()
    assert list(Key.objects.order_by("pk").values_list("sealed", flat=True)) == before


def test_a_dry_run_changes_nothing(stored: list[Key]) -> None:
    assert "5 secrets would be sealed anew" in rotate(dry_run=True)
    assert sealed_under() == ["old"] * 5


def test_an_interrupted_rotation_keeps_what_it_did_and_goes_on_later(
    stored: list[Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring, "BATCH", 2)
    progress = next(ring.rotate_ring())
    assert (progress.seen, progress.total) == (2, 5)
    assert sealed_under() == ["new", "new", "old", "old", "old"]
    assert "3 secrets sealed anew" in rotate()
    assert sealed_under() == ["new"] * 5


def test_keys_that_do_not_open_are_named_and_the_others_are_rotated(stored: list[Key]) -> None:
    lost = stored[2]
    lost.sealed = stored[0].sealed  # moved from another row
    lost.save(update_fields=["sealed"])
    with pytest.raises(CommandError) as failure:
        rotate()
    assert f"{lost.label} (…ey-2), key {lost.pk}" in str(failure.value)
    assert sealed_under() == ["new", "new", "old", "new", "new"]


def test_the_exit_code_tells_a_script_that_keys_are_stuck(stored: list[Key]) -> None:
    Key.objects.filter(pk=stored[0].pk).update(sealed="lost.AAAA")
    with pytest.raises(CommandError) as failure:
        rotate()
    assert failure.value.returncode != 0


def test_removed_keys_are_left_alone(stored: list[Key]) -> None:
    Key.objects.filter(pk=stored[0].pk).update(sealed="", removed_at=make.AT)
    assert "4 of 4 secrets looked at" in rotate()
    assert Key.objects.get(pk=stored[0].pk).sealed == ""


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_waited_for(stored: list[Key]) -> None:
    held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Key.objects.select_for_update().get(pk=stored[1].pk)
            held.set()
            may_end.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    rotation = ring.rotate_ring()
    assert next(rotation).seen == 4  # the others first
    may_end.set()
    assert [progress.seen for progress in rotation] == [5]
    holder.join(10)
    assert sealed_under() == ["new"] * 5


# ---- the start ----------------------------------------------------------------------------------


def test_an_empty_database_goes_with_any_ring(db: None) -> None:
    assert ring.verify_ring() is None


def test_a_ring_that_opens_the_stored_keys_passes(stored: list[Key]) -> None:
    assert ring.verify_ring() is None


def test_a_ring_without_the_key_that_sealed_is_named(stored: list[Key], settings: Settings) -> None:
    settings.KEY_RING = NEW
    assert "sealed with the ring key “old”, which KEY_RING does not have" in str(ring.verify_ring())


def test_a_ring_with_another_value_under_the_same_name_is_noticed(
    stored: list[Key], settings: Settings
) -> None:
    settings.KEY_RING = entry("old", b"x")
    assert "do not open with the ring key “old”" in str(ring.verify_ring())


def test_one_damaged_row_does_not_stop_the_start(stored: list[Key]) -> None:
    Key.objects.filter(pk=stored[-1].pk).update(sealed=stored[0].sealed)
    assert ring.verify_ring() is None


START = {
    "web": "import dashboard.asgi",
    "worker": "from celery.bin.celery import main; import sys; "
    "sys.argv = ['celery', '-A', 'dashboard', 'worker', '-c', '1']; main()",
    "beat": "from celery.bin.celery import main; import sys; "
    "sys.argv = ['celery', '-A', 'dashboard', 'beat', '-s', '/dev/null']; main()",
    "manage": "import runpy, sys; sys.argv = ['manage.py', 'check']; "
    "runpy.run_path('manage.py', run_name='__main__')",
}


def start(what: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process that serves or works, on this test's database."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    return subprocess.run(
        [sys.executable, "-c", START[what]],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "KEY_RING": OLD} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["web", "worker"])
def test_a_wrong_ring_stops_the_start_with_a_sentence(what: str, stored: list[Key]) -> None:
    ended = start(what, KEY_RING=NEW)
    assert ended.returncode != 0
    assert (
        ended.stderr.strip()
        .splitlines()[-1]
        .startswith(
            "Stored v0 keys are sealed with the ring key “old”, which KEY_RING does not have."
        )
    )


@pytest.mark.django_db(transaction=True)
def test_the_right_ring_lets_the_web_server_start(stored: list[Key]) -> None:
    ended = start("web")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "KEY_RING is empty"),
        ("a:b", "KEY_RING: a is not base64"),
        ("?", "KEY_RING must be a list"),
    ],
)
def test_a_missing_or_malformed_ring_stops_the_start_with_a_sentence(
    text: str, sentence: str
) -> None:
    ended = start("web", KEY_RING=text, DATABASE_URL=os.environ["DATABASE_URL"])
    assert ended.returncode != 0
    assert ended.stderr.startswith(sentence)


@pytest.mark.parametrize("what", START)
def test_without_a_ring_nothing_starts_and_there_is_no_traceback(what: str) -> None:
    ended = start(what, KEY_RING="", DATABASE_URL=os.environ["DATABASE_URL"])
    assert ended.returncode != 0
    assert ended.stderr.strip().splitlines()[-1].startswith("KEY_RING is empty")
    assert "Traceback" not in ended.stderr


def test_the_start_does_not_need_a_database_that_is_not_there_yet() -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    ended = start("web", DATABASE_URL=nowhere)
    assert ended.returncode == 0, ended.stderr
    assert "no database" in ended.stderr
