"""A faithful local v0 for demos and tests: same routes, same errors, its faults on demand."""

from __future__ import annotations

from v0client.simulator.app import Asked, Exchange, Simulator

__all__ = ["Asked", "Exchange", "Simulator"]
