"""v1 of the simulator, proven with v0's own SDK for it."""

from __future__ import annotations

from tests.sdk.conftest import Node
from v0client.simulator import Simulator


def test_every_method_of_the_v1_sdk_gets_what_it_declares(node: Node, simulator: Simulator) -> None:
    node.check("v1.mjs", simulator)
