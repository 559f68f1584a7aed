"""What the simulator itself serves to begin a chat with: repositories and their branches, registry
entries, ZIP files. Addresses are built like those of GitHub and of shadcn's registry."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import unquote

from v0client.simulator import archives, components, writer
from v0client.simulator.exchange import HTML, JSON, Response, dump
from v0client.simulator.page import compose
from v0client.simulator.plain import plain_page
from v0client.simulator.records import File
from v0client.simulator.sections import COMPONENTS

SHOP = "Build an online shop for coffee beans with products and questions"
BOOK = "Write a handbook for new colleagues with a timeline of the first week"
BOARD = "Build a status dashboard with figures, a chart and a table of incidents"
# The prompts that each branch was written from; the first branch is the default one.
Branches = dict[str, tuple[str, ...]]
REPOSITORIES: dict[str, Branches] = {
    "harbor-studio/storefront": {"main": (SHOP,), "dark-mode": (SHOP, "Make it dark")},
    "harbor-studio/handbook": {"main": (BOOK,), "draft/faq": (BOOK, "Add an FAQ")},
    "harbor-studio/status": {"trunk": (BOARD,)},
}
PACKED_AT = 1_767_225_600.0
ZIP, TAR = "application/zip", "application/gzip"
EVERYTHING = "everything"


def answer(address: str, base_url: str) -> Response | None:
    """What is served at this address below `base_url`, or None."""
    kind, _, rest = unquote(address).strip("/").partition("/")
    if kind == "":
        return shown("v0 simulator", front())
    if kind == "registry" and rest.endswith(".json"):
        return entry(rest.removesuffix(".json"), base_url)
    if kind == "archives" and rest.endswith(".zip"):
        return zip_file(rest.removesuffix(".zip"))
    if kind == "repos":
        owner, _, rest = rest.partition("/")
        name, _, rest = rest.partition("/")
        return repository(f"{owner}/{name}", rest)
    return None


def shown(title: str, inner: str) -> Response:
    return Response(body=plain_page(title, inner).encode(), content_type=HTML)


def links(addresses: list[str]) -> str:
    listed = "".join(f'<li><a href="{a}">{escape(a)}</a></li>' for a in addresses)
    return f"<ul>{listed}</ul>"


def front() -> str:
    """Everything that a chat can begin with here."""
    repositories = [f"/repos/{name}" for name in REPOSITORIES]
    zips = [f"/archives/{name.partition('/')[2]}.zip" for name in REPOSITORIES]
    entries = [f"/registry/{name}.json" for name in (*COMPONENTS, EVERYTHING)]
    return (
        "<p>A chat can begin with these addresses.</p>"
        f"<h2>Repositories</h2>{links(repositories)}<h2>ZIP files</h2>{links(zips)}"
        f"<h2>Registry entries</h2>{links(entries)}"
    )


def repository(name: str, rest: str) -> Response | None:
    """The page of a repository (`rest` is empty), or an archive of one of its branches."""
    branches = REPOSITORIES.get(name.removesuffix(".git"))
    if branches is None:
        return None
    if not rest:
        packed = [f"/repos/{name}/archive/refs/heads/{branch}.zip" for branch in branches]
        return shown(name, f"<p>Branches:</p>{links(packed)}")
    for suffix, pack, kind in (
        (".zip", archives.zipped, ZIP),
        (".tar.gz", archives.tarred, TAR),
    ):
        reference = rest.removeprefix("archive/").removesuffix(suffix)
        branch = reference.removeprefix("refs/heads/")
        if reference == "HEAD":
            branch = next(iter(branches))
        if rest.startswith("archive/") and rest.endswith(suffix) and branch in branches:
            folder = f"{name.partition('/')[2]}-{branch.replace('/', '-')}"
            files = [File(f"{folder}/{f.name}", f.content) for f in written(branches[branch])]
            return Response(body=pack(files, PACKED_AT), content_type=kind)
    return None


def written(prompts: tuple[str, ...]) -> tuple[File, ...]:
    """The files that were written from these prompts."""
    return (*writer.generated(prompts), *components.default_files())


def zip_file(name: str) -> Response | None:
    """The default branch of a repository, packed without a folder around it."""
    for full, branches in REPOSITORIES.items():
        if full.partition("/")[2] == name:
            files = written(next(iter(branches.values())))
            return Response(body=archives.zipped(files, PACKED_AT), content_type=ZIP)
    return None


def entry(name: str, base_url: str) -> Response | None:
    """An entry of the registry: one component and its data, or all of them by reference."""
    if name == EVERYTHING:
        others = [f"{base_url}/registry/{section}.json" for section in COMPONENTS]
        return Response(body=dump(item(name, [], others)), content_type=JSON)
    if name not in COMPONENTS:
        return None
    data = components.data(compose((SHOP,)))
    files = [
        {"path": f"blocks/{name}.tsx", "content": COMPONENTS[name], "type": "registry:component"},
        {"path": "blocks/data.ts", "content": data, "type": "registry:lib"},
    ]
    return Response(body=dump(item(name, files, [])), content_type=JSON)


def item(name: str, files: list[dict[str, str]], others: list[str]) -> dict[str, Any]:
    """A registry item as shadcn's schema describes it."""
    return {
        "$schema": "https://ui.shadcn.com/schema/registry-item.json",
        "name": name,
        "type": "registry:block",
        "title": name.capitalize(),
        "description": f"A part of a page: {name}",
        "dependencies": ["react"],
        "registryDependencies": others,
        "files": files,
    }
