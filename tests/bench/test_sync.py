"""What storing costs on top of fetching, and how many requests a sync makes, with 600 chats."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings

from dashboard import sync
from dashboard.models import Author, Chat, Content, Key, Project, SyncRun, VersionFile
from tests import make
from v0client import V0

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
PROJECT = Path(__file__).resolve().parents[2]
CHATS = 600
ROUNDS = 3
KEY = "v0-demo-owner"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A simulator as a process of its own: in ours it would compete with what is measured."""
    command = [sys.executable, "-m", "v0client.simulator", "--port", "0", "--die-with-parent"]
    process = subprocess.Popen(
        [*command, "--seed", f"big:{CHATS}"], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.wait()
    process.stdout.close()


def requests(address: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(f"{address}/_sim/requests") as answer:  # noqa: S310
        asked: list[dict[str, str]] = json.load(answer)["requests"]
    return asked


def reader(client: V0, path: str, query: str) -> Callable[[], object]:
    """The operation of the client that asks this address."""
    given = {name: values[0] for name, values in parse_qs(query).items()}
    match path.removeprefix("/v1/").split("/"):
        case ["chats"]:
            return client.v1.chats.find(limit=60, offset=int(given.get("offset", 0))).first
        case ["chats", chat_id]:
            return lambda: client.v1.chats.get_by_id(chat_id)
        case ["chats", chat_id, "versions"]:
            return client.v1.chats.find_versions(chat_id, limit=150).first
        case ["chats", chat_id, "versions", version_id]:
            return lambda: client.v1.chats.get_version(chat_id, version_id)
        case ["deployments"]:
            return lambda: client.v1.deployments.find(given["chatId"], given["versionId"])
        case ["hooks"]:
            return client.v1.hooks.find
        case ["projects"]:
            return client.v1.projects.find
        case ["rate-limits"]:
            return client.v1.rate_limits.find
        case ["user", *rest]:
            user = client.v1.user
            named = {"": user.get, "plan": user.get_plan, "scopes": user.get_scopes}
            return {**named, "billing": user.get_billing}["".join(rest)]
        case ["reports", "usage", *kind]:
            reports = client.v1.reports
            report = reports.get_ai_usage if kind else reports.get_usage
            return report(limit=int(given["limit"]), cursor=given.get("cursor")).first
        case ["", "v2", "chats"]:
            return client.v2.chats.list(limit=int(given["limit"])).first
        case ["", "v2", "hooks"]:
            return client.v2.webhooks.list
        case ["", "v2", "usage", "events"]:
            return client.v2.usage.list_events(limit=int(given["limit"])).first
    raise AssertionError(f"the sync asked {path}, which this bench does not know")


def fetch_seconds(address: str, asked: list[dict[str, str]]) -> float:
    """Reading the same addresses with the same client, 4 in flight, storing nothing."""
    with V0(KEY, base_url=address) as client, ThreadPoolExecutor(4) as pool:
        work = [reader(client, one["path"], one["query"]) for one in asked]
        started = time.perf_counter()
        for future in [pool.submit(read) for read in work]:
            future.result()
        return time.perf_counter() - started


def sync_once(key: Key) -> tuple[SyncRun, float]:
    run = sync.queue(key, trigger=SyncRun.Trigger.COMMAND, send=False)
    started = time.perf_counter()
    sync.run(run.pk)
    seconds = time.perf_counter() - started
    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE, run.errors
    return run, seconds


def empty() -> None:
    """As before the first sync."""
    Chat.objects.all().delete()
    VersionFile.objects.all().delete()
    for model in (Content, Project, Author):
        model.objects.all().delete()


def test_a_full_sync_takes_at_most_twice_the_time_of_fetching(
    address: str, settings: LazySettings
) -> None:
    settings.V0_BASE_URL = address
    key = make.key(make.person("owner"), KEY)
    sync_once(key)  # also warms what the simulator writes once
    assert Chat.objects.count() == CHATS
    asked = requests(address)
    fetches, syncs = [], []
    for _ in range(ROUNDS):
        fetches.append(fetch_seconds(address, asked))
        empty()
        syncs.append(sync_once(key)[1])
    ratio = min(syncs) / min(fetches)
    print(f"\nfull sync of {CHATS} chats over fetching them: {ratio:.2f} (at most 2)")
    print(f"requests of the full sync: {len(asked)}")
    assert ratio <= 2


def test_requests_of_an_unchanged_sync_and_of_one_changed_chat(
    address: str, settings: LazySettings
) -> None:
    settings.V0_BASE_URL = address
    key = make.key(make.person("owner"), KEY)
    sync_once(key)
    unchanged = sync_once(key)[0].requests
    print(f"\nrequests when nothing changed: {unchanged} (at most {CHATS // 60 + 12})")
    assert unchanged <= CHATS / 60 + 12
    with V0(KEY, base_url=address) as client:
        client.v1.chats.update(Chat.objects.first().upstream_id, name="Renamed")
    added = sync_once(key)[0].requests - unchanged
    print(f"requests that one changed chat adds: {added} (at most 6)")
    assert 1 <= added <= 6
