"""manage.py follow: shows what v0 writes while it writes it. Any number may run."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand

from dashboard.ring import stop_on_wrong_ring
from dashboard.sync.live import Follower
from dashboard.views.live import Painter

THREADS = 16  # for the database and for questions to v0, beside the event loop


class Command(BaseCommand):
    help = "Follows the chats that are running, and tells their pages what v0 writes."

    def handle(self, *args: Any, **options: Any) -> None:
        stop_on_wrong_ring()
        asyncio.run(follow())


async def follow() -> None:
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await Follower(Painter).run(stopping)
