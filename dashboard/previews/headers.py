"""What of the headers goes through to a preview and back, and how it reads there. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from dashboard.previews.notices import ancestors

Headers = list[tuple[bytes, bytes]]

# Between two neighbours only (RFC 9110, 7.6.1).
OF_THE_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
# Ours, a proxy's, or about another host than the one that will be asked.
NOT_ASKED = OF_THE_HOP | frozenset(
    b"host expect forwarded x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto "
    b"x-real-ip x-request-id x-v0-preview-token".split()
)
# About v0's host, its frames or who may read there; here others count. What goes through is about
# the preview's own pages: a redirect or a refresh leads a frame elsewhere, as its script could.
NOT_TOLD = OF_THE_HOP | frozenset(
    b"alt-svc clear-site-data nel referrer-policy report-to reporting-endpoints "
    b"strict-transport-security x-frame-options x-v0-preview-refresh".split()
)
WHO_MAY_READ = b"access-control-"
POLICIES = (b"content-security-policy", b"content-security-policy-report-only")


@dataclass(frozen=True, slots=True)
class Places:
    """The two ends: `here` is the origin that browsers ask, `there` where the preview runs."""

    here: str
    there: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.there)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def folder(self) -> str:
        """The path below which the preview runs; mostly none."""
        return urlsplit(self.there).path.rstrip("/")

    def inward(self, address: str) -> str:
        """An address of this host as the preview knows it."""
        return self.origin + self.folder + address.removeprefix(self.here)

    def outward(self, address: str) -> str:
        """An address of the preview's host as browsers reach it; others stay as they are."""
        host = urlsplit(self.there).netloc
        path = address
        for start in (self.origin, f"//{host}"):
            if address == start or address.startswith((f"{start}/", f"{start}?", f"{start}#")):
                path = address.removeprefix(start) or "/"
        if not path.startswith("/") or path.startswith("//"):
            return path
        below = self.folder and (path == self.folder or path.startswith(f"{self.folder}/"))
        return path.removeprefix(self.folder) or "/" if below else path


def asked(given: Iterable[tuple[bytes, bytes]], places: Places, token: str) -> Headers:
    """The headers of a browser's request, for the preview."""
    given = list(given)
    dropped = NOT_ASKED | named_by_connection(given)
    found: Headers = []
    for name, value in given:
        if name in dropped:
            continue
        if name == b"cookie":
            value = own_cookies(value)
        elif name == b"origin" and value.decode("latin-1") == places.here:
            value = places.origin.encode()
        elif name == b"referer":
            address = value.decode("latin-1")
            value = places.inward(address).encode() if address.startswith(places.here) else b""
        if value:
            found.append((name, value))
    return [*found, (b"x-v0-preview-token", token.encode())]


def told(given: Iterable[tuple[bytes, bytes]], places: Places) -> Headers:
    """The headers of the preview's answer, for the browser."""
    given = [(name.lower(), value) for name, value in given]
    dropped = NOT_TOLD | named_by_connection(given)
    found: Headers = []
    for name, value in given:
        if name in dropped or name.startswith(WHO_MAY_READ):
            continue
        if name == b"set-cookie":
            value = b"" if is_ours(value) else for_this_host(value)
        elif name == b"location":
            value = places.outward(value.decode("latin-1")).encode("latin-1")
        elif name in POLICIES:
            value = without_ancestors(value)
        if value:
            found.append((name, value))
    # The host's name opens the preview: others need not learn it.
    found.append((b"referrer-policy", b"same-origin"))
    found.append((b"content-security-policy", ancestors().encode()))
    return found


def named_by_connection(headers: Headers) -> frozenset[bytes]:
    named = b",".join(value for name, value in headers if name == b"connection")
    return frozenset(part.strip().lower() for part in named.split(b",")) - {b""}


def own_cookies(value: bytes) -> bytes:
    """The preview's cookies without those of the dashboard, should a browser ever send them."""
    return b"; ".join(pair.strip() for pair in value.split(b";") if not is_ours(pair))


def is_ours(cookie: bytes) -> bool:
    """Whether it is called like one of the dashboard's. One without a name is sent as its value."""
    name = cookie.partition(b";")[0].strip(b" \t=").partition(b"=")[0].strip()
    return name.decode("latin-1") in {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def for_this_host(cookie: bytes) -> bytes:
    """A cookie that belongs to this host alone: a domain could reach the dashboard's."""
    first, *rest = cookie.split(b";")
    kept = [part for part in rest if part.partition(b"=")[0].strip().lower() != b"domain"]
    return b";".join([first, *kept])


def without_ancestors(policy: bytes) -> bytes:
    """The policies without who may frame them, which said so for v0's own host."""
    kept = [
        b";".join(one for one in whole.split(b";") if not is_about_ancestors(one)).strip()
        for whole in policy.split(b",")
    ]
    return b", ".join(filter(None, kept))


def is_about_ancestors(directive: bytes) -> bool:
    return directive.strip().lower().split(b" ")[0] == b"frame-ancestors"
