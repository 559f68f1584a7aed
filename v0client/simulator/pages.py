"""Addresses outside the API: previews, screenshots, deployed pages, avatars. No key needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from v0client.simulator import generation, writer
from v0client.simulator.exchange import HTML, Request, Response
from v0client.simulator.preview import page_html
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
    elif kind == "avatar":
        person = simulator.store.people.get(name.removesuffix(".svg"))
        body, content_type = (avatar_svg(person.name) if person else None), SVG
    if body is None:
        return Response(status=404, body=NOTHING, content_type=HTML)
    return Response(body=body.encode(), content_type=content_type)


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
