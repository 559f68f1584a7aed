"""Addresses outside the API: previews, screenshots, deployed pages, avatars. No key needed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from v0client.simulator import builds, generation, writer
from v0client.simulator.exchange import HTML, Request, Response
from v0client.simulator.preview import page_html
from v0client.simulator.records import Deployment
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
        body = landing(simulator, kind, name)
    elif kind == "avatar":
        person = simulator.store.people.get(name.removesuffix(".svg"))
        body, content_type = (avatar_svg(person.name) if person else None), SVG
    if body is None:
        return Response(status=404, body=NOTHING, content_type=HTML)
    return Response(body=body.encode(), content_type=content_type)


def plain_page(title: str, inner: str) -> str:
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        "<meta name=color-scheme content='light dark'>"
        "<style>body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;"
        "padding:0 1rem}pre{white-space:pre-wrap}</style>"
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>{inner}</html>"
    )


def inspector(deployment: Deployment, now: float) -> str:
    """State and log of a deployment."""
    shown = [line.text for at, _, line in builds.lines(deployment) if at <= now]
    log = escape("\n".join(shown))
    return plain_page(deployment.name, f"<p>{builds.state(deployment, now)}</p><pre>{log}</pre>")


def landing(simulator: Simulator, kind: str, name: str) -> str | None:
    """Where `webUrl` leads; private things stay closed, because no key comes with the visit."""
    if kind == "project":
        project = simulator.store.projects.get(name)
        if project is None or project.privacy == "private":
            return None
        return plain_page(project.name, f"<p>{escape(project.description or '')}</p>")
    chat = simulator.store.chats.get(name)
    if chat is None or chat.privacy == "private":
        return None
    links = [
        f'<li><a href="/preview/{v.id}">Version {i}</a>' for i, v in enumerate(chat.versions, 1)
    ]
    return plain_page(chat.name or "New chat", f"<ul>{''.join(links)}</ul>")


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
