"""Browsers in words, and the page of the sessions that shows them."""

from __future__ import annotations

import pytest
from django.test import Client

from dashboard.browsers import browser_and_system
from tests.dashboard.conftest import Cast

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"{MAC} {BLINK}", "Chrome on macOS"),
        (f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
         "Safari on macOS"),
        (f"{WINDOWS} {BLINK} Edg/150.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} {BLINK} OPR/130.0.0.0", "Opera on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         "Firefox on Linux"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK}", "Chrome on ChromeOS"),
        (f"{ANDROID} Chrome/150.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
         "Samsung Internet on Android"),
        (f"{IPHONE} (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
         "Safari on iPhone"),
        (f"{IPHONE} (KHTML, like Gecko) CriOS/150.0.0.0 Mobile/15E148 Safari/604.1",
         "Chrome on iPhone"),
        (f"{IPHONE} (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
         "Firefox on iPhone"),
        ("curl/8.14.1", "curl"),
        ("python-httpx/0.28.1", "A Python program"),
        ("", "Unknown browser"),
        ("<script>alert(1)</script>", "Unknown browser"),
    ],
)  # fmt: skip
def test_what_a_browser_says_of_itself_is_told_in_words(said: str, words: str) -> None:
    assert browser_and_system(said) == words


def test_sessions_name_the_browser_and_keep_what_it_said_as_a_title(cast: Cast) -> None:
    said = f'{MAC} {BLINK} "<b>'
    client = Client(headers={"user-agent": said})
    client.force_login(cast.member.user)
    client.get("/accounts/sessions/")
    html = client.get("/accounts/sessions/").content.decode()
    assert "<b>Chrome on macOS</b>" in html
    assert 'Safari/537.36 &quot;&lt;b&gt;"' in html
    assert '"<b>' not in html
