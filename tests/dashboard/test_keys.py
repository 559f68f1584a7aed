"""v0 keys: checked before they are stored, sealed, refused twice, paused, removed, never shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from dashboard import crypto
from dashboard.actions import Invalid, keys
from dashboard.models import Activity, Key, Membership, SyncRun
from dashboard.upstream.errors import Refused
from tests.dashboard.conftest import Cast
from v0client.simulator import Simulator

PLAIN = "v0-demo-member"


@pytest.fixture(autouse=True)
def world(simulator: Simulator, cast: Cast) -> None:
    """Every test here has v0 and people."""


def add(member: Membership, plain: str = PLAIN, label: str = "Laptop") -> Key:
    return keys.add_key(member=member, plain=plain, label=label)


def test_a_key_is_stored_with_the_account_that_v0_names(cast: Cast) -> None:
    key = add(cast.member, f"  {PLAIN}\n", " Laptop ")
    key.refresh_from_db()
    assert (key.label, key.last_four, key.state) == ("Laptop", "mber", "ok")
    assert (key.upstream_name, key.upstream_email) == ("Mia Member", "member@example.com")
    assert key.upstream_user_id
    assert key.scopes
    assert crypto.open_sealed(key.sealed, key.seal_context) == PLAIN


def test_a_first_sync_is_queued_and_the_history_says_who_added_it(cast: Cast) -> None:
    key = add(cast.member)
    run = SyncRun.objects.get(key=key)
    assert (run.trigger, run.requested_by) == ("first", cast.member.user)
    row = Activity.objects.get(verb="key.add")
    assert (row.actor, row.key, row.after["account"]) == (cast.member.user, key, "Mia Member")


def test_a_wrong_key_is_refused_and_not_stored(cast: Cast) -> None:
    with pytest.raises(Refused, match="rejects this key") as refusal:
        add(cast.member, "v0-wrong-key-entirely")
    assert refusal.value.kind == "rejected"
    assert "v0-wrong" not in str(refusal.value)
    assert not Key.objects.exists()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 500}, "broken"),
        ({"status": 429, "headers": {"Retry-After": "60"}}, "busy"),
        ({"reset": "before"}, "unreachable"),
        ({"not_json": True}, "broken"),
    ],
)
def test_a_key_that_cannot_be_checked_is_not_stored(
    cast: Cast, simulator: Simulator, fault: dict[str, object], kind: str
) -> None:
    simulator.faults.add("/v1/user", times=None, **fault)
    with pytest.raises(Refused) as refusal:
        add(cast.member)
    assert refusal.value.kind == kind
    assert not Key.objects.exists()


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ("", "Paste a v0 API key"),
        ("  \n", "Paste a v0 API key"),
        ("x" * 501, "at most 500"),
        ("two words", "no blanks"),
        ("clé", "accented"),
        ("line\nbreak", "line breaks"),
        ("null\x00byte", "no blanks"),
    ],
)
def test_what_cannot_be_a_key_is_refused_without_asking_v0(
    cast: Cast, simulator: Simulator, plain: str, sentence: str
) -> None:
    asked = len(simulator.requests)
    with pytest.raises(Invalid, match=sentence) as refusal:
        add(cast.member, plain)
    assert refusal.value.field == "plain"
    assert len(simulator.requests) == asked


@pytest.mark.parametrize(("label", "sentence"), [(" ", "missing"), ("x" * 81, "most is 80")])
def test_a_key_needs_a_label(cast: Cast, label: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        add(cast.member, label=label)
    assert refusal.value.field == "label"


def test_the_same_key_twice_in_a_team_is_refused_with_who_has_it(cast: Cast) -> None:
    add(cast.member)
    with pytest.raises(Invalid, match="You have added this key already, as “Laptop”"):
        add(cast.member, label="Again")
    with pytest.raises(Invalid, match="Member has added this key to the team already"):
        add(cast.admin)
    assert Key.objects.count() == 1


def test_another_team_may_have_the_same_key(cast: Cast) -> None:
    add(cast.member)
    add(cast.outsider)
    assert Key.objects.count() == 2


def test_a_removed_key_may_be_added_again(cast: Cast) -> None:
    keys.remove_key(member=cast.member, key=add(cast.member))
    assert add(cast.member).removed_at is None


@pytest.mark.django_db(transaction=True)
def test_the_same_key_added_at_the_same_moment_is_stored_once(
    cast: Cast, simulator: Simulator
) -> None:
    simulator.faults.add("/v1/user", times=2, delay=0.3)  # both have looked before one stores
    together, sentences = threading.Barrier(2), []

    def race(member: Membership) -> None:
        together.wait(5)
        try:
            add(member)
        except Invalid as refusal:
            sentences.append(refusal.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(one,)) for one in (cast.member, cast.admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Key.objects.count() == 1
    assert len(sentences) == 1
    assert "added this key" in sentences[0]


def test_a_key_with_a_vercel_token_in_it_is_marked(cast: Cast, simulator: Simulator) -> None:
    secret = "v1:team_abc:tok:with:colons"
    simulator.store.keys[secret] = simulator.store.keys[PLAIN]
    assert add(cast.member, secret).embeds_vercel_token
    assert not add(cast.member).embeds_vercel_token


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.__dict__}")

    root, listener = logging.getLogger(), Listener(logging.DEBUG)
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(before)
    root.removeHandler(listener)


def test_the_plain_key_is_in_no_log_no_history_and_no_column(
    cast: Cast, everything_logged: list[str]
) -> None:
    key = add(cast.member)
    keys.check_key(member=cast.member, key=key)
    logged = [line for line in everything_logged if "executemany" not in line]
    assert logged
    assert not any(PLAIN in line for line in logged)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608
            assert not any(PLAIN in row[0] for row in cursor.fetchall()), table
    assert PLAIN not in repr(key) + str(key) + repr(vars(key))


@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_shows_no_key_even_with_debug_on(
    cast: Cast, simulator: Simulator, settings: Settings, debug: bool
) -> None:
    """Django's page lists the variables of each frame; those with the key are left out."""
    secret = "-".join(["v0", "this", "is", "secret"])  # the page shows the lines of this test too
    settings.DEBUG = debug
    simulator.faults.add("/v1/user", times=None, status=500)
    request = RequestFactory().post("/", {"plain": secret, "label": "Laptop"})
    with pytest.raises(Refused) as refusal:
        add_like_a_view(cast.member, secret)
    below = refusal.tb.tb_next  # this function has the secret, of course
    reporter = ExceptionReporter(request, refusal.type, refusal.value, below)
    text, html = reporter.get_traceback_text(), reporter.get_traceback_html()
    assert "add_key" in text
    assert "add_key" in html
    assert "Laptop" in html
    assert secret not in text
    assert secret not in html


def add_like_a_view(member: Membership, secret: str) -> None:
    place = [secret]
    del secret
    keys.add_key(member=member, plain=place.pop(), label="Laptop")
