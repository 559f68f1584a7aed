"""Every public name of the client says what it is."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

import v0client

MODULES = [
    import_module(found.name)
    for found in pkgutil.walk_packages(v0client.__path__, "v0client.")
    if not found.name.startswith("v0client.simulator")
]


def own_words(thing: Any) -> str:
    """Its docstring; not the signature that a dataclass without one is given."""
    words = vars(thing).get("__doc__") if isinstance(thing, type) else thing.__doc__
    generated = isinstance(thing, type) and (words or "").startswith(f"{thing.__name__}(")
    return "" if generated else words or ""


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Classes and functions, methods and properties, by name."""
    for name, thing in vars(module).items():
        # pydantic puts list[Item] among the names of a module, too.
        if getattr(thing, "__module__", "") != module.__name__ or not name.isidentifier():
            continue
        if not name.startswith("_") and (inspect.isfunction(thing) or isinstance(thing, type)):
            yield name, thing
            yield from members(thing)


def members(thing: Any) -> Iterator[tuple[str, Any]]:
    """Methods and properties. What stands in for a library's method is explained there."""
    bases = [base for base in getattr(thing, "__mro__", ())[1:] if base.__module__ != "builtins"]
    libraries = [base for base in bases if not base.__module__.startswith("v0client")]
    for name, member in vars(thing).items():
        is_code = inspect.isfunction(member) or isinstance(member, property | classmethod)
        if is_code and not name.startswith("_") and not any(name in vars(b) for b in libraries):
            yield f"{thing.__name__}.{name}", member


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_name_is_documented(module: ModuleType) -> None:
    assert module.__doc__
    assert [name for name, thing in public(module) if not own_words(thing)] == []
