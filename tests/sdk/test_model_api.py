"""The Model API of the simulator, proven with OpenAI's package and with Vercel's AI SDK."""

from __future__ import annotations

import pytest

from tests.sdk.conftest import Node
from v0client.simulator import Simulator


@pytest.mark.parametrize("script", ["openai.mjs", "vercel.mjs"])
def test_packages_made_for_models_work_with_the_model_api(
    node: Node, simulator: Simulator, script: str
) -> None:
    node.check(script, simulator)
