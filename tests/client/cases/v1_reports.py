"""Cases of v1's reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from tests.client import samples
from tests.client.cases.case import Case
from v0client.v1 import reports

START = datetime(2026, 3, 1, 11, tzinfo=timezone(timedelta(hours=1)))
END = datetime(2026, 4, 1, tzinfo=UTC)

CASES = [
    Case(
        "v1.reports.get_usage",
        lambda client: client.v1.reports.get_usage(
            start_date=START,
            end_date=END,
            chat_id="c1",
            message_id="m1",
            user_id="u1",
            limit=150,
            cursor="YQ==",
        ),
        "GET /v1/reports/usage",
        samples.listed(
            samples.usage_event(), pagination={"hasMore": False}, meta={"totalCount": 1}
        ),
        [reports.UsageEvent],
        {
            "startDate": "2026-03-01T10:00:00Z",
            "endDate": "2026-04-01T00:00:00Z",
            "chatId": "c1",
            "messageId": "m1",
            "userId": "u1",
            "limit": "150",
            "cursor": "YQ==",
        },
    ),
    Case(
        "v1.reports.get_ai_usage",
        lambda client: client.v1.reports.get_ai_usage(
            start=START, end="2026-04-01T00:00:00Z", limit=5000, cursor="a"
        ),
        "GET /v1/reports/usage/ai",
        samples.listed(
            samples.ai_usage_event(),
            pagination={"nextCursor": None},
            dateRange={"start": samples.TIME, "end": None},
        ),
        [reports.AiUsageEvent],
        {
            "start": "2026-03-01T10:00:00Z",
            "end": "2026-04-01T00:00:00Z",
            "limit": "5000",
            "cursor": "a",
        },
    ),
    Case(
        "v1.reports.get_user_activity",
        lambda client: client.v1.reports.get_user_activity(start_date=START, end_date=END),
        "GET /v1/reports/user-activity",
        samples.user_activity(),
        reports.UserActivityReport,
        {"startDate": "2026-03-01T10:00:00Z", "endDate": "2026-04-01T00:00:00Z"},
    ),
]
