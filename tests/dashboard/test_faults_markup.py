"""What others wrote is text: no name, prompt, file, log or filter becomes markup on any page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db.models import Model, URLField
from django.urls import reverse
from django.utils import timezone

from dashboard.models import (
    Activity,
    Author,
    Chat,
    Deployment,
    DeploymentLine,
    Key,
    Project,
    Snapshot,
    Submission,
    SyncRun,
    Team,
    User,
    Version,
)
from dashboard.sync.values import fit
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.pages import PAGES
from tests.dashboard.test_every_page import arguments, fresh_client, url_of

SCRIPT = "<script>alert('tr1ck')</script>"
TRICKS = (
    f"{SCRIPT}</textarea></title></pre><img src=x onerror=tr1ck>\"'><svg onload=tr1ck> "
    "[click](javascript:tr1ck) ![x](https://tr1ck.example/x.png) {{ 7|add:7 }} {% now 'Y' %}"
)
SHORT = "</b><svg/onload=tr1ck>\"'><script>tr1ck()</script>"
RUNS = "javascript:tr1ck()"
BREAKS = "https://tr1ck.example/\"'><script>tr1ck()</script>"


class Live(HTMLParser):
    """What of a page would run or load: collected as a browser reads it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        addresses = [given.get(name, "") for name in ("href", "src", "action", "formaction")]
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.found += [one for one in addresses if one.strip().lower().startswith("javascript:")]
        if tag in ("img", "iframe", "object", "embed", "source"):
            self.found += [one for one in addresses if "tr1ck" in one]


@pytest.fixture
def key(cast: Cast) -> Key:
    """A team whose own names, and those at v0, are hostile."""
    Team.objects.filter(pk=cast.team.pk).update(name=SHORT)
    User.objects.update(name=SHORT)
    key = make.key(cast.owner, label=SHORT, upstream_name=SHORT, upstream_email=SHORT,
                   scopes=[{"id": SHORT, "name": SHORT}], state_reason=TRICKS[:300])  # fmt: skip
    Key.objects.update(state="rejected")
    Snapshot.objects.create(key=key, taken_at=timezone.now(), plan=SHORT[:40])
    return key


@pytest.fixture
def chat(cast: Cast, key: Key) -> Chat:
    """A chat in a project, with messages and a version, all hostile."""
    author = Author.objects.create(
        team=cast.team, upstream_id="a", name=SHORT, email=SHORT, avatar_url=RUNS
    )
    project = make.project(cast.team, seen_by=key, name=TRICKS[:255], description=TRICKS,
                           instructions=TRICKS, web_url=BREAKS)  # fmt: skip
    chat = make.chat(cast.team, seen_by=key, name=TRICKS, project=project, author=author,
                     web_url=BREAKS, model_id=SHORT[:60], updated_at=timezone.now())  # fmt: skip
    make.message(chat, TRICKS, author=author, attachments=[{"url": RUNS, "name": TRICKS}])
    part = {"type": "task-coding-v1", "taskNameActive": TRICKS, "taskNameComplete": TRICKS,
            "parts": [{"type": "file-edit", "path": TRICKS, "operation": SHORT}]}  # fmt: skip
    parts = [[0, [["AssistantMessageContentPart", {"part": part}], ["p", {}, TRICKS]]]]
    make.message(chat, TRICKS, role="assistant", parts=parts, finish_reason=SHORT[:40])
    files = {f"app/{SHORT}.tsx": TRICKS, "page.html": TRICKS, "notes.md": TRICKS}
    make.version(chat, files=files, demo_url=BREAKS, screenshot_url=BREAKS)
    return chat


