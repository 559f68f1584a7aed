"""What of the headers goes through to a preview and back."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from dashboard.previews import headers
from dashboard.previews.headers import Places

HERE = "https://label.previews.example.com"
PLACES = Places(HERE, "https://abc.vusercontent.net")
BELOW = Places(HERE, "https://v0.example/live/abc")


def asked(**given: str) -> dict[str, str]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    return {name.decode(): value.decode() for name, value in headers.asked(raw, PLACES, "secret")}


def told(*given: tuple[str, str], places: Places = PLACES) -> list[tuple[str, str]]:
    raw = [(name.encode(), value.encode()) for name, value in given]
    return [(name.decode(), value.decode()) for name, value in headers.told(raw, places)]


def test_the_token_is_ours_whatever_visitors_send() -> None:
    assert asked(x_v0_preview_token="theirs") == {"x-v0-preview-token": "secret"}


def test_headers_of_the_hop_and_of_proxies_stay_here() -> None:
    found = asked(
        host="label.previews.example.com", connection="keep-alive, X-Odd", x_odd="1",
        keep_alive="5", te="trailers", upgrade="h2c", x_forwarded_for="10.0.0.1",
        accept="text/html",
    )  # fmt: skip
    assert found == {"accept": "text/html", "x-v0-preview-token": "secret"}


def test_cookies_of_the_dashboard_stay_here() -> None:
    assert asked(cookie="sessionid=1; theirs=2; csrftoken=3")["cookie"] == "theirs=2"
    assert "cookie" not in asked(cookie="sessionid=1")


def test_the_preview_hears_its_own_origin() -> None:
    found = asked(origin=HERE, referer=f"{HERE}/page?x=1")
    assert found["origin"] == "https://abc.vusercontent.net"
    assert found["referer"] == "https://abc.vusercontent.net/page?x=1"
    assert asked(origin="https://other.example")["origin"] == "https://other.example"
    assert "referer" not in asked(referer="https://dashboard.example.com/t/acme/")


@pytest.mark.parametrize(
    ("location", "outward"),
    [
        ("/login", "/login"),
        ("login?next=1", "login?next=1"),
        ("https://abc.vusercontent.net/login?a=1#b", "/login?a=1#b"),
        ("//abc.vusercontent.net/login", "/login"),
        ("https://abc.vusercontent.net", "/"),
        (
            "https://abc.vusercontent.net.evil.example/",
            "https://abc.vusercontent.net.evil.example/",
        ),
        ("https://accounts.example/sign-in", "https://accounts.example/sign-in"),
    ],
)
def test_redirects_stay_inside(location: str, outward: str) -> None:
    assert ("location", outward) in told(("Location", location))


@pytest.mark.parametrize(
    ("location", "outward"),
    [
        ("/live/abc/login", "/login"),
        ("https://v0.example/live/abc", "/"),
        ("https://v0.example/live/abcdef", "/live/abcdef"),
        ("/elsewhere", "/elsewhere"),
    ],
)
def test_redirects_stay_inside_of_a_preview_below_a_path(location: str, outward: str) -> None:
    assert ("location", outward) in told(("location", location), places=BELOW)


def test_a_cookie_belongs_to_its_host_alone() -> None:
    cookie = "id=1; Path=/; Domain=.example.com; HttpOnly"
    assert ("set-cookie", "id=1; Path=/; HttpOnly") in told(("Set-Cookie", cookie))


def test_only_the_dashboard_may_frame_a_preview(settings: Settings) -> None:
    settings.DASHBOARD_ORIGINS = ["https://dashboard.example.com"]
    found = told(
        ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", "script-src 'self'; frame-ancestors https://v0.app, img-src *"),
        ("Content-Security-Policy", "Frame-Ancestors 'none'"),
    )
    assert [value for name, value in found if name == "content-security-policy"] == [
        "script-src 'self', img-src *",
        "frame-ancestors https://dashboard.example.com",
    ]
    assert "x-frame-options" not in dict(found)


def test_no_other_site_reads_a_preview() -> None:
    found = dict(told(("Access-Control-Allow-Origin", "*"), ("Referrer-Policy", "unsafe-url")))
    assert "access-control-allow-origin" not in found
    assert found["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "cookie", ["sessionid=1", " sessionid =1; Path=/", "=sessionid=1", "csrftoken=1; HttpOnly"]
)
def test_no_cookie_is_called_like_the_dashboards(cookie: str) -> None:
    assert "set-cookie" not in dict(told(("Set-Cookie", cookie)))
    assert ("set-cookie", "their-sessionid=1") in told(("Set-Cookie", "their-sessionid=1"))


def test_no_header_speaks_for_more_than_the_previews_own_pages() -> None:
    found = told(
        ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Private-Network", "true"),
        ("Alt-Svc", 'h3=":443"'), ("Clear-Site-Data", '"*"'), ("NEL", "{}"), ("Report-To", "{}"),
        ("Reporting-Endpoints", 'all="https://evil.example/"'), ("Referrer-Policy", "unsafe-url"),
        ("Strict-Transport-Security", "max-age=1"), ("X-Frame-Options", "DENY"),
    )  # fmt: skip
    assert [name for name, _ in found] == ["referrer-policy", "content-security-policy"]
