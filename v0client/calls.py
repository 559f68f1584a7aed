"""What one API operation is, without any I/O.

A resource's method builds a Call; the descriptors below turn it into a plain function on V0 and
into a coroutine function on AsyncV0, so each operation is written once and typed on both.
"""

from __future__ import annotations

import enum
import functools
import inspect
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import (
    IO,
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    Generic,
    ParamSpec,
    TypeVar,
    get_type_hints,
    overload,
)
from urllib.parse import quote, urlencode

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from v0client.errors import InvalidRequest
from v0client.shapes import Page

if TYPE_CHECKING:
    from v0client.downloads import AsyncDownload, Download
    from v0client.paging import AsyncPages, Pages, Steps
    from v0client.streams import AsyncStream, State, Stream

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound="State")
C = TypeVar("C", bound="Call[Any]")
M = TypeVar("M")  # Sync or Async: which of the two clients a resource belongs to


class Sync:
    """Marks a resource of V0."""


class Async:
    """Marks a resource of AsyncV0."""


class Null(enum.Enum):
    """The type of NULL."""

    NULL = "null"


NULL = Null.NULL
"""Says null where the API takes null; None leaves a field out."""

# What lies under these names belongs to the caller, so its keys are sent as they are.
OPAQUE = frozenset({"metadata", "input", "headers"})


def wire(value: Any) -> Any:
    """A value as JSON data with the API's field names."""
    if value is NULL:
        return None
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return {
            to_camel(key): value[key] if key in OPAQUE and value[key] is not NULL else wire(part)
            for key, part in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [wire(part) for part in value]
    return value


def given(**fields: Any) -> dict[str, Any]:
    """The fields that were given: None leaves one out."""
    return {name: value for name, value in fields.items() if value is not None}


def typed(kind: Any, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields. Python does not compare keywords with a TypedDict at run time; this does."""
    unknown = fields.keys() - get_type_hints(kind).keys()
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
    return fields


def query_text(value: Any) -> str:
    """A value as it stands in a query. Moments are written in UTC with a Z: v0 declares no other
    form. One without a zone is taken as local time, as everywhere in Python."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is sent as the multipart field `file`: a path, or an open binary file."""

    file: str | os.PathLike[str] | IO[bytes]
    name: str | None = None

    def opened(self, until: ExitStack) -> tuple[str, IO[bytes]]:
        """The file's name, and its content. A file that was given open stays open."""
        if isinstance(self.file, str | os.PathLike):
            path = Path(self.file)
            return self.name or path.name, until.enter_context(path.open("rb"))
        return self.name or Path(str(getattr(self.file, "name", "file"))).name, self.file


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request to be made, and the shape of its answer."""

    method: str
    template: str
    returns: type[T]
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)  # may hold secrets
    slow: bool = False  # v0 may think for minutes before it answers
    as_is: bool = False  # the body has the API's field names already
    upload: Upload | None = field(default=None, repr=False)  # a file in place of a body
    operation: str = ""

    def path(self) -> str:
        """The template with each id quoted; an empty id or dots would address something else."""
        for name, value in self.ids.items():
            if not isinstance(value, str) or value in ("", ".", ".."):
                raise InvalidRequest(
                    f"{name} must be an id, not {value!r}", operation=self.operation
                )
        return self.template.format(**{n: quote(v, safe="") for n, v in self.ids.items()})

    def target(self) -> str:
        """The path with the query."""
        parts: dict[str, str] = {}
        for name, value in self.query.items():
            if isinstance(value, Mapping):
                parts |= {f"{to_camel(name)}[{key}]": inner for key, inner in value.items()}
            elif value is not None:
                parts[to_camel(name)] = query_text(value)
        try:
            return f"{self.path()}?{urlencode(parts)}" if parts else self.path()
        except UnicodeEncodeError:
            reason = "a lone surrogate cannot stand in an address"
            raise InvalidRequest(reason, operation=self.operation) from None

    def content(self) -> bytes | None:
        """The body in JSON."""
        if self.body is None:
            return None
        try:
            body = self.body if self.as_is else wire(self.body)
            text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return text.encode()
        except (TypeError, ValueError) as error:
            reason = f"the body cannot be written as JSON: {type(error).__name__}"
            raise InvalidRequest(reason, operation=self.operation) from None


@dataclass(frozen=True, slots=True)
class PagedCall(Call[Page[T]], Generic[T]):
    """A call for the first page of a list; `plan` knows how the list goes on."""

    plan: Callable[[PagedCall[T]], Steps[T]] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class StreamCall(Call[T], Generic[T, S]):
    """A call that is answered by events; `state` makes what they add up to."""

    state: Callable[[], S] = field(kw_only=True)


class Resource(Generic[M]):
    """A group of operations. `_name` is the group's name in operation names."""

    _name: ClassVar[str]

    def __init__(self, connection: Any) -> None:
        self._connection = connection


class Declared(Generic[P, C]):
    """An operation as written in a resource: a method that builds a call."""

    carried_out_by: ClassVar[str]

    def __init__(self, build: Callable[Concatenate[Any, P], C]) -> None:
        self.build = build
        self.attribute = build.__name__
        self.__doc__ = build.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name

    def bind(self, resource: Resource[Any]) -> Any:
        """The function that makes the call and hands it to the resource's connection."""
        carry_out = getattr(resource._connection, self.carried_out_by)
        operation_name = f"{resource._name}.{self.attribute}"

        @functools.wraps(self.build)
        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return carry_out(
                replace(self.build(resource, *args, **kwargs), operation=operation_name)
            )

        parameters = list(inspect.signature(self.build).parameters.values())[1:]
        call.__dict__["__signature__"] = inspect.Signature(parameters)
        # The next access finds the function in the instance and skips this descriptor.
        resource.__dict__[self.attribute] = call
        return call


class operation(Declared[P, Call[T]], Generic[P, T]):
    """One request, one typed answer."""

    carried_out_by = "send"

    @overload
    def __get__(self, resource: None, owner: Any = None) -> operation[P, T]: ...
    @overload
    def __get__(self, resource: Resource[Sync], owner: Any = None) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, resource: Resource[Async], owner: Any = None
    ) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, resource: Resource[Any] | None, owner: Any = None) -> Any:
        return self if resource is None else self.bind(resource)


