"""A chat as Markdown, JSON and an HTML page: all of it, and nothing in it runs or loads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.models import Chat, Membership
from tests import make
from tests.dashboard.conftest import Cast

ClientOf = Callable[[Membership], Client]
HOSTILE = (
    "Look: ![x](https://evil.example/x.png) <img src=https://evil.example/y onerror=alert(1)>"
    "<script>alert(2)</script> [go](javascript:alert(3))\n\n```\ncode `with` ticks\n```"
)


@pytest.fixture
def chat(cast: Cast) -> Chat:
    chat = make.chat(cast.team, name="Tea <shop>", generation="v2", gone_at=make.AT)
    make.message(chat, "Make a *tea* shop", author=make.author(cast.team, name="Mia"))
    make.message(
        chat, HOSTILE, role="assistant", finish_reason="stop", cost=Decimal("0.25"),
        parts=[{"type": "text", "text": HOSTILE}],
    )  # fmt: skip
    make.version(chat, files={"app/page.tsx": "Tea"})
    return chat


def exported(client: Client, chat: Chat, form: str) -> HttpResponse:
    url = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/export/"
    response: HttpResponse = client.get(url, {"form": form})
    return response


def test_markdown_has_the_conversation_and_the_versions(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    response = exported(client_of(cast.viewer), chat, "markdown")
    text = response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="tea-shop.md"'
    assert text.startswith("# Tea <shop>\n")
    assert re.search(r"^## Mia, .* UTC$", text, re.M)
    assert "Make a *tea* shop" in text
    assert "code `with` ticks" in text
    assert "_Cost: $0.25_" in text
    assert "- Version 1, completed" in text


def test_an_export_keeps_the_lines_that_people_typed(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    make.message(chat, "Who is it for?\nCustomers")
    client = client_of(cast.viewer)
    assert "Who is it for?<br>Customers" in exported(client, chat, "html").content.decode()
    assert "Who is it for?  \nCustomers" in exported(client, chat, "markdown").content.decode()
    assert "Who is it for?\\nCustomers" in exported(client, chat, "json").content.decode()
    page = client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/").text
    assert '<p class="lines">Who is it for?<br>Customers</p>' in page


def test_an_export_tells_moments_the_same_way_everywhere_and_leads_to_v0(
    cast: Cast, chat: Chat, client_of: ClientOf, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    Chat.objects.update(web_url="https://v0.app/chat/tea", privacy="team-edit")
    page = exported(client_of(cast.viewer), chat, "html").content.decode()
    text = exported(client_of(cast.viewer), chat, "markdown").content.decode()
    told = "1 Jun 2026, 12:00 UTC"
    assert f"<dd>{told}</dd>" in page
    assert f"<small>{told}</small>" in page
    assert f"completed, {told}</li>" in page
    assert f"- Started: {told}" in text
    assert '<a href="https://v0.app/chat/tea">https://v0.app/chat/tea</a>' in page
    assert "<dd>Team can edit</dd>" in page


def test_markdown_has_what_v1_tells_as_marked_up_text(cast: Cast, client_of: ClientOf) -> None:
    chat = make.chat(cast.team)
    read = {"type": "task-read-file-v1", "taskNameComplete": "Read the file",
            "parts": [{"type": "reading-file", "filePath": "app/page.tsx"}]}  # fmt: skip
    told = [
        ["p", {}, "I will build a ", ["strong", {}, "shop"], "."],
        ["AssistantMessageContentPart", {"part": read}],
        ["h3", {}, "What changed"],
        ["ul", {}, ["li", {}, ["code", {}, "app/page.tsx"]]],
    ]
    make.message(chat, "…", role="assistant", finish_reason="stop", parts=[[0, told]])
    text = exported(client_of(cast.viewer), chat, "markdown").content.decode()
    wanted = [
        "I will build a **shop**.",
        "**Read the file**",
        "### What changed\n\n- `app/page.tsx`",
    ]
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


def test_json_has_everything_as_it_came(cast: Cast, chat: Chat, client_of: ClientOf) -> None:
    found = json.loads(exported(client_of(cast.viewer), chat, "json").content)
    assert (found["id"], found["generation"], found["name"]) == (
        chat.upstream_id, "v2", "Tea <shop>",
    )  # fmt: skip
    asked, said = found["messages"]
    assert (asked["author"], said["content"], said["cost"]) == ("Mia", HOSTILE, "0.250000")
    assert said["parts"] == [{"type": "text", "text": HOSTILE}]
    (file,) = found["versions"][0]["files"]
    assert file["path"] == "app/page.tsx"
    assert len(file["sha256"]) == 64


def test_the_page_runs_nothing_and_loads_nothing(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    response = exported(client_of(cast.viewer), chat, "html")
    html = response.content.decode()
    assert "<h1>Tea &lt;shop&gt;</h1>" in html
    assert "Make a <em>tea</em> shop" in html
    tags = re.findall(r"<([a-zA-Z]+)", html)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(tags)
    assert not re.search(r"<[^>]*\s(?:on\w+|src|srcset)=", html)
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("attachment")


def test_a_step_that_contains_fences_cannot_end_its_own(cast: Cast, client_of: ClientOf) -> None:
    from dashboard.markup import fenced

    opening, text, closing = fenced("```sh\nls\n```\n````")
    assert opening == closing == "`````"
    assert text.endswith("````")


def test_an_unknown_form_and_a_hidden_chat_are_not_found(
    cast: Cast, chat: Chat, client_of: ClientOf
) -> None:
    client = client_of(cast.viewer)
    assert exported(client, chat, "exe").status_code == 404
    hidden = make.chat(cast.team, privacy="private")
    assert exported(client, hidden, "json").status_code == 404
