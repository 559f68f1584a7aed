"""The list of chats: filters in its address, order, paging, visibility, empty states, bulk bar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dashboard.models import Chat, Key, Membership
from tests import make
from tests.dashboard.conftest import Cast

ClientOf = Callable[[Membership], Client]


def titles(page: str) -> list[str]:
    return re.findall(r"data-row-link>\s*([^<]+?)\s*</a>", page)


class List:
    """The list as one person reads it."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client, self.url = client, f"/t/{slug}/chats/"

    def page(self, **query: str) -> str:
        response = self.client.get(self.url, query)
        assert response.status_code == 200
        return response.content.decode()

    def titles(self, **query: str) -> list[str]:
        return titles(self.page(**query))


@pytest.fixture
def chats(cast: Cast, client_of: ClientOf) -> List:
    return List(client_of(cast.member), cast.team.slug)


def test_the_last_changed_chat_comes_first(cast: Cast, chats: List) -> None:
    make.chat(cast.team, name="Old", updated_at=make.AT)
    make.chat(cast.team, name="New", updated_at=make.AT + timedelta(days=1))
    assert chats.titles() == ["New", "Old"]


@pytest.mark.parametrize(
    ("sort", "expected"), [("created", ["B", "A", "C"]), ("name", ["A", "B", "C"])]
)
def test_the_list_is_ordered_as_the_address_says(
    cast: Cast, chats: List, sort: str, expected: list[str]
) -> None:
    for days, name in ((2, "B"), (1, "A"), (0, "C")):
        made = make.AT + timedelta(days=days)
        make.chat(cast.team, name=name, created_at=made, updated_at=make.AT - timedelta(days=days))
    assert chats.titles(sort=sort) == expected


def test_filters_narrow_the_list(cast: Cast, chats: List) -> None:
    shop, maria = make.project(cast.team, name="Shop"), make.author(cast.team, name="Maria")
    make.chat(cast.team, name="Plain")
    make.chat(cast.team, name="In the shop", project=shop)
    make.chat(cast.team, name="By Maria", author=maria)
    make.chat(cast.team, name="Starred", favorite=True)
    make.chat(cast.team, name="Open", privacy="public")
    make.chat(cast.team, name="Broken", status="failed")
    make.chat(cast.team, name="Deleted", gone_at=timezone.now())
    make.chat(cast.team, name="Asking", generation="v2", status="waiting")
    assert chats.titles(generation="v2") == ["Asking"]
    assert chats.titles(status="waiting") == ["Asking"]
    assert chats.titles(project=shop.upstream_id) == ["In the shop"]
    assert chats.titles(author=maria.upstream_id) == ["By Maria"]
    assert chats.titles(favorite="on") == ["Starred"]
    assert chats.titles(privacy="public") == ["Open"]
    assert chats.titles(status="failed") == ["Broken"]
    assert chats.titles(status="gone") == ["Deleted"]
    assert "In the shop" not in chats.titles(project="none")
    assert "Deleted" not in chats.titles()


def test_search_finds_any_part_of_a_title_in_any_case(cast: Cast, chats: List) -> None:
    make.chat(cast.team, name="Pricing page")
    make.chat(cast.team, name="Checkout")
    assert chats.titles(q="CING PA") == ["Pricing page"]


@pytest.mark.parametrize("words", ["100%", "a_b", "(x", "[a-z", "\\d", "***=x", "a.c", "a b", "ü"])
def test_search_takes_signs_as_they_stand(cast: Cast, chats: List, words: str) -> None:
    make.chat(cast.team, name=f"Has {words} inside")
    make.chat(cast.team, name="abc 100 a-b")
    assert len(chats.titles(q=words)) == 1


def test_one_or_two_letters_find_the_words_that_begin_with_them_and_the_page_says_so(
    cast: Cast, chats: List
) -> None:
    for name in ("API v2", "Capital", "The-apples", "apt", "(Ap)", "\\Ap]", "x_ap"):
        make.chat(cast.team, name=name)
    assert "Capital" not in chats.titles(q="ap")
    assert len(chats.titles(q="ap")) == len(chats.titles(q="A")) == 6
    assert chats.titles(q="V2") == ["API v2"]
    assert "Capital" in chats.titles(q="api")
    assert "words that begin with “ap”" in chats.page(q="ap")
    assert "words that begin" not in chats.page(q="apt")
    assert "only words that begin with them are found" in chats.page(q="zz")
    assert "only words that begin with them" not in chats.page(q="zzz")


@pytest.mark.parametrize("words", ["料金", "ф", "é", "++", "c+"])
def test_two_signs_or_letters_of_other_scripts_are_found_anywhere(
    cast: Cast, chats: List, words: str
) -> None:
    make.chat(cast.team, name=f"a新c{words}x")
    make.chat(cast.team, name="other")
    assert len(chats.titles(q=words)) == 1


def test_a_filter_that_makes_no_sense_is_no_filter(cast: Cast, chats: List) -> None:
    make.chat(cast.team, name="Here")
    query = {"project": "nope", "status": "nope", "sort": "nope", "after": "x", "before": "1_x"}
    assert chats.titles(**query) == ["Here"]
    assert chats.titles(after="2026-99-99T00:00:00+00:00_1") == ["Here"]
    assert chats.titles(q="a\0b") == ["Here"]


