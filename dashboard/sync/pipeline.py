"""Fetches many things, a few at a time, while what came before is stored. Knows no area."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from dashboard.sync.progress import Progress
from dashboard.upstream import Refused

K = TypeVar("K")
T = TypeVar("T")

AT_ONCE = 4  # requests in flight for a key
BATCH = 20  # things that are stored in one transaction
MOST_SKIPPED = 5
LOOK_EVERY = 2.0  # seconds between signs of life while v0 is slow

# After these, asking on makes no sense or is rude; the others concern one thing alone.
ENDS_ALL = ("rejected", "unreachable", "busy")
ABSENT = ("gone", "forbidden")


class Fetched(Generic[T]):
    """What one batch brought: things, and the kinds of refusal of those that were not given."""

    def __init__(self) -> None:
        self.things: dict[str, T] = {}
        self.absent: dict[str, str] = {}


def in_batches(
    ids: Sequence[str],
    prepare: Callable[[Sequence[str]], K],
    fetch: Callable[[str, K], T],
    progress: Progress,
) -> Iterator[Fetched[T]]:
    """The batches in turn; the next one is under way while the caller stores the last.

    `prepare` reads from the database what `fetch`, which runs in other threads, needs to know.
    A few things that cannot be read are skipped; their refusal is raised at the end.
    """
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    skipped: list[Refused] = []
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sync")

    def begin(batch: Sequence[str]) -> dict[str, Future[T]]:
        known = prepare(batch)
        return {id_: pool.submit(fetch, id_, known) for id_ in batch}

    try:
        under_way = begin(batches[0]) if batches else {}
        for following in [*batches[1:], []]:
            futures, under_way = under_way, begin(following) if following else {}
            yield gather(futures, progress, skipped)
            progress.stepped(len(futures))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    if skipped:
        raise Refused(skipped_sentence(skipped), kind=skipped[0].kind)


def gather(futures: dict[str, Future[T]], progress: Progress, skipped: list[Refused]) -> Fetched[T]:
    """Waits for a batch, and sorts what came."""
    fetched: Fetched[T] = Fetched()
    left = set(futures.values())
    while left:
        progress.alive()
        left = wait(left, timeout=LOOK_EVERY).not_done
    for id_, future in futures.items():
        try:
            fetched.things[id_] = future.result()
        except Refused as refusal:
            if refusal.kind in ABSENT:
                fetched.absent[id_] = refusal.kind
                continue
            skipped.append(refusal)
            if refusal.kind in ENDS_ALL or len(skipped) >= MOST_SKIPPED:
                raise
    return fetched


def skipped_sentence(skipped: list[Refused]) -> str:
    if len(skipped) == 1:
        return f"One could not be read and is tried again: {skipped[0].sentence}"
    return f"{len(skipped)} could not be read and are tried again: {skipped[0].sentence}"
