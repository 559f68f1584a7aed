"""The server of the preview origin, inside the test process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.previews.app import Previews
from tests.serving import free_listener, in_thread


@contextmanager
def served_previews() -> Iterator[int]:
    """Its port on the loopback interface."""
    application = Previews(seen_for=0.05)
    with in_thread(application, free_listener(), lifespan="on", log_level="critical") as port:
        yield port
