"""The packages from npm that v0client is proven with, and the harness that runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sdk.conftest import PACKAGES, Node
from v0client.simulator import Simulator

VERSIONS = {
    "v0-sdk": "0.16.7",
    "v0": "3.0.0-canary.6f0caa8",
    "openai": "6.49.0",
    "@ai-sdk/vercel": "2.0.78",
    "ai": "6.0.326",
    "jsondiffpatch": "0.7.7",
    "v0/node_modules/jsondiffpatch": "0.6.2",
}
TITLE = "import { test } from 'node:test'; import assert from 'node:assert/strict';"


@pytest.mark.parametrize(("package", "version"), VERSIONS.items())
def test_the_installed_package_is_exactly_this_version(
    node: Node, package: str, version: str
) -> None:
    assert json.loads((PACKAGES / package / "package.json").read_text())["version"] == version


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("test('one and one', () => assert.equal(1 + 1, 3));", "one and one"),
        ("test('nothing', { skip: true });", "checked nothing"),
        ("test('good', () => {}); test('later', { todo: true });", "left checks out"),
        ("console.log('no checks');", "checked nothing"),
        ("throw new Error('broken script');", "broken script"),
    ],
)
def test_a_check_that_does_not_hold_or_does_not_run_is_red(
    node: Node, simulator: Simulator, tmp_path: Path, script: str, complaint: str
) -> None:
    path = tmp_path / "script.mjs"
    path.write_text(TITLE + script)
    with pytest.raises(AssertionError, match=complaint):
        node.check(str(path), simulator)


def test_a_script_reaches_the_simulator_with_its_key(
    node: Node, simulator: Simulator, tmp_path: Path
) -> None:
    path = tmp_path / "script.mjs"
    path.write_text(
        TITLE
        + """
        test('the owner is known', async () => {
            const { V0_BASE_URL, V0_API_KEY } = process.env;
            const headers = { authorization: `Bearer ${V0_API_KEY}` };
            const answer = await fetch(`${V0_BASE_URL}/v1/user`, { headers });
            assert.equal((await answer.json()).email, 'owner@example.com');
        });"""
    )
    node.check(str(path), simulator)
    assert [asked.path for asked in simulator.requests] == ["/v1/user"]
