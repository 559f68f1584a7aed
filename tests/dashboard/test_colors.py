"""Every text of the product can be read on every ground it stands on, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard import charts

ROOT = Path(__file__).parent.parent.parent
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)",
        (ROOT / "static/css/tokens.css").read_text(),
    )
}


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("ground", "surface", "raised", "sunken", "hover", "quiet-soft")
PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent-text", "ok", "warn", "bad")
      for ground in GROUNDS],
    *[(ink, f"{tone}-soft") for ink in ("ink", "ink-2")
      for tone in ("ok", "warn", "bad", "accent")],
    ("ok", "ok-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("accent-text", "accent-soft"),
    ("ink-3", "accent-soft"), ("accent-ink", "accent"), ("accent-ink", "accent-hover"),
    ("bad-ink", "bad-fill"),
    *[(f"code-{kind}", ground)
      for kind in ("comment", "keyword", "string", "number", "name", "type")
      for ground in ("surface", "sunken", "accent-soft")],
    *[(f"who-{number}", f"who-{number}-soft") for number in range(5)],
]  # fmt: skip


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground_in_both_themes(ink: str, ground: str) -> None:
    for theme in (0, 1):
        assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("number", range(1, charts.SERIES + 1))
def test_series_of_charts_stand_out_from_their_ground(number: int) -> None:
    for theme in (0, 1):
        color, ground = TOKENS[f"series-{number}"][theme], TOKENS["surface"][theme]
        assert contrast(color, ground) >= 3
