"""What was used: entries of the ledger, tokens of models, and who was active.

`start…` is included. Moments have a zone, or are texts in ISO 8601.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from v0client.calls import Call, M, PagedCall, Resource, given, operation, pages
from v0client.paging import cursor_pages
from v0client.shapes import Listing, Moment, Page, Pagination, Shape
from v0client.v1.user import Account

When = datetime | str


class UsageEvent(Shape):
    """An entry of the ledger. Costs are exact; v0 does not name their unit.

    Known types: image_generation, message, manual_debit, api_request, inline-edit, buy-template,
    reverse_template_sale, refund_template_purchase.
    """

    id: str
    object: str = "usage_event"
    type: str | None = None
    prompt_cost: Decimal | None = None
    completion_cost: Decimal | None = None
    total_cost: Decimal
    chat_id: str | None = None
    message_id: str | None = None
    user_id: str | None = None  # deprecated by v0
    user: Account | None = None
    created_at: Moment


class UsageMeta(Shape):
    """`total_count` is how many events this page has; it says nothing of the others."""

    total_count: int


class UsagePage(Page[UsageEvent]):
    """One page of events, which may be empty while more follow. Within a page they are in order,
    from page to page they need not be."""

    pagination: Pagination
    meta: UsageMeta


class AiUsageEvent(Shape):
    """One call of a model, counted in tokens."""

    event_id: str
    model_id: str
    input_tokens: int
    output_tokens: int
    total_tokens: int
    cache_creation_input_tokens: int
    cache_creation_input_tokens_1h: int = Field(default=0, alias="cacheCreationInputTokens1h")
    cache_read_input_tokens: int
    timestamp: Moment
    request_id: str
    use_case: str
    chat_id: str
    message_id: str
    user_id: str
    user_email: str


class DateRange(Shape):
    """The time that is told about: from `start`, up to but without `end`. None has no limit."""

    start: Moment | None
    end: Moment | None


class AiUsagePage(Page[AiUsageEvent]):
    """One page of calls."""

    pagination: Pagination
    date_range: DateRange

    @property
    def has_more(self) -> bool:
        """Whether more follows: this list tells it by its cursor alone."""
        return self.next_cursor is not None


class ActiveUser(Account):
    """A person of the team. Known roles: V0Builder, V0Chatter, V0Viewer; None has none."""

    team_v0_role: str | None


class UserActivity(Shape):
    """What a person did in the range; None where there was nothing."""

    id: str
    object: str = "user_activity"
    user: ActiveUser
    chat_count: int
    message_count: int
    active_days: int
    first_activity: Moment | None
    last_activity: Moment | None


class ActivityMeta(Shape):
    """How many people are told about, and which time."""

    total_count: int
    date_range: DateRange


class UserActivityReport(Listing[UserActivity]):
    """Who was active how much."""

    meta: ActivityMeta


class Reports(Resource[M]):
    """`client.v1.reports`."""

    _name = "v1.reports"

    @pages
    def get_usage(
        self,
        *,
        start_date: When | None = None,
        end_date: When | None = None,
        chat_id: str | None = None,
        message_id: str | None = None,
        user_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PagedCall[UsageEvent]:
        """The ledger: what the person spent, or all of the team if the key may see that.

        `limit`, 1 to 150 and 20 if not given, is how many entries v0 looks at for a page. The
        pages are UsagePage.
        """
        query = given(
            start_date=start_date,
            end_date=end_date,
            chat_id=chat_id,
            message_id=message_id,
            user_id=user_id,
            limit=limit,
            cursor=cursor,
        )
        return PagedCall("GET", "v1/reports/usage", UsagePage, {}, query, plan=cursor_pages)

    @pages
    def get_ai_usage(
        self,
        *,
        start: When | None = None,
        end: When | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PagedCall[AiUsageEvent]:
        """Every call of a model, before `end`. `limit` is per page: 1 to 5,000, 1,000 if not
        given. The pages are AiUsagePage."""
        query = given(start=start, end=end, cursor=cursor, limit=limit)
        return PagedCall("GET", "v1/reports/usage/ai", AiUsagePage, {}, query, plan=cursor_pages)

    @operation
    def get_user_activity(
        self, *, start_date: When | None = None, end_date: When | None = None
    ) -> Call[UserActivityReport]:
        """Who was active how much before `end_date`: for enterprise teams, and the roles OWNER
        and BILLING."""
        query = given(start_date=start_date, end_date=end_date)
        return Call("GET", "v1/reports/user-activity", UserActivityReport, query=query)
