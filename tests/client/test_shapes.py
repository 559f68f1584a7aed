"""Answers: tolerant of what is new, exact about what is declared."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.client import samples
from tests.client.backend import Script, answered, ask
from v0client import V0, http
from v0client.v1.reports import AiUsagePage
from v0client.v1.user import LegacyBilling, OtherBilling, TokenBilling

MOMENT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def chat(**fields: Any) -> Any:
    """A chat as the client reads it."""
    script = Script(answered(samples.chat_detail(**fields)))
    return ask("blocking", script, lambda client: client.v1.chats.get_by_id("c1"))


def billing(body: Any) -> Any:
    return ask("blocking", Script(answered(body)), lambda client: client.v1.user.get_billing())


def test_unknown_fields_are_kept_at_every_depth() -> None:
    found = chat(mood="calm", messages=[samples.message(mood={"now": "calm"})])
    assert found.model_extra == {"mood": "calm"}
    assert found.messages[0].model_extra == {"mood": {"now": "calm"}}


def test_unknown_values_of_enums_are_accepted() -> None:
    found = chat(
        privacy="friends",
        modelConfiguration={"modelId": "v0-ultra"},
        latestVersion=samples.version_detail(status="paused"),
        messages=[samples.message(type="sang", role="system", finishReason="bored")],
    )
    assert found.privacy == "friends"
    assert found.model_configuration.model_id == "v0-ultra"
    assert found.latest_version.status == "paused"
    assert (found.messages[0].type, found.messages[0].role) == ("sang", "system")


def test_null_is_accepted_for_every_optional_field() -> None:
    found = chat(
        name=None, updatedAt=None, projectId=None, latestVersion=None, files=None, demo=None
    )
    assert (found.name, found.updated_at, found.latest_version) == (None, None, None)


def test_the_experimental_content_is_handed_on_as_it_is() -> None:
    content = [[0, [["p", {}, "Hello"]]], [1, [{"parts": [{"type": "task-coding-v1"}]}]]]
    found = chat(messages=[samples.message(experimental_content=content)])
    assert found.messages[0].experimental_content == content


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.000Z",
        "2026-03-01T11:00:00+01:00",
        "2026-03-01T10:00:00",
        "2026-03-01 10:00:00",
        "Sun, 01 Mar 2026 10:00:00 GMT",
        1772359200,
        1772359200000,
        "1772359200000",
    ],
)
def test_times_are_read_in_every_form_and_have_a_zone(text: Any) -> None:
    assert chat(createdAt=text).created_at == MOMENT
    assert chat(createdAt=text).created_at.tzinfo is not None


def test_billing_by_tokens_has_exact_money_and_times() -> None:
    found = billing(samples.token_billing())
    assert isinstance(found, TokenBilling)
    assert found.data.balance.remaining == Decimal("12.34")
    assert found.data.on_demand.blocks[0].current_balance == Decimal("5.5")
    assert found.data.on_demand.blocks[0].expiration_date is None
    assert found.data.billing_cycle.start == datetime(2026, 3, 1, tzinfo=UTC)


def test_other_kinds_of_billing_are_told_apart() -> None:
    legacy = billing({"billingType": "legacy", "data": {"limit": 50, "remaining": 7}})
    assert isinstance(legacy, LegacyBilling)
    assert (legacy.data.limit, legacy.data.remaining) == (50, 7)
    other = billing({"billingType": "barter", "data": {"goats": 2}})
    assert isinstance(other, OtherBilling)
    assert other.data == {"goats": 2}


@pytest.mark.parametrize(
    ("reset", "moment"), [(1772359200000, MOMENT), (1772359200, MOMENT), (3600, None), (None, None)]
)
def test_the_rate_limits_reset_is_a_time_where_it_can_be_one(reset: Any, moment: Any) -> None:
    body = {
        "limit": 10,
        "reset": reset,
        "dailyLimit": {
            "limit": 5,
            "remaining": 2,
            "reset": 1772359200000,
            "isWithinGracePeriod": True,
        },
    }
    found = ask("blocking", Script(answered(body)), lambda client: client.v1.rate_limits.find())
    assert found.resets_at == moment
    assert found.reset == reset
    assert found.daily_limit.reset == MOMENT
    assert found.daily_limit.is_within_grace_period


def test_an_answer_can_be_written_back_as_it_came() -> None:
    body = samples.chat_detail(mood="calm")
    found = chat(mood="calm")
    written = found.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert {name: written[name] for name in ("webUrl", "mood", "authorId")} == {
        name: body[name] for name in ("webUrl", "mood", "authorId")
    }


def test_costs_in_a_report_are_exact() -> None:
    body = samples.listed(
        samples.usage_event(promptCost="0.1", type="goats", user=samples.account()),
        pagination={"hasMore": False},
        meta={"totalCount": 1},
    )
    (found,) = ask("blocking", Script(answered(body)), lambda client: client.v1.reports.get_usage())
    assert (found.prompt_cost, found.total_cost) == (Decimal("0.1"), Decimal("0.123456"))
    assert (found.completion_cost, found.type) == (None, "goats")
    assert found.user.email == "ada@example.com"


def test_tokens_that_are_kept_for_an_hour_are_counted() -> None:
    body = samples.listed(
        samples.ai_usage_event(cacheCreationInputTokens1h=7),
        pagination={"nextCursor": None},
        dateRange={"start": None, "end": samples.TIME},
    )
    with V0("key", transport=http.MockTransport(Script(answered(body)))) as client:
        page = client.v1.reports.get_ai_usage().first()
    assert page.data[0].cache_creation_input_tokens_1h == 7
    assert isinstance(page, AiUsagePage)
    assert (page.has_more, page.date_range.start, page.date_range.end) == (False, None, MOMENT)


def test_a_person_without_a_role_is_reported_too() -> None:
    script = Script(answered(samples.user_activity()))
    found = ask("blocking", script, lambda client: client.v1.reports.get_user_activity())
    assert (found.data[0].user.team_v0_role, found.data[0].last_activity) == (None, None)
    assert found.meta.total_count == 1


def test_early_answers_may_lack_anything_and_show_no_token() -> None:
    metadata = ask("blocking", Script(answered({})), lambda c: c.v1.chats.get_metadata("c1"))
    assert (metadata.git, metadata.deployment, metadata.project) == (None, None, None)
    token = ask(
        "blocking",
        Script(answered({"token": "opens-the-frame"})),
        lambda client: client.v1.chats.get_version_frame_token("c1", "b1"),
    )
    assert token.token == "opens-the-frame"
    assert "opens" not in repr(token)
