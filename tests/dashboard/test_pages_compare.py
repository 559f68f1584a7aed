"""The page that compares two states: of one chat, of a fork, of any two chats somebody sees."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import Chat, Content, Membership, Version, VersionFile
from tests import make
from tests.dashboard.conftest import Cast

ClientOf = Callable[[Membership], Client]


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """Two versions: a page changed, a component moved, a style gone."""
    chat = make.chat(cast.team)
    component = "\n".join(f"line {number}" for number in range(20))
    make.version(chat, files={
        "app/page.tsx": "const size = 12;\nreturn size;\n", "card.tsx": component, "a.css": "p {}",
        "README.md": "Same",
    })  # fmt: skip
    make.version(chat, files={
        "app/page.tsx": "const size = 240;\nreturn size;\n", "ui/card.tsx": component + "\nend",
        "README.md": "Same",
    })  # fmt: skip
    return chat


def page(client: Client, chat: Chat, **query: Any) -> str:
    response = client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/compare/", query)
    assert response.status_code == 200
    return response.text


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_newest_version_is_compared_with_the_one_before(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    shown = page(client_of(cast.viewer), chat)
    told = words(shown)
    assert "3 files differ, 1 is the same" in told
    assert 'title="card.tsx → ui/card.tsx"' in shown
    assert "README.md" not in told
    assert "<mark>240</mark>" in re.sub(r'</?span[^>]*>', "", shown)  # fmt: skip


def test_unchanged_files_are_listed_on_demand(cast: Cast, chat: Chat, client_of: ClientOf) -> None:
    told = words(page(client_of(cast.viewer), chat, all="yes", file="README.md"))
    assert "README.md" in told
    assert "No line differs." in told


def test_each_line_of_both_sides_has_an_address(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    client = client_of(cast.viewer)
    for query in ({}, {"view": "inline"}):
        shown = page(client, chat, file="app/page.tsx", **query)
        old, new = (chat.versions.get(number=number).upstream_id for number in (1, 2))
        for name in ("o1", "o2", "n1", "n2"):
            (link,) = re.findall(rf'id="{name}" href="([^"]*)#{name}"', shown)
            told = QueryDict(html.unescape(link).removeprefix("?"))
            assert (told["from"], told["to"], told["file"]) == (old, new, "app/page.tsx")
    gone, come = shown.index("const"), shown.rindex("240")
    assert shown.index('data-tone="bad"') < gone < shown.index('class="diff-row" data-tone="ok"')
    assert come > gone


def test_blanks_can_be_left_out(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    make.version(chat, files={"a.py": "if x:\n  go()\n"})
    make.version(chat, files={"a.py": "if x:\n    go()\n"})
    client = client_of(cast.viewer)
    assert 'class="added">+1<' in page(client, chat)
    assert "No line differs." in words(page(client, chat, space="ignore"))


def test_a_file_that_one_side_lacks_is_shown_in_one_column(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    make.version(chat, files={"gone.txt": "went away", "kept.txt": "k"})
    make.version(chat, files={"come.txt": "came along and is quite unlike", "kept.txt": "k"})
    client = client_of(cast.viewer)
    for path, sign, text in (("gone.txt", "−", "went away"), ("come.txt", "+", "came along")):
        shown = page(client, chat, file=path)
        assert 'class="diff hl inline"' in shown
        assert f"{sign} {text}" in words(shown)


def test_the_open_file_stays_open_while_versions_are_chosen(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    shown = page(client_of(cast.viewer), chat, file="ui/card.tsx")
    assert '<input type="hidden" name="file" value="ui/card.tsx">' in shown
    for version, path in ((1, "card.tsx"), (2, "ui%2Fcard.tsx")):
        name = chat.versions.get(number=version).upstream_id
        assert f"/versions/{name}/files/?file={path}" in shown


def test_pictures_stand_beside_each_other(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    for number in (1, 2):
        version = make.version(chat)
        content = Content.objects.create(
            sha256=f"{number}" * 64, text="AA==", is_binary=True, size=1
        )
        VersionFile.objects.create(version=version, path="logo.png", content=content)
    shown = page(client_of(cast.viewer), chat)
    for version in chat.versions.all():
        source = f"/versions/{version.upstream_id}/raw/?file=logo.png"
        assert re.search(
            rf'<img src="[^"]*{re.escape(source)}" alt="logo.png in {version}">', shown
        )


def test_files_that_differ_in_blanks_alone_say_so(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    make.version(chat, files={"a.py": "if x:\n  go()\n"})
    make.version(chat, files={"a.py": "if x:\n    go()\n"})
    client = client_of(cast.viewer)
    assert "blanks only" in page(client, chat, space="ignore")
    assert "blanks only" not in page(client, chat)


def test_a_fork_is_compared_with_the_version_it_came_from(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    origin = chat.versions.get(number=1)
    fork = make.chat(cast.team, forked_from=chat, forked_from_version=origin)
    make.version(fork, files={"a.css": "p {}", "app/page.tsx": "new"})
    shown = page(client_of(cast.viewer), fork)
    assert f'<option value="{origin.upstream_id}" selected>' in shown
    assert "3 files differ, 1 is the same" in words(shown)


def test_any_chat_that_somebody_sees_can_be_the_other_side(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    other = make.chat(cast.team, name="Tea shop", generation="v2")
    state = make.version(other, files={"README.md": "Other"})
    hidden = make.chat(cast.team, name="Tea diary", privacy="private")
    make.version(hidden, files={"README.md": "Secret"})
    client = client_of(cast.viewer)
    found = page(client, chat, q="tea")
    assert "Tea shop" in found
    assert "Tea diary" not in found
    assert "Tea shop" in page(client, chat, q="sh")
    assert "No chat with versions has a word that begins with “op”" in page(client, chat, q="op")
    assert "No chat with versions is called “opera”" in page(client, chat, q="opera")
    assert "Tea shop (API v2)" in page(client, chat, **{"with": other.upstream_id})
    shown = page(client, chat, to=state.upstream_id, file="README.md")
    assert f'<option value="{state.upstream_id}" selected>' in shown
    assert "Other" in shown


def test_a_chat_that_is_found_becomes_the_other_side(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    for _ in range(31):
        make.chat(cast.team, forked_from=chat)
    other, empty = (make.chat(cast.team, name=name) for name in ("Tea shop", "Tea house"))
    states = [make.version(other, files={"README.md": text}) for text in ("One", "Two")]
    make.version(empty, files_at=None)
    first, second = chat.versions.order_by("number")
    client = client_of(cast.viewer)
    found = page(client, chat, q="tea")
    assert "Tea house: no version of it is stored here yet" in found
    (url,) = re.findall(r'<a class="chip" href="\?([^"]*)"', found)
    query = QueryDict(html.unescape(url)).dict()
    assert (query["from"], query["to"]) == (states[1].upstream_id, second.upstream_id)
    shown = client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/compare/", query)
    assert (shown.context["old"], shown.context["new"]) == (states[1], second)
    # The side of another chat gives way, and what this chat has stays.
    swapped = {"from": first.upstream_id, "to": states[0].upstream_id}
    (url,) = re.findall(r'<a class="chip" href="\?([^"]*)"', page(client, chat, q="tea", **swapped))
    query = QueryDict(html.unescape(url)).dict()
    assert (query["from"], query["to"]) == (first.upstream_id, states[1].upstream_id)


def test_a_state_of_a_hidden_chat_is_not_found(cast: Cast, chat: Chat, client_of: ClientOf) -> None:
    hidden = make.chat(cast.team, privacy="private")
    secret = make.version(hidden, files={"README.md": "Secret"})
    url = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/compare/"
    assert client_of(cast.viewer).get(url, {"to": secret.upstream_id}).status_code == 404


def test_binary_and_large_files_say_so_instead(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    old = make.version(chat, files={"big.txt": "a\n" * 250_000})
    new = make.version(chat, files={"big.txt": "b\n" * 250_000})
    for number, version in enumerate((old, new)):
        content = Content.objects.create(
            sha256=f"{number}" * 64, text="AAEC", is_binary=True, size=3 + number
        )
        VersionFile.objects.create(version=version, path="logo.png", content=content)
    client = client_of(cast.viewer)
    assert "too large to compare line by line" in page(client, chat, file="big.txt")
    told = page(client, chat, file="logo.png")
    assert "not a text file (3 bytes and 4 bytes)" in told
    assert "AAEC" not in told


def test_a_very_long_unchanged_stretch_is_unfolded_by_its_link(
    cast: Cast, client_of: ClientOf
) -> None:
    chat, lines = make.chat(cast.team), "\n".join(f"line {number}" for number in range(900))
    make.version(chat, files={"a.txt": f"{lines}\nold"})
    make.version(chat, files={"a.txt": f"{lines}\nnew"})
    client = client_of(cast.viewer)
    for query in ({}, {"view": "inline"}):
        shown = page(client, chat, **query)
        assert "Show 897 unchanged lines" in words(shown)
        assert 'id="n400"' not in shown
        (link,) = re.findall(r'href="\?([^"]*unfold=\d+)"', shown)
        unfolded = page(client, chat, **QueryDict(html.unescape(link)).dict())
        (lasting,) = re.findall(r'id="n400" href="\?([^"]*)#n400"', unfolded)
        assert QueryDict(html.unescape(lasting)).dict() == QueryDict(html.unescape(link)).dict()
        assert '<details class="diff-fold" open>' in unfolded


def test_source_is_shown_and_never_run(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    make.version(chat, files={"a.html": "<script>alert(1)</script>"})
    make.version(chat, files={"a.html": "<script>alert(2)</script>"})
    shown = page(client_of(cast.viewer), chat)
    assert "alert" in shown
    assert "<script>alert" not in shown


def test_states_without_files_cannot_be_chosen(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team, generation="v2")
    first = make.version(chat, files_at=None)
    client = client_of(cast.viewer)
    assert "Nothing to compare yet" in page(client, chat)
    make.version(chat, files={"a": "b"})
    shown = page(client, chat)
    assert f'<option value="{first.upstream_id}" disabled>' in shown
    assert "Only one version of this chat is stored here." in words(shown)


def test_one_version_is_not_compared_with_itself_but_with_other_chats(
    cast: Cast, client_of: ClientOf
) -> None:
    client, chat = client_of(cast.viewer), make.chat(cast.team)
    only = make.version(chat, files={"a": "b"})
    shown = page(client, chat)
    assert "Nothing to compare yet" in shown
    assert "No difference" not in shown
    assert '<option value="" selected>' in shown
    fork = make.chat(cast.team, name="The fork", forked_from=chat, forked_from_version=only)
    make.version(fork, files={"a": "older"})
    newest = make.version(fork, files={"a": "c"})
    shown = page(client, chat)
    offered = f"?from={newest.upstream_id}&amp;to={only.upstream_id}"
    assert f'href="{offered}"' in shown
    assert "1 file differs" in words(
        page(client, chat, **QueryDict(html.unescape(offered)[1:]).dict())
    )


def test_a_chat_that_is_chosen_besides_is_compared_at_once(cast: Cast, client_of: ClientOf) -> None:
    chat, other = make.chat(cast.team), make.chat(cast.team)
    make.version(chat, files={"a": "b"})
    make.version(other, files={"a": "older"})
    newest = make.version(other, files={"a": "c"})
    shown = page(client_of(cast.viewer), chat, **{"with": other.upstream_id})
    assert f'<option value="{newest.upstream_id}" selected>' in shown
    assert "1 file differs" in words(shown)


def test_a_chat_with_very_many_changed_files_stays_quick(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    for word in ("old", "new"):
        version = make.version(chat)
        contents = Content.objects.bulk_create(
            Content(sha256=f"{word}{number}", text=f"{word} {number}", size=8)
            for number in range(200)
        )
        VersionFile.objects.bulk_create(
            VersionFile(version=version, path=f"f/{number}.ts", content=content)
            for number, content in enumerate(contents)
        )
    assert Version.objects.filter(chat=chat).count() == 2
    client = client_of(cast.viewer)
    with CaptureQueriesContext(connection) as queries:
        shown = page(client, chat)
    assert sum("SAVEPOINT" not in query["sql"] for query in queries) <= 12
    assert "200 files differ" in words(shown)
