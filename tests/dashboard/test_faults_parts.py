"""Every kind of part of an answer, and every kind of ask, with others' words: texts stay text, and
links lead to web addresses only."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from django.urls import reverse
from pydantic import TypeAdapter

from dashboard.models import Ask, Chat
from dashboard.views.parts import Links
from dashboard.views.parts_v2 import parts as parts_of_v2
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.test_every_page import fresh_client
from tests.dashboard.test_faults_markup import RUNS, SHORT, TRICKS, Live
from v0client.v1.task_parts import TaskPart
from v0client.v2.parts import Part

pytestmark = pytest.mark.django_db
BROKEN = "https://[tr1ck"
BAD = [RUNS, " JavaScript:tr1ck()", "data:text/html,<script>tr1ck()</script>", "vbscript:tr1ck",
       "blob:https://tr1ck.example/1", "file:///etc/passwd", BROKEN, "//tr1ck.example"]  # fmt: skip
PAGES = [{"url": url, "title": TRICKS} for url in BAD] + [{"url": RUNS}]
QUESTIONS = {"questions": [{
    "id": TRICKS, "question": TRICKS, "header": TRICKS, "multiSelect": False,
    "options": [{"id": SHORT, "label": TRICKS, "description": TRICKS}],
}]}  # fmt: skip
PLAN = {"plan": f"[click]({RUNS}) {TRICKS}", "summary": TRICKS, "path": TRICKS}
PERMISSIONS = [{"type": "X", "toolName": TRICKS, "input": {"command": TRICKS, SHORT: [RUNS]}}]
INTEGRATIONS = {"requestedIntegrations": [TRICKS], "requestedMcpPresets": [TRICKS]}
SETUP = {"status": "setup-required", "requestId": SHORT, "service": TRICKS, "environments": [],
         "connectorName": TRICKS, "serviceIconUrl": RUNS, "setupUrl": RUNS}  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "questions": QUESTIONS, "plan": PLAN, "integration": INTEGRATIONS,
    "permissions": {"permissions": PERMISSIONS, "commands": [TRICKS]}, "connect": SETUP,
}  # fmt: skip

V1 = [
    {"type": "thinking", "thought": TRICKS},
    {"type": "starting-web-search", "query": TRICKS},
    {"type": "grepping-repo", "pattern": TRICKS},
    {"type": "got-results", "count": 1},
    {"type": "finished-web-search", "answer": f"[click]({RUNS}) {TRICKS}", "citations": PAGES},
    {"type": "repo-search-result", "query": TRICKS, "result": TRICKS},
    *({"type": "finished-fetch-from-web", **page} for page in PAGES),
    {"type": "screenshot", "url": RUNS, "screenshotUrl": RUNS, "pageTitle": TRICKS},
    {"type": "read-file", "path": TRICKS},
    {"type": "select-files", "filePaths": [TRICKS, RUNS]},
    {"type": "code-project", "changedFiles": [{"fileName": TRICKS}], "source": TRICKS},
    {"type": "file-edit", "operation": TRICKS, "path": TRICKS},
    {"type": "finished-shell-command", "command": TRICKS, "output": TRICKS, "exitCode": 1},
    {"type": "updated-todo-list", "updatedList": [{"status": TRICKS, "task": TRICKS}]},
    {"type": "generated-technical-plan", "plan": TRICKS},
    {"type": "diagnostics-found-issues", "summaries": [TRICKS]},
    {"type": "finished-design-inspiration", "images": [{"url": RUNS, "description": TRICKS}]},
    {"type": "asking-questions", **QUESTIONS},
    {"type": "exit-plan-mode", **PLAN},
    {"type": "integration-request", **INTEGRATIONS},
    {"type": "permission-request", "suggestedPermissions": PERMISSIONS},
    {"type": f"new-{SHORT}", "query": TRICKS, "url": RUNS},
]
V2: list[dict[str, Any]] = [
    {"type": "text", "text": f"[click]({RUNS}) {TRICKS}"},
    {"type": "thinking", "text": f"[click]({RUNS}) {TRICKS}"},
    {"type": "file-read", "paths": [TRICKS]},
    {"type": "file-read", "paths": [TRICKS, RUNS]},
    {"type": "file-edit", "operation": TRICKS, "path": TRICKS},
    {"type": "file-edit", "operation": "rename", "path": TRICKS, "toPath": RUNS},
    {"type": "search", "scope": TRICKS, "query": RUNS},
    {"type": "bash", "command": TRICKS, "output": TRICKS, "isDangerous": True, "exitCode": 1},
    {"type": "tool-call", "name": TRICKS, "status": "error", "input": {"url": RUNS, SHORT: TRICKS},
     "output": TRICKS, "suggestedPermissions": PERMISSIONS},
    *({"type": "agent-action", "name": TRICKS, "summary": TRICKS, "data": data}
      for data in (QUESTIONS, PLAN, INTEGRATIONS, SETUP, {"url": RUNS, SHORT: TRICKS}, TRICKS)),
    {"type": "agent-action", "name": "done", "summary": TRICKS, "data": {
        "status": "completed", "action": TRICKS, "summary": TRICKS,
        "connectors": [{"id": "1", "name": TRICKS, "attachedToProject": True}]}},
    {"type": f"new-{SHORT}", "url": RUNS, SHORT: TRICKS},
]  # fmt: skip


class Away(HTMLParser):
    """The addresses that the links of a page have, but for those of the page's own site."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        leads = dict(attrs).get("href") if tag == "a" else None
        if leads and not leads.startswith(("?", "#")) and not is_own(leads):
            self.found.append(leads)


