"""Benches print ratios and nothing else: a log line per request would bury them and cost time."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from tests import contract
from v0client.simulator import reporting
from v0client.simulator.server import ON_EXCHANGE


@pytest.fixture(autouse=True)
def without_logs() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True, scope="module")
def unwatched() -> Iterator[None]:
    """No simulator compares its answers with v0's contract: that takes time of its own."""
    reporting.everywhere.remove(contract.notice)
    hook = os.environ.pop(ON_EXCHANGE)
    yield
    os.environ[ON_EXCHANGE] = hook
    reporting.everywhere.append(contract.notice)
