"""Changes to JSON values as v0 streams them: jsondiffpatch deltas, and an append form of its own.

https://github.com/benjamine/jsondiffpatch/blob/master/docs/deltas.md describes the former; the
latter is `[[i, j, …, "text"], 9, 9]`: follow the indexes, append to the first string met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import itemgetter
from typing import Any
from urllib.parse import unquote

HUNK = re.compile(r"@@ -(\d+),?(\d*) \+(\d+),?(\d*) @@")


class _Gone:
    """What a deletion leaves."""


GONE = _Gone()


class PatchFailed(ValueError):
    """The delta does not fit the value."""


def patched(value: Any, delta: Any) -> Any:
    """The value after the change, or PatchFailed.

    The given value stays as it was. It and the result share what is the same in both, and the
    result shares with the delta what that put in.
    """
    if delta is None:
        return value
    try:
        match delta:
            case [[*path, str() as text], 9, 9]:
                return _appended(value, path, text)
        result = _changed(value, delta)
    except PatchFailed:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        raise PatchFailed(f"the change does not fit: {type(error).__name__}") from None
    return None if result is GONE else result


def _changed(value: Any, delta: Any) -> Any:
    if isinstance(delta, Mapping):
        return _list(value, delta) if delta.get("_t") == "a" else _object(value, delta)
    match delta:
        case [new] | [_, new]:
            return new
        case [_, 0, 0]:
            return GONE
        case [str() as patch, 0, 2]:
            return _text(value, patch)
    raise PatchFailed("a kind of change that is not known")


def _object(value: Any, delta: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict):
        raise PatchFailed("a change of fields meets something else")
    fields = dict(value)
    for name, change in delta.items():
        result = _changed(fields.get(name, GONE), change)
        if result is GONE:
            fields.pop(name, None)
        else:
            fields[name] = result
    return fields


def _list(value: Any, delta: Mapping[str, Any]) -> Any:
    """Removals from the back, then insertions from the front, then changes: as jsondiffpatch."""
    if not isinstance(value, list):
        raise PatchFailed("a change of items meets something else")
    removed, inserted, changed = [], [], []
    for name, change in delta.items():
        if name == "_t":
            continue
        if name.startswith("_"):
            removed.append((_place(name[1:]), change))
        elif isinstance(change, list) and len(change) == 1:
            inserted.append((_place(name), change[0]))
        else:
            changed.append((_place(name), change))
    items = list(value)
    for place, change in sorted(removed, key=itemgetter(0), reverse=True):
        item = items.pop(place)
        if change[2] == 3:
            inserted.append((_place(change[1]), item))
        elif change[2] != 0:
            raise PatchFailed("an item can only be removed or moved")
    for place, item in sorted(inserted, key=itemgetter(0)):
        items.insert(place, item)
    for place, change in changed:
        result = _changed(items[place], change)
        items[place] = None if result is GONE else result
    return items


def _place(step: Any) -> int:
    """A place in a list; Python would count negative ones from the end."""
    place = int(step)
    if place < 0:
        raise PatchFailed("places in lists begin at 0")
    return place


def _appended(value: Any, path: list[Any], text: str) -> Any:
    if not path:
        if isinstance(value, str):
            return value + text
        raise PatchFailed("there is no text to append to")
    step, *rest = path
    holder: Any = value.copy()
    key = _place(step) if isinstance(holder, list) else str(step)
    part = holder[key]
    holder[key] = part + text if isinstance(part, str) else _appended(part, rest, text)
    return holder


def _text(value: Any, patch: str) -> str:
    """Apply a text patch of diff-match-patch, whose places count UTF-16 units."""
    if not isinstance(value, str):
        raise PatchFailed("a change of text meets something else")
    text = _units(value)
    for start, old, new in _hunks(patch):
        if start < 0 or not text.startswith(old, start):
            raise PatchFailed("the text to change is not where it should be")
        text = text[:start] + new + text[start + len(old) :]
    return text.decode("utf-16-le", "surrogatepass")


def _hunks(patch: str) -> list[tuple[int, bytes, bytes]]:
    """The place of each hunk in bytes, and what it takes away and puts there."""
    hunks: list[tuple[int, bytes, bytes]] = []
    for line in patch.split("\n"):
        if found := HUNK.fullmatch(line):
            # Places count from 1, save those of an empty range, which say after what.
            start = int(found[3]) - (found[4] != "0")
            hunks.append((start * 2, b"", b""))
        elif line:
            if not hunks or line[0] not in " +-":
                raise PatchFailed("a text patch that cannot be read")
            start, old, new = hunks[-1]
            part = _units(unquote(line[1:], errors="strict"))
            hunks[-1] = (
                start,
                old if line[0] == "+" else old + part,
                new if line[0] == "-" else new + part,
            )
    return hunks


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