class pages(Declared[P, PagedCall[T]], Generic[P, T]):
    """A list over several requests."""

    carried_out_by = "pages"

    @overload
    def __get__(self, resource: None, owner: Any = None) -> pages[P, T]: ...
    @overload
    def __get__(self, resource: Resource[Sync], owner: Any = None) -> Callable[P, Pages[T]]: ...
    @overload
    def __get__(
        self, resource: Resource[Async], owner: Any = None
    ) -> Callable[P, AsyncPages[T]]: ...
    def __get__(self, resource: Resource[Any] | None, owner: Any = None) -> Any:
        return self if resource is None else self.bind(resource)


class stream(Declared[P, StreamCall[T, S]], Generic[P, T, S]):
    """Server-sent events, inside a `with` block."""

    carried_out_by = "stream"

    @overload
    def __get__(self, resource: None, owner: Any = None) -> stream[P, T, S]: ...
    @overload
    def __get__(self, resource: Resource[Sync], owner: Any = None) -> Callable[P, Stream[T, S]]: ...
    @overload
    def __get__(
        self, resource: Resource[Async], owner: Any = None
    ) -> Callable[P, AsyncStream[T, S]]: ...
    def __get__(self, resource: Resource[Any] | None, owner: Any = None) -> Any:
        return self if resource is None else self.bind(resource)


class download(Declared[P, Call[bytes]], Generic[P]):
    """A file in chunks, inside a `with` block."""

    carried_out_by = "download"

    @overload
    def __get__(self, resource: None, owner: Any = None) -> download[P]: ...
    @overload
    def __get__(self, resource: Resource[Sync], owner: Any = None) -> Callable[P, Download]: ...
    @overload
    def __get__(
        self, resource: Resource[Async], owner: Any = None
    ) -> Callable[P, AsyncDownload]: ...
    def __get__(self, resource: Resource[Any] | None, owner: Any = None) -> Any:
        return self if resource is None else self.bind(resource)
