"""The steps of an answer of v2: what came of a look at the build shows in its sign."""

from __future__ import annotations

import pytest

from dashboard.views.parts import Links
from dashboard.views.parts_v2 import DANGEROUS, parts

LINKS = Links("/t/acme/chats/abc/", "m1")


@pytest.mark.parametrize(
    ("summary", "icon"),
    [
        ("The build has 1 error", "error"),
        ("Build failed", "error"),
        ("2 problems in 1 file", "warning"),
        ("No problems found", "check"),
        ("No type errors", "check"),
        ("0 errors, 0 warnings", "check"),
        ("No errors, 2 warnings", "warning"),
        ("All checks passed", "check"),
        ("Looked at the build", "activity"),
        ("", "activity"),
    ],
)
def test_a_look_at_the_build_has_a_tick_only_where_nothing_is_wrong(
    summary: str, icon: str
) -> None:
    told = {"type": "agent-action", "name": "diagnostics", "summary": summary}
    (found,) = parts([told], LINKS, is_open=False)
    assert (found.icon, found.title) == (icon, summary or "Diagnostics")


@pytest.mark.parametrize(("told", "danger"), [(True, DANGEROUS), (False, ""), (None, "")])
def test_a_command_that_v0_calls_dangerous_is_marked(told: bool | None, danger: str) -> None:
    step = {"type": "bash", "command": "rm -rf data"} | (
        {} if told is None else {"isDangerous": told}
    )
    (found,) = parts([step], LINKS, is_open=False)
    assert (found.code, found.danger) == ("rm -rf data", danger)
