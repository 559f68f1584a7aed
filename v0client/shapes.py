"""What all answers have in common: the base of every shape, times, and pages.

The shapes themselves live next to their operations, in v1/, v2/ and model_api/.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    TypeAdapter,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel

T = TypeVar("T")

Number = int | float


class Shape(BaseModel):
    """An answer, or a part of one. Fields that are not declared are kept in `model_extra`."""

    model_config = ConfigDict(
        extra="allow",
        alias_generator=to_camel,
        populate_by_name=True,
        protected_namespaces=(),
    )


def _moment(value: Any, parse: ValidatorFunctionWrapHandler) -> datetime:
    """ISO 8601, seconds or milliseconds since 1970, or an HTTP date; UTC where none is named."""
    try:
        moment: datetime = parse(value)
    except ValueError:
        if not isinstance(value, str):
            raise
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            moment = parse(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Almost every time is as it should be, and is then read without a call into Python.
Moment = Annotated[
    AwareDatetime | Annotated[datetime, WrapValidator(_moment)],
    Field(union_mode="left_to_right"),
]


class Other(Shape):
    """A part of a kind that is not known, or not of its declared form. All it carries is in
    `model_extra`; what is no object at all is there as `value`."""

    type: str = ""

    @model_validator(mode="before")
    @classmethod
    def _anything(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("type", ""), str):
            return value
        return value if isinstance(value, Other) else {"value": value}


class Pagination(Shape):
    """Where a cursor list goes on."""

    has_more: bool = False
    next_cursor: str | None = None
    next_url: str | None = None


class Page(Shape, Generic[T]):
    """One page of a list. Undeclared parts of the answer are in `model_extra`."""

    object: str = "list"
    data: list[T]
    pagination: Pagination | None = None
    _more: bool | None = PrivateAttr(None)  # offset lists: their answers do not say

    @property
    def next_cursor(self) -> str | None:
        """Where the list goes on, None at its end."""
        return self.pagination.next_cursor if self.pagination else None

    @property
    def has_more(self) -> bool:
        """Whether more follows; of an offset list, whether the page was full."""
        if self._more is not None:
            return self._more
        return self.pagination is not None and self.pagination.has_more


class Listing(Shape, Generic[T]):
    """A whole list in one answer."""

    object: str = "list"
    data: list[T]


class Deleted(Shape):
    """What is left of a deleted thing."""

    id: str
    object: str
    deleted: bool


_adapters: dict[Any, TypeAdapter[Any]] = {}


def adapter(shape: Any) -> TypeAdapter[Any]:
    """The validator of a shape, built once."""
    found = _adapters.get(shape)
    if found is None:
        found = _adapters[shape] = TypeAdapter(shape)
    return found