def test_active_filters_are_chips_that_lead_to_the_list_without_them(
    cast: Cast, chats: List
) -> None:
    page = chats.page(status="failed", q="<i>x</i>", sort="name")
    assert "Status: " in page
    assert "“&lt;i&gt;x&lt;/i&gt;”" in page
    assert "<i>x</i>" not in page
    without_status = urlencode({"q": "<i>x</i>", "sort": "name"}).replace("&", "&amp;")
    assert f"{chats.url}?{without_status}" in page


def test_pages_follow_each_other_without_holes_or_repeats(cast: Cast, chats: List) -> None:
    names = [f"Chat {number:03}" for number in range(120)]
    for number, name in enumerate(names):
        same_time_for_ten = make.AT - timedelta(minutes=number // 10)
        make.chat(cast.team, name=name, updated_at=same_time_for_ten)
    for sort in ("", "name"):
        seen: list[str] = []
        page = chats.page(**({"sort": sort} if sort else {}))
        pages = [titles(page)]
        while link := re.search(r'rel="next" href="([^"]+)"', page):
            page = chats.client.get(chats.url + link[1].replace("&amp;", "&")).content.decode()
            pages.append(titles(page))
        seen = [name for rows in pages for name in rows]
        assert sorted(seen) == names
        assert len(pages) == 3
        back = re.search(r'rel="prev" href="([^"]+)"', page)
        assert back is not None
        page = chats.client.get(chats.url + back[1].replace("&amp;", "&")).content.decode()
        assert titles(page) == pages[1]


def test_the_count_stops_where_counting_would_become_slow(cast: Cast, chats: List) -> None:
    Chat.objects.bulk_create(
        Chat(team=cast.team, upstream_id=f"many{number}", name="One of many", privacy="team",
             created_at=make.AT, updated_at=make.AT)
        for number in range(1001)
    )  # fmt: skip
    assert "1,000+ chats" in chats.page()
    Chat.objects.filter(upstream_id="many0").delete()
    assert "1,000 chats" in chats.page()


def test_a_private_chat_is_listed_only_for_those_whose_key_sees_it(
    cast: Cast, chats: List, client_of: ClientOf
) -> None:
    mine = make.key(cast.member, "v0-demo-member")
    theirs = make.key(cast.admin, "v0-demo-admin", shared=True)
    make.chat(cast.team, name="Mine", privacy="private", seen_by=mine)
    make.chat(cast.team, name="Theirs", privacy="private", seen_by=theirs)
    assert chats.titles() == ["Mine"]
    assert List(client_of(cast.admin), cast.team.slug).titles() == ["Theirs"]
    assert List(client_of(cast.owner), cast.team.slug).titles() == []
    Key.objects.filter(pk=mine.pk).update(removed_at=timezone.now())
    assert chats.titles() == []


def test_filters_offer_no_private_project_of_somebody_else(cast: Cast, chats: List) -> None:
    make.project(cast.team, name="Secret plan", privacy="private")
    assert "Secret plan" not in chats.page()


def test_only_the_rows_come_where_htmx_asks_for_them(cast: Cast, chats: List) -> None:
    make.chat(cast.team, name="Here")
    headers = {"HX-Request": "true", "HX-Target": "section#rows"}
    rows = chats.client.get(chats.url, headers=headers).content.decode()
    assert titles(rows) == ["Here"]
    assert "<html" not in rows
    again = headers | {"HX-History-Restore-Request": "true"}
    assert "<html" in chats.client.get(chats.url, headers=again).content.decode()


def test_the_list_asks_again_only_while_something_is_running(cast: Cast, chats: List) -> None:
    row = make.chat(cast.team, status="ready")
    assert 'hx-trigger="every' not in chats.page()
    Chat.objects.filter(pk=row.pk).update(status="running", running_since=timezone.now())
    page = chats.page()
    assert 'hx-trigger="every 4s"' in page
    assert "Writing" in page


def test_an_empty_list_says_what_to_do_next(cast: Cast, chats: List) -> None:
    assert "Add a v0 key" in chats.page()
    make.key(cast.owner)
    assert ">New chat<" in chats.page()
    assert "Clear all filters" in chats.page(status="failed")


def test_a_viewer_reads_the_list_without_controls(cast: Cast, client_of: ClientOf) -> None:
    make.chat(cast.team, name="Here")
    page = List(client_of(cast.viewer), cast.team.slug).page()
    assert titles(page) == ["Here"]
    assert 'id="bulk"' not in page
    assert 'class="star"' not in page
    assert "data-row-check" not in page


def test_a_title_cannot_inject_markup(cast: Cast, chats: List) -> None:
    make.chat(cast.team, name='<script>alert(1)</script>"onx=1', favorite=True)
    page = chats.page()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '"onx=1' not in page


def test_the_list_costs_the_same_queries_for_one_chat_and_for_fifty(
    cast: Cast, chats: List, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        make.chat(cast.team, project=make.project(cast.team), author=make.author(cast.team),
                  name=f"Chat {number}")  # fmt: skip
    chats.page()  # the first page of a session also writes the session down
    with django_assert_max_num_queries(12):
        chats.page(q="chat", sort="name")