@pytest.fixture
def ids(cast: Cast, key: Key, chat: Chat) -> dict[str, Any]:
    """A team in which every text that somebody can write is hostile."""
    version, project = chat.versions.get(), Project.objects.get()
    deployment = make.deployment(
        version, project=project, state="failed", web_url=BREAKS, inspector_url=BREAKS,
        error_type=SHORT, error_text=TRICKS, error_summary=TRICKS, created_at=timezone.now(),
    )  # fmt: skip
    DeploymentLine.objects.create(
        deployment=deployment, upstream_id="1", created_at=timezone.now(), stream="stderr",
        level="<b>", text=TRICKS,
    )  # fmt: skip
    submission = Submission.objects.create(
        team=cast.team, user=cast.owner.user, key=key, state="failed", error=TRICKS[:500],
        request={"prompt": TRICKS, "system": TRICKS, "attachments": [RUNS, TRICKS]},
    )  # fmt: skip
    Activity.objects.create(
        team=cast.team, actor=cast.owner.user, verb=f"chat.{SHORT[:30]}", target=TRICKS, chat=chat,
        project=project, deployment=deployment, key=key, before={SHORT: TRICKS},
        after={"name": TRICKS, SHORT: {TRICKS: [TRICKS]}},
    )  # fmt: skip
    run = make.sync_run(key, state="partial", errors={"chats": TRICKS, SHORT: TRICKS},
                        finished_at=timezone.now(), started_at=timezone.now())  # fmt: skip
    plan = {"plan": TRICKS, "summary": TRICKS, "path": TRICKS}
    return {
        "ask": make.ask(chat, asked=plan).pk,
        "carry": make.carry(key, version, error=TRICKS[:500]).pk,
        "webhook": make.webhook(key, name=SHORT, host=SHORT, events=[SHORT]).pk,
        "chat": chat.upstream_id, "version": version.upstream_id, "key": key.pk, "sync": run.pk,
        "project": project.upstream_id, "deployment": deployment.upstream_id,
        "person": cast.viewer.pk, "nonce": submission.nonce,
    }  # fmt: skip


OPEN = [name for name, page in PAGES.items() if page.get[0] == 200 and page.whole]


@pytest.mark.parametrize("name", OPEN)
def test_what_others_wrote_is_no_markup(name: str, ids: dict[str, Any], cast: Cast) -> None:
    client = fresh_client(cast.owner)
    url = url_of(name, {one: ids[one] for one in arguments(name)}, cast.team.slug)
    queries: list[dict[str, str]] = [{}, {"q": TRICKS, "project": SHORT, "sort": SHORT}]
    if name == "chat":
        queries += [{"tab": tab} for tab in ("files", "versions", "deployments", "activity")]
    if name == "version-files":
        queries += [{"file": one.path} for one in Version.objects.get().files.all()]
    for query in queries:
        answer = client.get(url, query)
        assert answer.status_code == 200
        assert Live(answer.text).found == []
        assert "{{ 7" in answer.text or " 14 " not in answer.text


def test_the_check_would_find_them() -> None:
    assert Live(TRICKS).found == ["script", "img onerror", "svg onload"]
    assert Live(f'<a href="{RUNS}">').found == [RUNS]


def test_the_tricks_are_shown_as_text(ids: dict[str, Any], cast: Cast) -> None:
    """So that the pages above are not merely empty."""
    client = fresh_client(cast.owner)
    for name in ("home", "chats", "chat", "project", "deployment", "activity", "sync", "key"):
        url = url_of(name, {one: ids[one] for one in arguments(name)}, cast.team.slug)
        text = client.get(url).text
        assert "&lt;script&gt;" in text or "&lt;svg" in text, name


def test_an_error_page_repeats_no_markup(cast: Cast) -> None:
    answer = fresh_client(cast.owner).get(
        reverse("chats", args=[cast.team.slug]) + "%3Cscript%3Ealert('tr1ck')%3C/script%3E/"
    )
    assert answer.status_code == 404
    assert Live(answer.text).found == []


@pytest.mark.parametrize("model", [Author, Chat, Deployment, Project, Version])
def test_an_address_that_would_run_is_not_stored(model: type[Model]) -> None:
    names = [field.name for field in model._meta.fields if isinstance(field, URLField)]
    row = fit(model(**dict.fromkeys(names, RUNS)))
    assert names
    assert {getattr(row, name) for name in names} == {""}


def test_rows_exist_for_every_model_that_holds_texts(ids: dict[str, Any]) -> None:
    """A new model with texts of others belongs into the fixture."""
    for model in (Chat, Project, Deployment, SyncRun, Submission, Activity):
        assert model._default_manager.exists(), model
