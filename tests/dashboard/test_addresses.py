"""Addresses with a NUL, which no browser makes and anybody can send: nothing fails."""

from __future__ import annotations

import pytest

from dashboard.models import Membership
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.test_every_page import fresh_client

pytestmark = pytest.mark.django_db
PATHS = [
    "/t/%00/", "/t/{team}/chats/%00/", "/t/{team}/chats/{chat}/versions/1%00/edit/",
    "/t/{team}/projects/a%00b/", "/t/{team}/deployments/%00/", "/static/%00.css", "/%00",
]  # fmt: skip
QUERIES = [
    "/t/{team}/chats/?q=%00", "/t/{team}/chats/?project=%00", "/t/{team}/chats/?%00=1",
    "/t/{team}/chats/{chat}/?tab=files&file=%00", "/t/{team}/chats/{chat}/?version=1%00",
    "/t/{team}/chats/{chat}/edit/?message=%00&file=%00", "/t/{team}/activity/?person=%00",
    "/t/{team}/chats/{chat}/compare/?from=1%00", "/t/{team}/inbox/?author=%00",
    "/accounts/login/?next=%00",
]  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def told(cast: Cast) -> dict[str, str]:
    chat = make.chat(cast.team, seen_by=make.key(cast.owner))
    make.version(chat, files={"app/page.tsx": "x"})
    return {"team": cast.team.slug, "chat": chat.upstream_id}


def members(cast: Cast) -> list[Membership]:
    return [cast.owner, cast.viewer, cast.outsider]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_with_a_nul_leads_nowhere(path: str, told: dict[str, str], cast: Cast) -> None:
    for member in members(cast):
        answer = fresh_client(member).get(path.format(**told))
        assert answer.status_code == 404
        if not path.startswith("/static/"):
            assert "Page not found" in answer.text
        assert fresh_client(member).post(path.format(**told)).status_code == 404


@pytest.mark.parametrize("address", QUERIES)
def test_what_has_a_nul_in_a_query_is_forgotten(
    address: str, told: dict[str, str], cast: Cast
) -> None:
    for member in members(cast):
        answer = fresh_client(member).get(address.format(**told))
        parts = address.format(**told).partition("?")
        kept = "&".join(part for part in parts[2].split("&") if "%00" not in part)
        plain = fresh_client(member).get(f"{parts[0]}?{kept}")
        assert answer.status_code == plain.status_code
        assert answer.status_code < 500


def test_a_part_of_a_page_is_answered_with_a_toast(told: dict[str, str], cast: Cast) -> None:
    answer = fresh_client(cast.owner).get(PATHS[1].format(**told), headers=HTMX)
    assert answer.status_code == 404
    assert "toast" in answer.headers["HX-Trigger"]
    assert answer.headers["HX-Reswap"] == "none"
