"""The page of one chat: what it shows to whom, its tabs, its fragments, what it lets through."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from dashboard.actions import history
from dashboard.models import Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import held

ClientOf = Callable[[Membership], Client]
TRICKS = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3)) "
    "![y](https://elsewhere.example/pixel.png) <iframe src=//evil></iframe> {{ 7|add:7 }}"
)


def address(chat: Chat) -> str:
    return f"/t/{chat.team.slug}/chats/{chat.upstream_id}/"


def fragment(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


@pytest.fixture
def reader(cast: Cast, client_of: ClientOf) -> Client:
    make.key(cast.member, "v0-demo-member")
    return client_of(cast.member)


def read(client: Client, chat: Chat, *, headers: dict[str, str] | None = None, **query: str) -> str:
    response = client.get(address(chat), query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_the_conversation_in_order(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    make.message(chat, "Second **bold**", role="assistant", created_at=make.AT + timedelta(1))
    make.message(chat, "First", author=make.author(cast.team, name="Maria Keller"))
    page = read(reader, chat)
    assert page.index("First") < page.index("<strong>bold</strong>")
    assert "Maria Keller" in page


def test_a_finished_answer_tells_its_time_and_cost(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    ended = make.AT + timedelta(minutes=2, seconds=5)
    make.message(
        chat, "Done", role="assistant", finish_reason="stop", updated_at=ended, cost=Decimal("0.42")
    )
    foot = read(reader, chat).partition("msg-foot")[2].partition("</p>")[0]
    assert "2 min 5 s" in foot
    assert "$0.42" in foot


def test_tricks_in_titles_and_messages_are_inert(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team, name=TRICKS)
    make.message(chat, TRICKS, attachments=[{"url": "javascript:alert(4)", "name": TRICKS}])
    page = read(reader, chat)
    for live in ("<script>alert", "<img src=x", 'href="javascript', "<iframe src=//evil"):
        assert live not in page
    assert 'src="https://elsewhere.example' not in page
    assert "{{ 7|add:7 }}" in page


def test_a_long_prompt_is_folded_and_still_complete(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    make.message(chat, "Long prompt. " * 1600 + "The end.")
    page = read(reader, chat)
    assert "Show all 20,808 characters" in page
    assert "The end." in page


def test_only_the_last_messages_of_a_long_chat_come_at_once(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    for number in range(70):
        make.message(chat, f"Message {number:02}.", created_at=make.AT + timedelta(hours=number))
    page = read(reader, chat)
    assert "Message 09." not in page
    assert "Message 69." in page
    assert "Earlier messages" in page
    assert "Message 00." in read(reader, chat, messages="all")


def test_what_v0_did_is_shown_as_steps(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    task = {
        "type": "task-coding-v1",
        "taskNameComplete": "Wrote 1 file",
        "finishedIn": 4,
        "parts": [{"type": "file-edit", "operation": "create", "path": "app/page.tsx"}],
    }
    parts = [[0, [["AssistantMessageContentPart", {"part": task}], ["p", {}, "Text"]]]]
    make.message(chat, "<Thinking>secret</Thinking>Done.", role="assistant", parts=parts)
    page = read(reader, chat)
    assert "Wrote 1 file" in page
    assert 'Created <code class="step-code">app/page.tsx</code>' in page
    assert "4.0 s" in page
    assert "secret" not in page


@pytest.mark.parametrize(
    "parts", [None, "x", [1], [[0]], [[0, "x"]], [[0, [["p"]]]], [[0, [["x", {"part": 1}]]]],
              [[0, [["x", {"part": {"type": "task-new-v9", "parts": [{"thought": 1}, 2]}}]]]],
              {"a": 1}],
)  # fmt: skip
def test_parts_of_an_unknown_form_do_not_break_the_page(
    cast: Cast, reader: Client, parts: object
) -> None:
    chat = make.chat(cast.team)
    make.message(chat, "Still here", role="assistant", parts=parts if parts is not None else [])
    assert "Still here" in read(reader, chat)


def test_the_preview_runs_in_a_frame_of_its_own(
    cast: Cast, reader: Client, settings: Settings
) -> None:
    settings.PREVIEW_SOURCES = ["https://*.vusercontent.net"]
    chat = make.chat(cast.team)
    make.version(chat, demo_url="https://demo-abc.vusercontent.net/")
    page = read(reader, chat)
    frame = re.search(r"<iframe[^>]+>", page)
    assert frame is not None
    assert 'src="https://demo-abc.vusercontent.net/"' in frame[0]
    assert 'sandbox="allow-scripts ' in frame[0]
    assert "top-navigation" not in frame[0]


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "javascript:alert(1)", "https://vusercontent.net.evil.example"]
)
def test_a_preview_from_elsewhere_is_not_framed(cast: Cast, reader: Client, url: str) -> None:
    chat = make.chat(cast.team)
    make.version(chat, demo_url=url)
    page = read(reader, chat)
    assert "<iframe" not in page
    assert 'href="javascript' not in page


def test_the_address_chooses_the_version(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    for number in (1, 2, 3):
        make.version(chat, demo_url=f"https://demo-{number}.vusercontent.net/")
    assert 'src="https://demo-3.' in read(reader, chat)
    assert 'src="https://demo-1.' in read(reader, chat, version="1")
    assert 'src="https://demo-3.' in read(reader, chat, version="99")
    stage = read(reader, chat, headers=fragment("section#stage"), version="2")
    assert 'src="https://demo-2.' in stage
    assert "<html" not in stage
    assert "composer" not in stage


def test_the_history_says_what_was_before_and_after(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    history.record(cast.owner, "chat.rename", target="Shop", chat=chat,
                   before={"name": "Old name"}, after={"name": "<b>New name</b>"})  # fmt: skip
    page = read(reader, chat, tab="history")
    assert "Owner" in page
    assert "renamed the chat" in page
    assert "<del>Old name</del>" in page
    assert "&lt;b&gt;New name&lt;/b&gt;" in page


def test_deployments_of_every_version_are_listed(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    made = make.deployment(make.version(chat))
    page = read(reader, chat, tab="deployments")
    assert f"/deployments/{made.upstream_id}/" in page
    assert made.web_url in page


def test_lineage_names_only_chats_that_the_reader_sees(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team, name="Source")
    version = make.version(chat)
    fork = make.chat(cast.team, name="Open fork", forked_from=chat, forked_from_version=version)
    make.chat(cast.team, name="Hidden fork", forked_from=chat, privacy="private")
    page = read(reader, chat)
    assert "Open fork" in page
    assert "Hidden fork" not in page
    assert "Source, version 1" in re.sub(r"\s+", " ", read(reader, fork))


def test_a_running_chat_looks_at_a_part_without_the_composer(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    make.version(chat)
    Chat.objects.update(status="running", running_since=timezone.now())
    assert "data-running" in read(reader, chat)
    live = read(reader, chat, headers=fragment("div#live"))
    assert "data-running" in live
    assert f'data-live="{address(chat)}live/"' in live
    assert "v0 is writing" in live
    assert "<textarea" not in live
    assert 'id="stage"' not in live
    stage = read(reader, chat, headers=fragment("section#stage"), tab="files")
    assert f'hx-get="{address(chat)}?tab=files"' in stage
    Chat.objects.update(status="ready", running_since=None)
    live = read(reader, chat, headers=fragment("div#live"))
    assert "data-running" not in live
    assert "<textarea" not in live
    assert 'id="stage"' in live
    assert 'id="send"' in live


def test_a_deleted_chat_says_by_whom_and_still_shows_everything(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team, name="Kept", gone_at=timezone.now())
    make.message(chat, "What was said")
    make.version(
        chat, files={"app/page.tsx": "kept code"}, demo_url="https://demo-1.vusercontent.net/"
    )
    preview = read(reader, chat)
    assert "outside this dashboard" in preview
    assert "<iframe" not in preview  # v0 serves it no more
    assert "Open the files" in preview
    history.record(cast.owner, "chat.delete", target="Kept", chat=chat)
    page = read(reader, chat, tab="files")
    assert "Owner deleted it" in page
    assert "What was said" in page
    assert "kept" in page
    assert "/send/" not in page
    assert "rename/" not in page
    assert held(page)["Rename…"] == "This chat was deleted in v0, so it is read-only."


def test_an_open_page_says_that_the_chat_was_deleted_meanwhile(cast: Cast, reader: Client) -> None:
    chat = make.chat(cast.team)
    make.message(chat, "What was said")
    assert "/send/" in read(reader, chat)
    Chat.objects.update(gone_at=timezone.now())
    history.record(cast.owner, "chat.delete", target="Kept", chat=chat)
    live = read(reader, chat, headers=fragment("div#live"))
    assert 'hx-target="#gone"' in live
    assert "Owner deleted it" in live
    assert 'id="composer"' in live
    assert "/send/" not in live


@pytest.mark.parametrize(
    ("role", "fields", "reason"),
    [
        ("viewer", {}, "Your role is viewer"),
        ("owner", {}, "need a v0 key to send messages"),
        ("member", {"can_write": False}, "Fork it to continue"),
    ],
)
def test_who_cannot_write_is_told_why(
    cast: Cast, client_of: ClientOf, reader: Client, role: str, fields: dict[str, bool], reason: str
) -> None:
    chat = make.chat(cast.team, **fields)
    page = read(client_of(cast.everyone()[role]), chat)
    assert reason in page
    assert "<textarea" not in page


@pytest.mark.parametrize("rest", ["", "versions/{version}/files/", "rename/", "delete/"])
def test_chats_of_others_do_not_exist(
    cast: Cast, reader: Client, client_of: ClientOf, rest: str
) -> None:
    private = make.chat(cast.team, privacy="private", seen_by=make.key(cast.admin))
    foreign = make.chat(cast.outsider.team)
    for chat in (private, foreign):
        version = make.version(chat)
        path = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/" + rest.format(
            version=version.upstream_id
        )
        assert reader.get(path).status_code == 404
    path = f"/t/{cast.team.slug}/chats/{private.upstream_id}/"
    assert client_of(cast.outsider).get(path).status_code == 404
    assert client_of(cast.admin).get(path).status_code == 200


@pytest.mark.parametrize("tab", ["preview", "files", "deployments", "history"])
def test_the_page_stays_within_twelve_queries(
    cast: Cast, reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries, tab: str
) -> None:
    source = make.chat(cast.team)
    chat = make.chat(cast.team, project=make.project(cast.team), author=make.author(cast.team),
                     forked_from=source, forked_from_version=make.version(source))  # fmt: skip
    for number in range(8):
        make.message(chat, f"Message {number}", author=make.author(cast.team))
        version = make.version(chat, files={f"{name}.ts": f"{name}{number}" for name in "abc"})
        make.deployment(version)
        make.chat(cast.team, forked_from=chat)
        history.record(cast.owner, "chat.rename", target="x", chat=chat)
    reader.get("/t/nowhere/")  # the first request of a session also writes the session down
    with django_assert_max_num_queries(12):
        read(reader, chat, tab=tab)