def is_own(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


def written(cast: Cast, generation: str, parts: Any) -> Chat:
    """A chat with an answer of these parts, and attachments nobody can follow."""
    chat = make.chat(cast.team, seen_by=make.key(cast.owner), generation=generation)
    files = [{"url": url} for url in BAD]
    make.message(chat, role="assistant", parts=parts, finish_reason="stop", attachments=files)
    return chat


def shown(cast: Cast, chat: Chat) -> str:
    answer = fresh_client(cast.owner).get(reverse("chat", args=[cast.team.slug, chat.upstream_id]))
    assert answer.status_code == 200
    return answer.text


def check(page: str) -> None:
    """Nothing on it runs, and it leads nowhere but to the web."""
    assert Live(page).found == []
    odd = [one for one in Away(page).found if not one.startswith(("https://", "http://"))]
    assert odd == []
    assert BROKEN not in Away(page).found


def test_parts_of_v1(cast: Cast) -> None:
    task = {"type": "task-web-v1", "taskNameActive": TRICKS, "taskNameComplete": TRICKS}
    content = [[0, [["AssistantMessageContentPart", {"part": {**task, "parts": [one]}}]]]
               for one in V1]  # fmt: skip
    page = shown(cast, written(cast, "v1", content))
    check(page)
    assert page.count("tr1ck") > 3 * len(V1)


def test_a_page_that_v0_read_is_a_link(cast: Cast) -> None:
    """So that the addresses above are not merely left out."""
    told = {
        "type": "finished-web-search",
        "answer": "",
        "citations": [{"url": "https://a.example/"}],
    }
    part = {"type": "task-search-web-v1", "taskNameActive": "A", "parts": [told]}
    page = shown(
        cast, written(cast, "v1", [[0, [["AssistantMessageContentPart", {"part": part}]]]])
    )
    assert "https://a.example/" in Away(page).found


def test_parts_of_v2(cast: Cast) -> None:
    page = shown(cast, written(cast, "v2", V2))
    check(page)
    assert page.count("tr1ck") > 3 * len(V2)
    links = Links("/t/acme/chats/abc/", "m1")
    assert not [one for one in parts_of_v2(V2, links, is_open=False) if one.url == RUNS]


@pytest.mark.parametrize("kind", Ask.Kind.values)
def test_what_agents_ask(kind: str, cast: Cast) -> None:
    chat = written(cast, "v2", V2)
    ask = make.ask(chat, kind, asked=ASKED[kind], is_dangerous=kind == "permissions")
    client = fresh_client(cast.owner)
    for url in (
        reverse("ask", args=[cast.team.slug, ask.pk]),
        reverse("inbox", args=[cast.team.slug]),
        reverse("chat", args=[cast.team.slug, chat.upstream_id]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        check(answer.text)
        assert "tr1ck" in answer.text


@pytest.mark.parametrize("url", BAD)
def test_a_setup_leads_to_the_web_only(url: str, cast: Cast) -> None:
    chat = written(cast, "v2", [])
    ask = make.ask(chat, "connect", asked=SETUP | {"setupUrl": url})
    answer = fresh_client(cast.owner).get(reverse("ask", args=[cast.team.slug, ask.pk]))
    assert answer.status_code == 200
    check(answer.text)
    assert "Open the set-up" not in answer.text


def test_no_kind_of_part_is_left_out() -> None:
    """A kind that the client learns belongs above; one of several names is enough of each shape."""
    for union, given in ((TaskPart, V1), (Part, V2)):
        read = TypeAdapter(list[union]).validate_python(given)  # type: ignore[valid-type]
        assert {type(one) for one in read} == set(get_args(union))
