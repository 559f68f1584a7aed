"""From v1's shapes to records: missing becomes empty, nothing is judged. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from dashboard.upstream import asks
from dashboard.upstream.records import (
    AccountRecord,
    AskRecord,
    ChatListing,
    ChatRecord,
    DeploymentErrorRecord,
    DeploymentRecord,
    FileRecord,
    LineRecord,
    MessageRecord,
    MoneyRecord,
    ProjectListing,
    ProjectRecord,
    VersionRecord,
)
from v0client.v1.chats import ChatDetail, ChatSummary
from v0client.v1.deployments import Deployment, Failure, LogLine
from v0client.v1.messages import MessageSummary
from v0client.v1.projects import ProjectDetail, ProjectSummary
from v0client.v1.rate_limits import RateLimit
from v0client.v1.user import Account, LegacyBilling, Plan, Scope, TokenBilling
from v0client.v1.versions import File, VersionDetail, VersionSummary

# v0 does not say in which unit a reset is. No second since 1970 is this large, and no
# millisecond of this century so small.
MILLISECONDS_FROM = 10**11
EARLIEST_SECONDS = 10**9
DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,(?P<base64>[A-Za-z0-9+/]*={0,2})")


def account(user: Account, scopes: Sequence[Scope]) -> AccountRecord:
    return AccountRecord(
        id=user.id,
        name=user.name or "",
        email=user.email,
        avatar_url=user.avatar,
        scopes=tuple({"id": scope.id, "name": scope.name or ""} for scope in scopes),
    )


def version(shape: VersionSummary) -> VersionRecord:
    return VersionRecord(
        id=shape.id,
        status=shape.status,
        created_at=shape.created_at,
        updated_at=shape.updated_at,
        demo_url=shape.demo_url or "",
        screenshot_url=shape.screenshot_url or "",
        dark_screenshot_url=shape.dark_screenshot_url or "",
    )


def files(shape: VersionDetail) -> tuple[FileRecord, ...]:
    return tuple(file(one) for one in shape.files)


def file(shape: File) -> FileRecord:
    """v1 gives what is no text as a data: address."""
    data = DATA.fullmatch(shape.content)
    if data is None:
        return FileRecord(shape.name, shape.content, shape.locked)
    return FileRecord(shape.name, data["base64"], shape.locked, "base64")


def listed(shape: ChatSummary) -> dict[str, Any]:
    """The fields that a chat has in a list and in its detail."""
    return {
        "id": shape.id,
        "name": shape.name or shape.title or "",
        "privacy": shape.privacy,
        "favorite": shape.favorite,
        "author_id": shape.author_id,
        "project_id": shape.project_id or "",
        "vercel_project_id": shape.vercel_project_id or "",
        "web_url": shape.web_url,
        "created_at": shape.created_at,
        "updated_at": shape.updated_at,
        "latest": version(shape.latest_version) if shape.latest_version else None,
    }


def chat_listing(shape: ChatSummary) -> ChatListing:
    return ChatListing(**listed(shape))


def chat(shape: ChatDetail) -> ChatRecord:
    model = shape.model_configuration
    return ChatRecord(
        **listed(shape),
        messages=tuple(message(one) for one in shape.messages),
        latest_files=files(shape.latest_version) if shape.latest_version else None,
        ask=ask(shape.messages[-1]) if shape.messages else None,
        can_write=shape.permissions.write,
        model_id=(model.model_id if model else None) or "",
        metadata=shape.metadata,
    )


def message(shape: MessageSummary) -> MessageRecord:
    return MessageRecord(
        id=shape.id,
        role=shape.role,
        kind=shape.type,
        content=shape.content,
        created_at=shape.created_at,
        updated_at=shape.updated_at,
        parts=shape.experimental_content or [],
        attachments=[
            one.model_dump(mode="json", by_alias=True, exclude_unset=True)
            for one in shape.attachments or ()
        ],
        finish_reason=shape.finish_reason or "",
        author_id=shape.author_id or "",
    )


def ask(message: MessageSummary) -> AskRecord | None:
    """What the agent waits for, if this newest message ends with it."""
    task = message.open_task if message.finish_reason is not None else None
    if task is None:
        return None
    return asks.record(message.id, task, message.updated_at or message.created_at)


def project_fields(shape: ProjectSummary) -> dict[str, Any]:
    return {
        "id": shape.id,
        "name": shape.name,
        "privacy": shape.privacy,
        "vercel_project_id": shape.vercel_project_id or "",
        "web_url": shape.web_url,
        "created_at": shape.created_at,
        "updated_at": shape.updated_at,
    }


def project_listing(shape: ProjectSummary) -> ProjectListing:
    return ProjectListing(**project_fields(shape))


def project(shape: ProjectDetail) -> ProjectRecord:
    return ProjectRecord(
        **project_fields(shape),
        description=shape.description or "",
        instructions=shape.instructions or "",
        chat_ids=tuple(chat.id for chat in shape.chats),
    )


def deployment(shape: Deployment) -> DeploymentRecord:
    return DeploymentRecord(
        id=shape.id,
        chat_id=shape.chat_id,
        version_id=shape.version_id,
        project_id=shape.project_id or "",
        web_url=shape.web_url,
        inspector_url=shape.inspector_url,
    )


def line(shape: LogLine) -> LineRecord:
    return LineRecord(shape.id, shape.created_at, shape.text, shape.type, shape.level)


def failure(shape: Failure) -> DeploymentErrorRecord:
    return DeploymentErrorRecord(
        kind=shape.error_type or "",
        text=shape.full_error_text or "",
        summary=shape.formatted_error or "",
    )


def money(billing: Any, plan: Plan | None, limit: RateLimit | None) -> MoneyRecord:
    """One record of three answers, each of which a key may lack."""
    told: dict[str, Any] = {}
    if plan is not None:
        told |= plan_fields(plan)
    if billing is not None:
        told |= billing_fields(billing)
    if limit is not None:
        told |= limit_fields(limit)
    return MoneyRecord(**told)


def plan_fields(plan: Any) -> dict[str, Any]:
    """What the plan and billing by tokens have in common."""
    return {
        "plan": plan.plan,
        "cycle_start": plan.billing_cycle.start,
        "cycle_end": plan.billing_cycle.end,
        "balance_remaining": number(plan.balance.remaining),
        "balance_total": number(plan.balance.total),
    }


def billing_fields(billing: Any) -> dict[str, Any]:
    if isinstance(billing, TokenBilling):
        data = billing.data
        return plan_fields(data) | {
            "billing_type": billing.billing_type,
            "billing_mode": data.billing_mode or "",
            "role": data.role,
            "on_demand_balance": number(data.on_demand.balance),
            "blocks": [
                block.model_dump(mode="json", by_alias=True) for block in data.on_demand.blocks
            ],
        }
    if isinstance(billing, LegacyBilling):
        return {
            "billing_type": billing.billing_type,
            "legacy_remaining": number(billing.data.remaining),
            "legacy_limit": number(billing.data.limit),
            "legacy_reset_at": moment(billing.data.reset),
        }
    return {"billing_type": billing.billing_type}


def limit_fields(limit: RateLimit) -> dict[str, Any]:
    daily = limit.daily_limit
    return {
        "rate_remaining": number(limit.remaining),
        "rate_limit": number(limit.limit),
        "rate_reset_at": moment(limit.reset),
        "daily_remaining": number(daily.remaining) if daily else None,
        "daily_limit": number(daily.limit) if daily else None,
        "daily_reset_at": daily.reset if daily else None,
        "daily_grace": daily.is_within_grace_period if daily else None,
    }


def number(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def moment(value: float | None) -> datetime | None:
    """A reset in seconds or milliseconds since 1970, or None where it can be neither."""
    if value is None or value < EARLIEST_SECONDS:
        return None
    try:
        return datetime.fromtimestamp(value if value < MILLISECONDS_FROM else value / 1000, UTC)
    except (ValueError, OverflowError):
        return None
