"""Finds the handler of a method and path: one dictionary step per path segment."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from v0client.simulator.exchange import Handler, Refusal, Routes

PARAMETER = "{}"
HANDLERS = ""


class Router:
    """A tree of segments; literal segments win over parameters."""

    def __init__(self, routes: Routes) -> None:
        self.root: dict[str, Any] = {}
        self.templates: list[tuple[str, str]] = list(routes)
        for (method, template), handler in routes.items():
            self._add(method, template, handler)

    def _add(self, method: str, template: str, handler: Handler) -> None:
        node, names = self.root, []
        for segment in template.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                segment = PARAMETER
            node = node.setdefault(segment, {})
        node.setdefault(HANDLERS, {})[method] = (handler, tuple(names), template)

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str], str]:
        """The handler, the ids in the path, and the template that matched."""
        node, values = self.root, []
        for segment in path.strip("/").split("/"):
            step = node.get(segment) if segment not in (HANDLERS, PARAMETER) else None
            if step is None:
                step = node.get(PARAMETER)
                values.append(unquote(segment))
            if step is None:
                raise Refusal(404, "Not found")
            node = step
        methods = node.get(HANDLERS)
        if not methods:
            raise Refusal(404, "Not found")
        if method not in methods:
            raise Refusal(405, "Method not allowed", {"allow": ", ".join(sorted(methods))})
        handler, names, template = methods[method]
        return handler, dict(zip(names, values, strict=True)), template
