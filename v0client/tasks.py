"""Tasks: how people answer an agent that has stopped to ask. v1 and v2 take the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Required, TypedDict

from pydantic import BaseModel


class ConfirmedSteps(TypedDict, total=False):
    """What was connected or set up, of what the agent asked for; nothing skips it.

    `connected_integration_names` has at most 100 names of at most 64 characters, such as Neon.
    Known MCP presets: Linear, Notion, Context7, Sentry, Zapier, Glean, Hex, Sanity, Granola,
    PostHog, Contentful, Slack.
    """

    type: Required[Literal["confirmed-steps"]]
    connected_integration_names: Sequence[str]
    connected_mcp_preset_names: Sequence[str]
    applied_scripts: Sequence[str]
    added_env_vars: Sequence[str]


class PlanExitResponse(TypedDict):
    """The decision on a plan. `status`: approved, rejected or request-changes; `content` is what
    the agent reads with it, not empty."""

    type: Required[Literal["plan-exit-response"]]
    status: Required[str]
    content: Required[str]


class AnsweredQuestion(TypedDict):
    """The answer to one question: the labels (not the ids) of the options, and free text."""

    question_id: Required[str]
    question_text: Required[str]
    selected_labels: Required[Sequence[str]]
    custom_text: NotRequired[str]


class AnsweredQuestions(TypedDict):
    """Answers to the agent's questions, at least one."""

    type: Required[Literal["answered-questions"]]
    answers: Required[Sequence[AnsweredQuestion]]


class ConfirmedPermissions(TypedDict):
    """Permissions that are granted, passed back as they came: v0 compares them."""

    type: Required[Literal["confirmed-permissions"]]
    permissions: Required[Sequence[Mapping[str, Any] | BaseModel]]
    user_message: NotRequired[str]


class VercelConnectSetup(TypedDict):
    """The connector that the agent asked for is ready. v2 only."""

    type: Required[Literal["vercel-connect-setup"]]


Task = (
    ConfirmedSteps
    | PlanExitResponse
    | AnsweredQuestions
    | ConfirmedPermissions
    | VercelConnectSetup
    | Mapping[str, Any]
)
"""Any of these, or a mapping for one that is not known here."""
