"""The steps of an answer of v1: while one is under way it names the file that it has come to."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.models import Key
from dashboard.sync.follow import look_with
from dashboard.views.parts import Links, Part
from dashboard.views.parts_v1 import parts
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.following import begin
from v0client.simulator import Simulator

LINKS = Links("/t/acme/chats/abc/", "m1")
ONE, TWO = "app/page.tsx", "lib/data.ts"


def step(
    kind: str, *told: dict[str, Any], is_open: bool = True, is_whole: bool = True, **task: Any
) -> Part:
    """The only step of an answer with this task."""
    part = {"type": kind, "taskNameActive": "Working", "taskNameComplete": "Worked", **task}
    node = ["AssistantMessageContentPart", {"part": {**part, "parts": list(told)}}]
    (found,) = parts([[0, [node]]], LINKS, is_open=is_open, is_whole=is_whole)
    return found


def edit(path: str) -> dict[str, str]:
    return {"type": "file-edit", "operation": "create", "path": path}


def project(*active: bool) -> dict[str, Any]:
    files = [
        {"fileName": name, "isActive": is_active}
        for name, is_active in zip((ONE, TWO), active, strict=True)
    ]
    return {"type": "code-project", "changedFiles": files}


@pytest.mark.parametrize(
    ("kind", "told", "shown"),
    [
        ("task-coding-v1", [edit(ONE)], ONE),
        ("task-coding-v1", [edit(ONE), edit(TWO)], TWO),
        ("task-coding-v1", [project(True, False)], ONE),
        ("task-coding-v1", [project(False, False)], TWO),
        ("task-coding-v1", [], ""),
        ("task-read-file-v1", [{"type": "read-file", "path": ONE}], ONE),
        ("task-read-files-v1", [{"type": "select-files", "filePaths": [ONE, TWO]}], TWO),
        ("task-thinking-v1", [{"type": "thinking", "thought": "Hm"}], ""),
    ],
)
def test_a_step_under_way_names_its_file(kind: str, told: list[Any], shown: str) -> None:
    assert step(kind, *told).code == shown


def test_a_look_at_the_code_has_a_tick_only_where_nothing_is_wrong() -> None:
    found = {"type": "diagnostics-found-issues", "summaries": ["a.tsx: no such name"]}
    wrong = step("task-diagnostics-v1", found, finishedIn=1)
    assert (wrong.icon, [line.text for line in wrong.lines]) == ("warning", ["a.tsx: no such name"])
    passed = step("task-diagnostics-v1", {"type": "diagnostics-passed"}, finishedIn=1)
    assert (passed.icon, passed.lines) == ("check", [])


@pytest.mark.parametrize(
    ("operation", "word"),
    [("create", "Created"), ("update", "Edited"), ("delete", "Deleted"), ("link-up", "Link up")],
)
def test_what_was_done_to_a_file_is_a_word(operation: str, word: str) -> None:
    (line,) = step("task-coding-v1", {**edit(ONE), "operation": operation}, finishedIn=1).lines
    assert (line.text, line.code) == (word, ONE)
    assert bool(line.url) == (operation != "delete")
    assert line.diff_url == LINKS.diff(ONE)


def test_code_told_as_a_whole_says_what_became_of_its_files() -> None:
    files = [{"fileName": ONE}, {"fileName": TWO, "isDeleted": True}]
    told = {"type": "code-project", "changedFiles": files}
    found = step("task-coding-v1", told, finishedIn=1).lines
    assert [(line.text, line.code, line.url) for line in found] == [
        ("Wrote", ONE, LINKS.file(ONE)),
        ("Deleted", TWO, ""),
    ]


def test_a_step_that_is_over_names_none() -> None:
    assert step("task-coding-v1", edit(ONE), finishedIn=2).code == ""
    assert step("task-coding-v1", edit(ONE), is_open=False).code == ""


def test_a_step_that_was_broken_off_does_not_say_that_it_was_done() -> None:
    cut = step("task-coding-v1", edit(ONE), is_open=False, is_whole=False)
    assert (cut.title, cut.note) == ("Working", "not finished")
    done = step("task-coding-v1", edit(ONE), is_open=False, is_whole=False, finishedIn=2)
    assert (done.title, done.note) == ("Worked", "")


@pytest.mark.django_db
def test_a_run_that_failed_claims_no_files_that_it_did_not_write(
    simulator: Simulator, cast: Cast, client_of: Any
) -> None:
    key: Key = make.key(cast.owner)
    chat = begin(key, "v1", "A page about tea, fail on purpose")
    simulator.clock.advance(600)
    look_with(key, chat)
    page = client_of(cast.owner).get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/").text
    assert "Wrote " not in page
    assert "Writing files" in page
    assert "not finished" in page


@pytest.mark.django_db
def test_the_page_shows_which_file_is_being_written(
    simulator: Simulator, cast: Cast, client_of: Any
) -> None:
    key: Key = make.key(cast.owner)
    chat = begin(key, "v1")
    run = simulator.store.chats[chat.upstream_id].messages[-1].run
    assert run
    address = f"/t/{cast.team.slug}/chats/{chat.upstream_id}/"
    simulator.clock.advance(0.6 * run.duration)
    look_with(key, chat)
    content = chat.messages.get(role="assistant").parts
    newest = [part for part in content[0][1] if part[0] != "p"][-1][1]["part"]["parts"][-1]["path"]
    line = f'Writing files <code class="step-code">{newest}</code>'
    assert line in client_of(cast.owner).get(address).text
    simulator.clock.advance(run.duration)
    look_with(key, chat)
    page = client_of(cast.owner).get(address).text
    assert "Writing files" not in page
    assert '<span class="step-text truncate">Wrote ' in page
