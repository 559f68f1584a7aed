"""Logs: an id on every line and answer, lines of JSON that parse, and nothing secret."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from dashboard.actions import keys
from dashboard.logs import RequestLog, logging_config
from dashboard.models import Activity
from tests.dashboard.conftest import Cast
from tests.make import PASSWORD
from v0client.simulator import Simulator

PLAIN = "v0-demo-member"


class Lines(logging.Handler):
    """What the console would get, as text."""

    def __init__(self, form: str) -> None:
        super().__init__(logging.DEBUG)
        description = logging_config(form)["formatters"]["lines"]
        options = {name: value for name, value in description.items() if name != "()"}
        self.setFormatter(structlog.stdlib.ProcessorFormatter(**options))
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def parsed(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.texts]


@pytest.fixture(params=["json"])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    root, handler = logging.getLogger(), Lines(request.param)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def ask(**headers: str) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        logging.getLogger("somebody.else").info("in between")
        return HttpResponse("fine", status=201)

    return RequestLog(view)(RequestFactory().get("/some/page?secret=1", **headers))


def test_each_request_has_an_id_on_its_answer_and_on_all_its_lines(lines: Lines) -> None:
    first, second = ask(), ask()
    ids = [line["request_id"] for line in lines.parsed()]
    assert ids == [first["X-Request-ID"]] * 2 + [second["X-Request-ID"]] * 2
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_line_tells_method_path_status_and_time_and_no_query(lines: Lines) -> None:
    ask()
    line = lines.parsed()[-1]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/some/page", 201)
    assert line["milliseconds"] >= 0
    assert line["level"] == "info"
    assert "secret" not in lines.texts[-1]


def test_the_proxys_id_is_taken_over_where_it_is_sane(lines: Lines) -> None:
    assert ask(HTTP_X_REQUEST_ID="proxy-made-1234")["X-Request-ID"] == "proxy-made-1234"
    for odd in ("short", "x" * 65, 'with"quotes"inside', "two\nlines-here"):
        assert ask(HTTP_X_REQUEST_ID=odd)["X-Request-ID"] != odd


def test_an_id_does_not_leak_into_what_comes_after(lines: Lines) -> None:
    ask()
    logging.getLogger("later").info("no request")
    assert "request_id" not in lines.parsed()[-1]


def test_an_exception_is_one_line_of_json(lines: Lines) -> None:
    try:
        raise SuspiciousOperation("two\nlines")
    except SuspiciousOperation:
        logging.getLogger("somebody.else").exception("it broke")
    line = lines.parsed()[-1]
    assert line["event"] == "it broke"
    assert line["exception"][0]["exc_type"] == "SuspiciousOperation"


@pytest.mark.parametrize("lines", ["json", "readable"], indirect=True)
def test_what_an_exception_held_in_its_variables_is_not_logged(lines: Lines) -> None:
    def fail(plain: str) -> None:
        raise RuntimeError("it broke")

    try:
        fail("-".join(["v0", "in", "a", "variable"]))
    except RuntimeError:
        logging.getLogger("somebody.else").exception("it broke")
    assert "v0-in-a-variable" not in lines.texts[-1]


@pytest.mark.parametrize("lines", ["readable"], indirect=True)
def test_development_gets_lines_for_people(lines: Lines) -> None:
    ask()
    assert "status=201" in lines.texts[-1]
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines.texts[-1])


def test_probes_are_not_logged(lines: Lines) -> None:
    Client().get("/healthz")
    assert not [line for line in lines.parsed() if line.get("path") == "/healthz"]


def test_adding_a_key_logs_no_secret(lines: Lines, cast: Cast, simulator: Simulator) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "member@example.com", "password": PASSWORD})
    address = f"/t/{cast.team.slug}/keys/add/"
    response = browser.post(address, {"plain": PLAIN, "label": "Laptop"})
    assert cast.team.keys.exists(), response.content.decode()[:500]
    assert any(line.get("path") == address for line in lines.parsed())
    assert not any(PLAIN in text for text in lines.texts)
    row = Activity.objects.get(verb="key.add")
    assert row.request_id == response["X-Request-ID"]


def test_a_refused_key_logs_no_secret(lines: Lines, cast: Cast, simulator: Simulator) -> None:
    simulator.faults.add("/v1/user", times=None, status=500)
    try:
        keys.add_key(member=cast.member, plain=PLAIN, label="Laptop")
    except Exception:
        logging.getLogger("somebody.else").exception("it broke")
    assert "it broke" in lines.texts[-1]
    assert not any(PLAIN in text for text in lines.texts)


@pytest.mark.django_db
def test_the_log_keeps_no_link_out_of_a_mail(lines: Lines, client: Client) -> None:
    client.get("/accounts/password/reset/key/1-abcdef-0123456789/")
    assert not any("0123456789" in text for text in lines.texts)
    assert any("password/reset/key" in text for text in lines.texts)
