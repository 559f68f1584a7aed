"""Addresses outside the API: previews, screenshots, deployed pages, avatars, uploads, and what
chats can begin with. No key needed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from v0client.simulator import builds, connecting, generation, live, offers, writer
from v0client.simulator.exchange import HTML, Request, Response
from v0client.simulator.plain import plain_page
from v0client.simulator.preview import page_html
from v0client.simulator.records import Deployment, Project
from v0client.simulator.screenshot import avatar_svg, page_svg

if TYPE_CHECKING:
    from v0client.simulator.app import Simulator

SVG = "image/svg+xml"
NOTHING = (
    b"<!doctype html><meta charset=utf-8><title>Not found</title><p>There is nothing here.</p>"
)


def answer(simulator: Simulator, request: Request, now: float) -> Response:
    """The page at this address, or a plain 404."""
    kind, _, name = request.path.strip("/").partition("/")
    body, content_type = None, HTML
    if kind == "preview":
        body = preview(simulator, name, now)
    elif kind == "screenshot":
        body, content_type = screenshot(simulator, name, now), SVG
    elif kind == "deployed" and (deployment := simulator.store.deployments.get(name)):
        ready = deployment.created_at + deployment.duration <= now and not deployment.failed
        body = preview(simulator, deployment.version_id, now) if ready else None
    elif kind == "inspect" and (deployment := simulator.store.deployments.get(name)):
        body = inspector(deployment, now)
    elif kind in ("chat", "project"):
        body = landing(simulator, name)
    elif kind == "avatar":
        person = simulator.store.people.get(name.removesuffix(".svg"))
        body, content_type = (avatar_svg(person.name) if person else None), SVG
    elif kind == "live":
        return live.page(simulator.store, request, name, now)
    elif kind == "connect":
        body = connect(simulator, request, now)
    elif kind == "uploads" and (upload := simulator.store.uploads.get(name)):
        return Response(body=upload.content, content_type=upload.content_type)
    elif (offer := offers.answer(request.path, simulator.base_url)) is not None:
        return offer
    if body is None:
        return Response(status=404, body=NOTHING, content_type=HTML)
    return Response(body=body.encode(), content_type=content_type)


def connect(simulator: Simulator, request: Request, now: float) -> str | None:
    """The set-up of a connector; that somebody was here is not forgotten."""
    changed = connecting.visit(simulator.store, request, now)
    if changed and simulator.journal:
        simulator.journal.add(now, None, request)
    return connecting.page(simulator.store, request, now)


def inspector(deployment: Deployment, now: float) -> str:
    """State and log of a deployment."""
    shown = [line.text for at, _, line in builds.lines(deployment) if at <= now]
    log = escape("\n".join(shown))
    return plain_page(deployment.name, f"<p>{builds.state(deployment, now)}</p><pre>{log}</pre>")


def landing(simulator: Simulator, name: str) -> str | None:
    """Where `webUrl` leads; private things stay closed, because no key comes with the visit."""
    found = simulator.store.projects.get(name) or simulator.store.chats.get(name)
    if found is None:
        return None
    if found.privacy == "private":
        return plain_page("Private", "<p>Only those who may see it can open this.</p>")
    if isinstance(found, Project):
        return plain_page(found.name, f"<p>{escape(found.description or '')}</p>")
    links = [
        f'<li><a href="/preview/{v.id}">Version {i}</a>' for i, v in enumerate(found.versions, 1)
    ]
    return plain_page(found.name or "New chat", f"<ul>{''.join(links)}</ul>")


def preview(simulator: Simulator, version_id: str, now: float) -> str | None:
    version = simulator.store.versions.get(version_id)
    if version is None or generation.status(version, now) != "completed":
        return None
    return page_html(writer.page(version))


def screenshot(simulator: Simulator, name: str, now: float) -> str | None:
    version_id = name.removesuffix(".svg").removesuffix("-dark")
    version = simulator.store.versions.get(version_id)
    if version is None or generation.status(version, now) != "completed":
        return None
    return page_svg(writer.page(version), dark=name.endswith("-dark.svg"))
