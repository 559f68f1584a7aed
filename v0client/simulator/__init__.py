"""A faithful local v0 for demos and tests: same routes, same errors, its faults on demand."""

from __future__ import annotations

from v0client.simulator.app import Asked, Simulator
from v0client.simulator.reporting import Exchange

__all__ = ["Asked", "Exchange", "Simulator"]
