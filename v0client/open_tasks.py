"""What an agent can be waiting for. Each shape builds the task that answers it.

A message tells it as `open_task`; `client.v2.messages.resolve`, or v1's `chats.resolve_task`, takes
the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from v0client.errors import InvalidRequest
from v0client.shapes import Shape
from v0client.tasks import (
    AnsweredQuestion,
    AnsweredQuestions,
    ConfirmedPermissions,
    ConfirmedSteps,
    PlanExitResponse,
    VercelConnectSetup,
)


class Option(Shape):
    """One of the answers to choose from. Answers name the label, not the id."""

    id: str
    label: str
    description: str | None = None


class Question(Shape):
    """A question; `header` is a short name for it."""

    id: str
    question: str
    header: str
    multi_select: bool
    options: list[Option]


class Questions(Shape):
    """The agent asks before it goes on."""

    questions: list[Question]

    def answer(
        self,
        selected: Mapping[str, Sequence[str]],
        texts: Mapping[str, str] | None = None,
    ) -> AnsweredQuestions:
        """The answers by question id: the labels that were selected, and free texts beside them.

        A question that appears in neither is left out.
        """
        texts = texts or {}
        if unknown := {*selected, *texts} - {question.id for question in self.questions}:
            raise InvalidRequest(f"there is no question {', '.join(sorted(unknown))}")
        return {
            "type": "answered-questions",
            "answers": [
                answered(question, selected.get(question.id, ()), texts.get(question.id))
                for question in self.questions
                if question.id in selected or question.id in texts
            ],
        }


def answered(question: Question, labels: Sequence[str], text: str | None) -> AnsweredQuestion:
    """One answer as the API takes it."""
    answer: AnsweredQuestion = {
        "question_id": question.id,
        "question_text": question.question,
        "selected_labels": [labels] if isinstance(labels, str) else list(labels),
    }
    if text:
        answer["custom_text"] = text
    return answer


class Plan(Shape):
    """The agent proposes a plan, as Markdown, and waits for a decision."""

    plan: str
    summary: str | None = None
    path: str

    def approve(self, content: str = "Approved.") -> PlanExitResponse:
        """Go on as planned. `content` is what the agent reads with it, not empty."""
        return {"type": "plan-exit-response", "status": "approved", "content": content}

    def request_changes(self, content: str) -> PlanExitResponse:
        """Plan again; `content` says what is to change."""
        return {"type": "plan-exit-response", "status": "request-changes", "content": content}

    def reject(self, content: str) -> PlanExitResponse:
        """Drop the plan; `content` says why."""
        return {"type": "plan-exit-response", "status": "rejected", "content": content}


class IntegrationRequest(Shape):
    """The agent asks for integrations (such as Neon) and MCP presets (such as Linear)."""

    requested_integrations: list[str]
    requested_mcp_presets: list[str]

    def confirm(
        self,
        *,
        integrations: Sequence[str] | None = None,
        mcp_presets: Sequence[str] | None = None,
    ) -> ConfirmedSteps:
        """What was connected: all that was asked for, if not given. Connecting happens on v0."""
        return {
            "type": "confirmed-steps",
            "connected_integration_names": list(
                self.requested_integrations if integrations is None else integrations
            ),
            "connected_mcp_preset_names": list(
                self.requested_mcp_presets if mcp_presets is None else mcp_presets
            ),
        }

    def skip(self) -> ConfirmedSteps:
        """Go on without any of them."""
        return self.confirm(integrations=[], mcp_presets=[])


class Permission(Shape):
    """One use of a tool that has to be allowed. v0 takes it back only as it came."""

    type: str
    tool_name: str
    input: Any = None
    task_name_active: str | None = None
    task_name_complete: str | None = None
    user_message: str | None = None


class PermissionRequest(Shape):
    """The agent may not use a tool before somebody allows it."""

    permissions: list[Permission]

    def grant(self, user_message: str | None = None) -> ConfirmedPermissions:
        """Allow it; `user_message` goes with it."""
        task: ConfirmedPermissions = {
            "type": "confirmed-permissions",
            "permissions": self.permissions,
        }
        if user_message:
            task["user_message"] = user_message
        return task


class VercelProject(Shape):
    """A Vercel project that was made on the way."""

    id: str
    name: str


class ConnectSetup(Shape):
    """A connector has to be set up at `setup_url`, by a member of the team who is signed in to
    Vercel. `client.v2.chats.get_connect_status` with `request_id` tells when that is done."""

    status: Literal["setup-required"]
    request_id: str
    service: str
    service_icon_url: str | None = None
    connector_name: str
    setup_url: str
    environments: list[str]
    trigger_path: str | None = None
    created_project: VercelProject | None = None

    def finished(self) -> VercelConnectSetup:
        """The connector is ready."""
        return {"type": "vercel-connect-setup"}


class Connector(Shape):
    """A connector that a set-up made or used."""

    id: str
    name: str
    service: str | None = None
    attached_to_project: bool


class ConnectResult(Shape):
    """A set-up that is done. `action`: list, create or attach."""

    status: Literal["completed"]
    action: str
    summary: str
    connectors: list[Connector]
    created_project: VercelProject | None = None


OpenTask = Questions | Plan | IntegrationRequest | PermissionRequest | ConnectSetup
