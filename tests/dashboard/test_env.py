"""Settings from the environment: what is read how, and the sentences about wrong values."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard import env


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("THING", raising=False)
    monkeypatch.delenv("THING_FILE", raising=False)
    return monkeypatch


def test_a_missing_variable_without_default_is_named(given: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="THING is missing"):
        env.text("THING")


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("TRUE", True), (" on ", True), ("no", False), ("", False), ("0", False)],
)
def test_flags_understand_the_usual_words(
    given: pytest.MonkeyPatch, value: str, meant: bool
) -> None:
    given.setenv("THING", value)
    assert env.flag("THING", not meant) is meant


def test_a_flag_that_is_neither_stops_the_start(given: pytest.MonkeyPatch) -> None:
    given.setenv("THING", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="THING is 'perhaps'; use true or false"):
        env.flag("THING", False)


def test_a_number_must_be_whole_and_large_enough(given: pytest.MonkeyPatch) -> None:
    given.setenv("THING", "12")
    assert env.number("THING", 1) == 12
    given.setenv("THING", "many")
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number("THING", 1)
    given.setenv("THING", "0")
    with pytest.raises(ImproperlyConfigured, match="use 1 or more"):
        env.number("THING", 1, least=1)


def test_a_list_drops_blanks(given: pytest.MonkeyPatch) -> None:
    given.setenv("THING", " a, ,b ,")
    assert env.listing("THING") == ["a", "b"]


def test_a_secret_may_be_in_a_file(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "thing").write_text("hidden\n")
    given.setenv("THING_FILE", str(tmp_path / "thing"))
    given.setenv("THING", "not this one")
    assert env.secret("THING") == "hidden"


def test_a_secret_file_that_is_missing_stops_the_start_without_naming_more(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given.setenv("THING_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="THING_FILE cannot be read"):
        env.secret("THING", "")


def test_a_database_address_is_taken_apart(given: pytest.MonkeyPatch) -> None:
    given.setenv("THING", "postgresql://me:p%40ss@db:5433/main?sslmode=require")
    found = env.database("THING")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("main", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_database_may_be_on_a_socket(given: pytest.MonkeyPatch) -> None:
    given.setenv("THING", "postgresql://me@/main?host=/run/database")
    assert env.database("THING")["HOST"] == "/run/database"


@pytest.mark.parametrize(
    ("address", "port", "protection"),
    [
        ("smtp://me%40example.com:p%2Fss@mail", 587, "starttls"),
        ("smtp://me%40example.com:p%2Fss@mail:25", 25, ""),
        ("smtps://me%40example.com:p%2Fss@mail", 465, "tls"),
    ],
)
def test_a_mail_server_is_taken_apart(address: str, port: int, protection: str) -> None:
    show = "from dashboard import settings as s; print(s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD,"
    show += " s.EMAIL_PORT, 'starttls' if s.EMAIL_USE_TLS else 'tls' if s.EMAIL_USE_SSL else '')"
    told = subprocess.run(
        [sys.executable, "-c", show],
        env={**os.environ, "EMAIL_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == f"me@example.com p/ss {port} {protection}".strip()


def test_another_kind_of_database_stops_the_start(given: pytest.MonkeyPatch) -> None:
    given.setenv("THING", "sqlite:///file.db")
    with pytest.raises(ImproperlyConfigured, match="must start with postgresql://"):
        env.database("THING")


@pytest.mark.parametrize(
    "origin",
    ["https://previews.example.com", "*.previews.example.com", "https://*", "https://*.a.b/path"],
)
def test_a_preview_origin_has_a_wildcard_and_nothing_else(origin: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"https://\*\.previews\.example\.com"):
        env.check_preview_origin(origin, ["https://dashboard.example.com"], [])


def test_a_preview_origin_needs_somebody_who_may_frame_it() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs DASHBOARD_ORIGINS"):
        env.check_preview_origin("https://*.previews.example.com", [], [])


@pytest.mark.parametrize(
    "host", ["*", ".example.com", ".previews.example.com", "dashboard.previews.example.com"]
)
def test_previews_have_hosts_that_the_dashboard_does_not_answer_on(host: str) -> None:
    origin, dashboards = "https://*.previews.example.com", ["https://dashboard.example.com"]
    with pytest.raises(ImproperlyConfigured, match="Use another domain for previews"):
        env.check_preview_origin(origin, dashboards, [host])
    env.check_preview_origin(origin, dashboards, ["dashboard.example.com", "127.0.0.1"])
    env.check_preview_origin("http://*.localhost:8001", dashboards, ["localhost"])
