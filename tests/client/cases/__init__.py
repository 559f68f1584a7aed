"""One case per operation, in a module per area; CASES has those of all modules."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.client.cases.case import Case as Case

AREAS = sorted(module.name for module in iter_modules(__path__) if module.name != "case")
CASES: list[Case] = [case for area in AREAS for case in import_module(f"{__name__}.{area}").CASES]
