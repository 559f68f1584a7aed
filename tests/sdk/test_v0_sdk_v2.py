"""v2 of the simulator, proven with v0's own SDK for it."""

from __future__ import annotations

import pytest

from tests.sdk.conftest import Node
from v0client.simulator import Simulator


def test_every_method_of_the_v2_sdk_gets_what_it_declares(
    node: Node, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams = simulator.store.teams.values()
    child = next(team for team in teams if team.organization_id)
    monkeypatch.setenv("ORGANIZATION", str(child.organization_id))
    monkeypatch.setenv("TEAM", child.id)
    node.check("v2.mjs", simulator)
