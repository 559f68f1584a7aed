"""What was used: credits by day, single events, and who was active in which chats.

Owners and billing members of a team are told about the whole team, others about themselves.
v2 tells no balance, plan or limit. `start` (included) and `end` (not) are moments with a zone, or
texts in ISO 8601.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from v0client.calls import Call, M, PagedCall, Resource, given, operation, pages
from v0client.paging import cursor_pages
from v0client.shapes import Moment, Page, Pagination, Shape
from v0client.v2.amounts import CreditCosts, TokenCounts

When = datetime.datetime | str


class Range(Shape):
    """The time that is told about: from `start`, up to but without `end`."""

    start: Moment
    end: Moment


class BillingScope(Shape):
    """Whose usage it is. `type`: team or personal. `user_id` says for whom it was filtered."""

    id: str
    type: str
    is_team_wide: bool
    user_id: str | None = None


class Credits(Shape):
    """Credits that were used: of the plan, of those bought besides, and both together."""

    plan: Decimal
    on_demand: Decimal
    total: Decimal


class DailyCredits(Shape):
    """The credits of one day in UTC."""

    date: datetime.date
    credits: Credits


class UsageSummary(Shape):
    """Credits in a range, in sum and by day, oldest first; `data_as_of` is when it was counted."""

    object: str = "usage_summary"
    range: Range
    scope: BillingScope
    credits: Credits
    daily: list[DailyCredits]
    data_as_of: Moment | None = None


class EventCosts(CreditCosts):
    """The credits of an event; `charged` is what is left of `total` after a waiver."""

    charged: Decimal


class UsageEvent(Shape):
    """One use of v0. `sources`: plan, on-demand. `tokens` is None where they are not known."""

    id: str
    object: str = "usage_event"
    type: str
    created_at: Moment
    user_id: str | None = None
    chat_id: str | None = None
    message_id: str | None = None
    model: str | None = None
    sources: list[str]
    waived: bool
    tokens: TokenCounts | None
    credits_cost: EventCosts


class UsagePagination(Pagination):
    """Where the list of events goes on."""

    cursor: str | None = None


class UsageEventPage(Page[UsageEvent]):
    """One page of events; it may hold fewer than `limit`, as v0 joins records."""

    range: Range
    scope: BillingScope
    pagination: UsagePagination

    @property
    def next_cursor(self) -> str | None:
        """Where the list goes on, None at its end."""
        return self.pagination.cursor


class ActivitySummary(Shape):
    """How much was done: messages are those of the agent."""

    active_users: int
    active_days: int
    chat_count: int
    message_count: int


class ProjectActivity(Shape):
    """What was done in a Vercel project. `kind`: project, drafts (chats without one) or
    unavailable."""

    kind: str
    vercel_project_id: str | None
    name: str
    chat_count: int
    message_count: int
    active_days: int
    first_activity: Moment
    last_activity: Moment


class ChatActivity(Shape):
    """What was done in a chat. `kind`: chat or unavailable."""

    kind: str
    chat_id: str
    title: str
    vercel_project_id: str | None
    project_name: str | None
    message_count: int
    active_days: int
    first_activity: Moment
    last_activity: Moment


class UsageActivity(Shape):
    """Activity in a range: in sum, by project and by chat."""

    object: str = "usage_activity"
    range: Range
    scope: BillingScope
    summary: ActivitySummary
    projects: list[ProjectActivity]
    chats: list[ChatActivity]


class UsageReports(Resource[M]):
    """`client.v2.usage`."""

    _name = "v2.usage"

    @operation
    def get_summary(
        self, *, start: When | None = None, end: When | None = None, user_id: str | None = None
    ) -> Call[UsageSummary]:
        """Credits in sum and by day, of one person if `user_id` names one, and of the last 7 days
        if no range is given."""
        query = given(start=start, end=end, user_id=user_id)
        return Call("GET", "v2/usage/summary", UsageSummary, query=query)

    @pages
    def list_events(
        self,
        *,
        start: When | None = None,
        end: When | None = None,
        user_id: str | None = None,
        chat_id: str | None = None,
        message_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PagedCall[UsageEvent]:
        """Every use of v0. `limit` is per page: 1 to 100, 50 if not given.

        A cursor keeps the range and the filters that it was made with.
        """
        query = given(
            start=start,
            end=end,
            user_id=user_id,
            chat_id=chat_id,
            message_id=message_id,
            limit=limit,
            cursor=cursor,
        )
        return PagedCall("GET", "v2/usage/events", UsageEventPage, {}, query, plan=cursor_pages)

    @operation
    def get_activity(
        self, *, start: When | None = None, end: When | None = None, user_id: str | None = None
    ) -> Call[UsageActivity]:
        """Who did how much in which projects and chats, of one person if `user_id` names one."""
        query = given(start=start, end=end, user_id=user_id)
        return Call("GET", "v2/usage/activity", UsageActivity, query=query)
