"""v0 keys: checked before they are stored, sealed, refused twice, paused, removed, never shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from dashboard import crypto
from dashboard.actions import Invalid, keys, syncs
from dashboard.models import Activity, Chat, Key, Membership, Project, SyncRun
from dashboard.upstream.errors import Refused
from tests import make
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
    with pytest.raises(Refused, match="does not accept this key") as refusal:
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


def test_checking_a_revoked_key_marks_it_rejected_with_the_reason(
    cast: Cast, simulator: Simulator
) -> None:
    key = add(cast.member)
    simulator.faults.add("/v1/user", status=401, times=None)
    checked = keys.check_key(member=cast.member, key=key)
    assert checked.state == Key.State.REJECTED
    assert "does not accept this key" in checked.state_reason
    simulator.faults.clear()
    assert keys.check_key(member=cast.member, key=key).state == Key.State.OK
    assert list(
        Activity.objects.filter(verb="key.state").order_by("pk").values_list("after__state")
    ) == [("rejected",), ("ok",)]


def test_a_key_that_cannot_be_checked_keeps_its_state(cast: Cast, simulator: Simulator) -> None:
    key = add(cast.member)
    simulator.faults.add("/v1/user", status=500, times=None)
    with pytest.raises(Refused):
        keys.check_key(member=cast.member, key=key)
    key.refresh_from_db()
    assert key.state == Key.State.OK


def test_a_key_that_changed_hands_is_refused(cast: Cast, simulator: Simulator) -> None:
    key = add(cast.member)
    Key.objects.filter(pk=key.pk).update(upstream_user_id="somebody-else")
    key.refresh_from_db()
    with pytest.raises(Refused, match="another account"):
        keys.check_key(member=cast.member, key=key)
    key.refresh_from_db()
    assert (key.state, key.upstream_user_id) == (Key.State.REJECTED, "somebody-else")


def test_a_check_does_not_wake_a_paused_key(cast: Cast) -> None:
    key = add(cast.member)
    keys.pause_key(member=cast.member, key=key, paused=True)
    assert keys.check_key(member=cast.member, key=key).state == Key.State.PAUSED


def test_a_key_is_renamed_and_offered_by_its_owner_alone(cast: Cast) -> None:
    key = add(cast.member)
    assert keys.rename_key(member=cast.member, key=key, label="Desk").label == "Desk"
    assert keys.share_key(member=cast.member, key=key, shared=True).shared
    for other in (cast.owner, cast.outsider):
        with pytest.raises(PermissionDenied):
            keys.rename_key(member=other, key=key, label="Mine")
        with pytest.raises(PermissionDenied):
            keys.share_key(member=other, key=key, shared=False)
    assert {"key.rename", "key.share"} <= set(Activity.objects.values_list("verb", flat=True))


def test_an_overseer_pauses_any_key_of_the_team_and_no_other(cast: Cast) -> None:
    key, foreign = add(cast.member), add(cast.outsider)
    paused = keys.pause_key(member=cast.admin, key=key, paused=True)
    assert (paused.state, paused.state_reason) == ("paused", "Paused by Admin.")
    with pytest.raises(PermissionDenied):
        keys.pause_key(member=cast.admin, key=foreign, paused=True)
    with pytest.raises(PermissionDenied):
        keys.pause_key(member=make.person("member", cast.team), key=key, paused=True)


def test_a_paused_key_is_neither_due_nor_synced_by_hand(cast: Cast) -> None:
    key = keys.pause_key(member=cast.member, key=add(cast.member), paused=True)
    assert key not in Key.objects.sync_due()
    with pytest.raises(Refused, match="is paused"):
        syncs.start_sync(member=cast.member, key=key)
    keys.pause_key(member=cast.member, key=key, paused=False)
    assert key in Key.objects.sync_due()


def test_a_removed_key_is_emptied_and_what_only_it_saw_disappears(cast: Cast) -> None:
    key = add(cast.member)
    private = make.chat(cast.team, seen_by=key, privacy="private")
    shared = make.chat(cast.team, seen_by=key, privacy="team")
    hidden = make.project(cast.team, seen_by=key, privacy="private")
    keys.remove_key(member=cast.member, key=key)
    key.refresh_from_db()
    assert (key.sealed, key.removed_at is None) == ("", False)
    assert list(Chat.objects.visible_to(cast.member)) == [shared]
    assert hidden not in Project.objects.visible_to(cast.member)
    assert Chat.objects.filter(pk=private.pk).exists()
    assert Activity.objects.filter(verb="key.add", key=key).exists()
    assert Activity.objects.get(verb="key.remove").person == cast.member.user


def test_removing_a_key_twice_does_nothing_more(cast: Cast) -> None:
    key = add(cast.member)
    keys.remove_key(member=cast.member, key=key)
    keys.remove_key(member=cast.member, key=key)
    assert Activity.objects.filter(verb="key.remove").count() == 1


def test_people_sync_their_own_keys_and_overseers_all(cast: Cast) -> None:
    own, others = make.key(cast.member), make.key(cast.admin, "v0-demo-admin")
    assert [run.key for run in syncs.start_sync(member=cast.member)] == [own]
    assert {run.key for run in syncs.start_sync(member=cast.owner)} == {own, others}
    with pytest.raises(PermissionDenied):
        syncs.start_sync(member=cast.member, key=others)
    with pytest.raises(PermissionDenied):
        syncs.start_sync(member=cast.outsider, key=own)


def test_a_sync_without_any_key_says_what_to_do(cast: Cast) -> None:
    with pytest.raises(Refused, match="Add one under Keys"):
        syncs.start_sync(member=cast.member)
