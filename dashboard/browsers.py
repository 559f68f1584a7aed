"""Which browser somebody uses, in words, out of what it says of itself.

The strings have grown for thirty years, and each browser names those before it: the first that fits
is meant. Nothing is decided by it; it only helps people to know their own devices again.
"""

from __future__ import annotations

BROWSERS = {
    "Edg": "Edge",  # on phones EdgA and EdgiOS
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Vivaldi/": "Vivaldi",
    "YaBrowser/": "Yandex Browser",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "HeadlessChrome/": "Headless Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
    "curl/": "curl",
    "python": "A Python program",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def browser_and_system(said: str) -> str:
    """In words what a User-Agent header names: “Chrome on macOS”; “Unknown browser” if nothing."""
    browser = next((word for mark, word in BROWSERS.items() if mark in said), "Unknown browser")
    system = next((word for mark, word in SYSTEMS.items() if mark in said), "")
    return f"{browser} on {system}" if system else browser
