"""Headers of a hostile preview: they come to the preview origin, and what could reach around the
preview's own pages does not go on to browsers. What browsers make of it is tested beside this."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client as Visitor
from pytest_django.fixtures import Settings

from tests.dashboard.conftest import Cast
from tests.previewing import Browser, Noting, in_front_of_a_preview, noted_previews
from v0client.http import Client
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
DASHBOARD = "http://localhost:8000"
STAY = {
    "set-cookie": "sessionid=tossed; Path=/",
    "clear-site-data": '"*"',
    "access-control-allow-origin": DASHBOARD,
    "access-control-allow-credentials": "true",
    "access-control-allow-private-network": "true",
    "report-to": '{"endpoints": [{"url": "https://attacker.invalid/"}]}',
    "reporting-endpoints": 'default="https://attacker.invalid/"',
    "nel": '{"report_to": "default"}',
    "strict-transport-security": "max-age=99",
    "alt-svc": 'h3="attacker.invalid:443"',
    "x-frame-options": "ALLOWALL",
}
# About the preview's own pages and host, where its scripts could do the same.
GO_ON = {
    "location": f"{DASHBOARD}/teams/new/",  # which no frame shows
    "refresh": f"0; url={DASHBOARD}/teams/new/",
    "link": f"<{DASHBOARD}/teams/new/>; rel=preload; as=script",
    "service-worker-allowed": "/",
}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Client, Noting]]:
    with noted_previews() as (port, notes), Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client, notes


@pytest.fixture
def browser(
    served: tuple[Client, Noting], cast: Cast, simulator: Simulator, settings: Settings
) -> Browser:
    return in_front_of_a_preview(served[0], cast, simulator, settings)


@pytest.mark.parametrize("name", STAY)
def test_a_header_that_reaches_further_comes_and_does_not_go_on(
    name: str, browser: Browser, served: tuple[Client, Noting]
) -> None:
    served[1].answers.clear()
    answer = browser.ask("/echo", params={name: STAY[name]})
    assert answer.json()["method"] == "GET"
    assert served[1].told(name) == [STAY[name]]
    assert name not in answer.headers


@pytest.mark.parametrize("name", GO_ON)
def test_a_header_about_the_previews_own_pages_goes_on(
    name: str, browser: Browser, served: tuple[Client, Noting]
) -> None:
    answer = browser.ask("/echo", params={name: GO_ON[name]})
    assert answer.headers[name] == GO_ON[name]


def test_a_cookie_of_another_name_goes_on_for_its_host_alone(
    browser: Browser, served: tuple[Client, Noting]
) -> None:
    served[1].answers.clear()
    cookie = "theirs=1; Domain=localhost; Path=/"
    answer = browser.ask("/echo", params={"set-cookie": cookie})
    assert served[1].told("set-cookie") == [cookie]
    assert answer.headers["set-cookie"] == "theirs=1; Path=/"


def test_a_policy_of_theirs_opens_no_frame_of_others(
    browser: Browser, served: tuple[Client, Noting]
) -> None:
    served[1].answers.clear()
    theirs = "frame-ancestors *; script-src 'self'"
    answer = browser.ask("/echo", params={"content-security-policy": theirs})
    assert served[1].told("content-security-policy") == [theirs]
    assert answer.headers.get_list("content-security-policy") == [
        "script-src 'self'",
        f"frame-ancestors {DASHBOARD}",
    ]


def test_the_dashboard_is_not_found_under_a_previews_host(browser: Browser) -> None:
    """Cookies do not tell ports apart: what a preview sets for its host reaches no page of ours."""
    answer = Visitor().get("/accounts/login/", headers={"host": f"{browser.host}:8000"})
    assert answer.status_code == 400
