"""Words that v0 does not have yet: every page still opens and shows them as they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import DeploymentLine, Snapshot
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.pages import PAGES
from tests.dashboard.test_every_page import arguments, fresh_client, url_of


@pytest.fixture
def ids(cast: Cast) -> dict[str, Any]:
    key = make.key(cast.owner, scopes=[{"id": "x", "name": "x", "kind": "new"}, {}])
    Snapshot.objects.create(
        key=key, taken_at=timezone.now(), plan="galactic", billing_type="barter", role="CAPTAIN",
        billing_mode="goats", blocks=[{"unheard": "of"}, {"expires": "never"}],
    )  # fmt: skip
    project = make.project(cast.team, seen_by=key, privacy="circle")
    chat = make.chat(cast.team, seen_by=key, privacy="circle", project=project, generation="v9")
    make.message(chat, "la la", role="choir", kind="sung", finish_reason="applause",
                 parts=[{"unheard": "of"}], attachments=[{"kind": "smell"}, 7])  # fmt: skip
    version = make.version(chat, status="polished", files={"a": "b"})
    deployment = make.deployment(version, project=project, error_type="gravity")
    DeploymentLine.objects.create(
        deployment=deployment, upstream_id="1", created_at=timezone.now(), stream="river",
        level="loud", text="splash",
    )  # fmt: skip
    ask = make.ask(chat, asked={"plan": "Sing", "path": "plan.md", "unheard": "of"})
    run = make.sync_run(key, area="dreams", counts={"dreams": {"dreamt": 3}}, errors={"x": "Y."})
    return {
        "chat": chat.upstream_id, "version": version.upstream_id, "key": key.pk, "sync": run.pk,
        "project": project.upstream_id, "deployment": deployment.upstream_id,
        "person": cast.viewer.pk, "ask": ask.pk,
        "carry": make.carry(key, version, state="differs").pk,
        "webhook": make.webhook(key, events=["unheard"], generations=["v9"]).pk,
    }  # fmt: skip


WITHOUT_SUBMISSION = [n for n, page in PAGES.items() if page.get[0] == 200 and n != "submission"]


@pytest.mark.parametrize("name", WITHOUT_SUBMISSION)
def test_a_page_opens_with_words_nobody_knows(name: str, ids: dict[str, Any], cast: Cast) -> None:
    url = url_of(name, {one: ids[one] for one in arguments(name)}, cast.team.slug)
    assert fresh_client(cast.owner).get(url).status_code == 200


def test_unknown_words_are_shown(ids: dict[str, Any], cast: Cast) -> None:
    client = fresh_client(cast.owner)
    chat = client.get(url_of("chat", {"chat": ids["chat"]}, cast.team.slug)).text
    assert "la la" in chat
    assert "circle" in chat.lower()
    usage = client.get(url_of("usage", {}, cast.team.slug)).text
    assert "galactic" in usage.lower()
