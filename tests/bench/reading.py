"""The job of test_client.py with our client: lists all chats and reads each with its versions.

Is told how many chats may be in work at once, a line a round; tells how many were read and in how
many seconds. The argument `uvloop` chooses another event loop than asyncio's own.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time

import uvloop

from v0client import AsyncV0
from v0client.v1.chats import ChatSummary


async def read_all(client: AsyncV0, at_once: int) -> int:
    """Read every chat, in sequence or several at a time, as the client invites to."""

    async def read(chat: ChatSummary) -> None:
        await client.v1.chats.get_by_id(chat.id)
        await client.v1.chats.find_versions(chat.id).first()

    chats = client.v1.chats.find()
    if at_once > 1:
        return len([None async for _ in chats.map(read, concurrency=at_once)])
    return len([await read(chat) async for chat in chats])


async def main() -> None:
    """A round for each line."""
    async with AsyncV0(os.environ["V0_API_KEY"], base_url=os.environ["V0_BASE_URL"]) as client:
        while line := await asyncio.to_thread(sys.stdin.readline):
            started = time.perf_counter()
            count = await read_all(client, int(line))
            print(count, time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    (uvloop if "uvloop" in sys.argv else asyncio).run(main())
