"""Where existing code comes from: data URLs, addresses of the simulator itself, and addresses on
this machine. There is no network beyond. What archives contain is the matter of archives.py."""

from __future__ import annotations

import base64
import json
import re
import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from v0client import http
from v0client.simulator import archives, pages
from v0client.simulator.exchange import Call, Refusal, Request
from v0client.simulator.records import File

LARGEST_SOURCE, PATIENCE = 25_000_000, 10.0
MOST_ENTRIES = 50
# Where shadcn's tool puts files that name no place of their own.
PLACES = {"registry:ui": "components/ui", "registry:lib": "lib", "registry:hook": "hooks"}


class Unfetched(Exception):
    """An address on this machine has to be read first, outside the lock that requests hold."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def fetch(self, request: Request) -> None:
        """Adds what is there, or why it cannot be had, to the request."""
        try:
            request.fetched[self.url] = fetched(self.url)
        except Refusal as refusal:
            request.fetched[self.url] = refusal


def fetched(url: str) -> bytes:
    """What an address on this machine answers; 422 when that fails, is too large or too slow."""
    deadline, content = time.monotonic() + PATIENCE, b""
    try:
        with (
            http.Client(trust_env=False, timeout=PATIENCE) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise unreachable(url, f"it answered {response.status_code}")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST_SOURCE:
                    raise unreachable(url, "it is too large")
                if time.monotonic() > deadline:
                    raise unreachable(url, "it took too long")
    except (http.RequestError, http.InvalidURL):
        raise unreachable(url, "nobody answered") from None
    return content


def unreachable(url: str, why: str) -> Refusal:
    return Refusal(422, f"The address {archives.shown(url)} could not be read: {why}")


def content(call: Call, url: str) -> bytes:
    """What is at an address; 422 where it cannot be read."""
    if url.startswith("data:"):
        return data_url(url)
    if url.startswith(f"{call.simulator.base_url}/"):
        path = urlsplit(url).path
        response = pages.answer(call.simulator, Request("GET", path), call.now)
        if response.status != 200:
            raise unreachable(url, "there is nothing")
        return response.body
    if not on_this_machine(url):
        raise unreachable(
            url, "the simulator has no network, only data URLs, its own addresses and loopback"
        )
    found = call.request.fetched.get(url)
    if found is None:
        raise Unfetched(url)
    if isinstance(found, Refusal):
        raise found
    return found


def on_this_machine(url: str) -> bool:
    """Whether this is an HTTP address of the loopback interface."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            return False
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def data_url(url: str) -> bytes:
    """The bytes of a data URL, base64 or percent-encoded."""
    head, comma, rest = url.partition(",")
    if not comma:
        raise Refusal(422, "The data URL has no content")
    if not head.endswith(";base64"):
        return unquote_to_bytes(rest)
    try:
        return base64.b64decode(rest, validate=True)
    except ValueError:
        raise Refusal(422, "The data URL is not valid base64") from None


def archive(call: Call, url: str) -> list[File]:
    """The files of a ZIP file."""
    return archives.unzipped(content(call, url))


def repository(call: Call, url: str, branch: str) -> list[File]:
    """The files of a branch (or, without one, of the default branch), as GitHub packs them: in
    one folder, which is taken off."""
    reference = f"refs/heads/{quote(branch)}" if branch else "HEAD"
    address = url.rstrip("/").removesuffix(".git")
    files = archive(call, f"{address}/archive/{reference}.zip")
    folder = files[0].name.partition("/")[0] + "/"
    if all(file.name.startswith(folder) for file in files):
        for file in files:
            file.name = file.name.removeprefix(folder)
    return files


def registry(call: Call, url: str) -> list[File]:
    """The files of a registry entry and of the entries that it names by address. Names without
    an address belong to shadcn's own registry, which projects have anyway."""
    waiting, seen, files = [url], {url}, dict[str, File]()
    while waiting:
        address = waiting.pop()
        item = entry(call, address)
        for told in item.get("files", []):
            file = registry_file(told)
            files.setdefault(file.name, file)
        for name in item.get("registryDependencies", []):
            if not isinstance(name, str) or "/" not in name or name.startswith("@"):
                continue
            other = urljoin(address, name)
            if other not in seen:
                seen.add(other)
                waiting.append(other)
        if len(seen) > MOST_ENTRIES:
            raise Refusal(422, f"The registry entry leads to more than {MOST_ENTRIES} others")
    if not files:
        raise Refusal(422, "The registry entry contains no files")
    return list(files.values())


def last_part(url: str) -> str:
    """The name at the end of an address."""
    return re.sub(r"\.(git|json)$", "", url.rstrip("/").rpartition("/")[2])


def entry(call: Call, url: str) -> dict[str, Any]:
    """A registry entry, so far as its lists are lists."""
    try:
        item = json.loads(content(call, url))
    except ValueError:
        item = None
    if isinstance(item, dict):
        lists = (item.get("files", []), item.get("registryDependencies", []))
        if all(isinstance(listed, list) for listed in lists):
            return item
    raise Refusal(422, f"There is no registry entry at {archives.shown(url)}")


def registry_file(told: Any) -> File:
    """A file where its entry wants it, or where its type belongs."""
    if not isinstance(told, dict) or not isinstance(told.get("content"), str):
        raise Refusal(422, "A file of the registry entry has no content")
    place, target = str(told.get("path", "")), told.get("target")
    if isinstance(target, str) and target:
        return File(archives.path(target.removeprefix("~/")), told["content"])
    folder = PLACES.get(str(told.get("type")), "components")
    return File(archives.path(f"{folder}/{place.rpartition('/')[2]}"), told["content"])
