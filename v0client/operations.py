"""Every operation of the client, read off the code: `python -m v0client.operations` prints what
operations.txt holds."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from v0client.calls import Declared, Resource, download, pages, stream
from v0client.client import V0

MANY = {stream: "events of ", pages: "pages of ", download: "a file"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `name` is such as v2.chats.list, `path` such as /v2/chats/{chat_id}."""

    name: str
    method: str
    path: str
    signature: str
    returns: str
    declared: Declared[Any, Any]

    def __str__(self) -> str:
        return f"{self.name}{self.signature} -> {self.returns}\n    {self.method} {self.path}"


def operations() -> list[Operation]:
    """All operations, as they stand in the code, by name."""
    with V0("key") as client:
        generations = {name: part for name, part in vars(client).items() if name[0] != "_"}
        found = [
            described(f"{name}.{attribute}", resource, declared)
            for generation, part in generations.items()
            for name, resource in groups(generation, part)
            for attribute, declared in declared_in(resource)
        ]
    return sorted(found, key=lambda operation: operation.name)


def groups(name: str, part: Any) -> Iterator[tuple[str, Any]]:
    """A group of operations, and the groups inside it, by name."""
    if isinstance(part, Resource):
        yield name, part
    for inner, value in vars(part).items():
        if not inner.startswith("_") and hasattr(value, "__dict__"):
            yield from groups(f"{name}.{inner}", value)


def declared_in(resource: Any) -> Iterator[tuple[str, Declared[Any, Any]]]:
    """The operations of one group."""
    for name in dir(type(resource)):
        found = inspect.getattr_static(type(resource), name)
        if isinstance(found, Declared):
            yield name, found


def described(name: str, resource: Any, declared: Declared[Any, Any]) -> Operation:
    """An operation with the request it makes; texts stand in for what it must be given."""
    signature = inspect.signature(declared.build)
    parameters = list(signature.parameters.values())[1:]
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    stand_ins = {parameter.name: "{" + parameter.name + "}" for parameter in needed}
    call = declared.build(resource, **stand_ins)
    returns = re.sub(r"^\w+\[(.*)\]$", r"\1", str(signature.return_annotation))
    if isinstance(declared, stream):
        returns = returns.split(", ")[0]
    prefix = next((text for kind, text in MANY.items() if isinstance(declared, kind)), "")
    shown = str(inspect.Signature(parameters)).replace("'", "")
    return Operation(
        name=name,
        method=call.method,
        path=f"/{call.template}",
        signature=shown,
        returns=prefix if isinstance(declared, download) else prefix + returns,
        declared=declared,
    )


if __name__ == "__main__":
    print("\n".join(str(operation) for operation in operations()))
