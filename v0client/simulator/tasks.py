"""Answers to what agents stop to ask: their bodies, which both generations share, whether they fit
what was asked, and the prompt with which the agent goes on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from v0client.simulator import asking
from v0client.simulator.exchange import Refusal
from v0client.simulator.generation import Prompt
from v0client.simulator.records import Chat, ConnectSetup, Run
from v0client.simulator.v1.bodies import Body

Text = Annotated[str, Field(min_length=1)]
Preset = Literal[
    "Linear",
    "Notion",
    "Context7",
    "Sentry",
    "Zapier",
    "Glean",
    "Hex",
    "Sanity",
    "Granola",
    "PostHog",
    "Contentful",
    "Slack",
]


class ConfirmedSteps(Body):
    type: Literal["confirmed-steps"]
    connectedIntegrationNames: Annotated[
        list[Annotated[str, Field(max_length=64)]], Field(max_length=100)
    ] = []
    connectedMcpPresetNames: list[Preset] = []
    appliedScripts: list[Text] = []
    addedEnvVars: list[Text] = []


class PlanExit(Body):
    type: Literal["plan-exit-response"]
    status: Literal["approved", "rejected", "request-changes"]
    content: Text


class QuestionAnswer(Body):
    questionId: Text
    questionText: Text
    selectedLabels: list[Text]
    customText: Text = ""


class AnsweredQuestions(Body):
    type: Literal["answered-questions"]
    answers: Annotated[list[QuestionAnswer], Field(min_length=1)]


class Permission(Body):
    type: Literal["ALLOW_DYNAMIC_TOOL_STRICT"]
    toolName: Text
    input: Any
    taskNameActive: Text | None = None
    taskNameComplete: Text | None = None
    userMessage: Text = "-"


class ConfirmedPermissions(Body):
    type: Literal["confirmed-permissions"]
    permissions: Annotated[list[Permission], Field(min_length=1)]
    userMessage: Text = ""


class ConnectDone(Body):
    """Of v2 only."""

    type: Literal["vercel-connect-setup"]


Task = ConfirmedSteps | PlanExit | AnsweredQuestions | ConfirmedPermissions
ANSWERS: dict[str, type[Body]] = {
    asking.QUESTIONS: AnsweredQuestions,
    asking.PLAN: PlanExit,
    asking.PERMISSIONS: ConfirmedPermissions,
    asking.INTEGRATION: ConfirmedSteps,
    asking.CONNECT: ConnectDone,
}
# What becomes of a plan: it is carried out, dropped, or made anew.
PLANS = {"approved": asking.VERSION, "rejected": asking.TALK, "request-changes": asking.PLAN}


def waiting_run(chat: Chat, task: Body, now: float) -> Run:
    """The run whose question this answers, else 409: nothing waits, or for another kind."""
    message = asking.waiting(chat, now)
    run = message.run if message else None
    if run is None or not isinstance(task, ANSWERS[run.outcome]):
        raise Refusal(409, "No task of this kind waits for an answer")
    return run


def prompt(run: Run, task: Body, model: str | None, now: float) -> Prompt:
    """What the agent goes on with; 409 where the answer does not fit what was asked."""
    kind, outcome = "message", asking.VERSION
    match task:
        case AnsweredQuestions():
            text, kind = answers(task), "answered-questions"
        case PlanExit():
            text, outcome = task.content, PLANS[task.status]
        case ConfirmedPermissions():
            text = permitted(task)
        case ConfirmedSteps():
            text = connected(task)
        case _:
            text = set_up(run.setup, now)
    return Prompt(
        text,
        model or run.model,
        run.thinking,
        run.images,
        type=kind,
        continues=run,
        outcome=outcome,
    )


def answers(task: AnsweredQuestions) -> str:
    """One line for each question."""
    if sorted(a.questionId for a in task.answers) != sorted(str(q["id"]) for q in asking.ASKED):
        raise Refusal(409, "These are not the questions that were asked")
    lines = []
    for given in task.answers:
        chosen = [*given.selectedLabels, *([given.customText] if given.customText else [])]
        lines.append(f"{given.questionText} {', '.join(chosen)}")
    return "\n".join(lines)


def permitted(task: ConfirmedPermissions) -> str:
    """What people said to it, or what they allowed."""
    given = [permission.model_dump(exclude_unset=True) for permission in task.permissions]
    if given != asking.permissions():
        raise Refusal(409, "These are not the permissions that were asked for")
    return task.userMessage or f"Allowed {given[0]['toolName']}"


def connected(task: ConfirmedSteps) -> str:
    """What was done, in a sentence each."""
    done = {
        "Connected": [*task.connectedIntegrationNames, *task.connectedMcpPresetNames],
        "Applied": task.appliedScripts,
        "Added": task.addedEnvVars,
    }
    said = [f"{verb} {', '.join(names)}." for verb, names in done.items() if names]
    return " ".join(said) or "Go on without."


def set_up(setup: ConnectSetup | None, now: float) -> str:
    """409 while nobody has finished the set-up, 404 when it was asked for too long ago."""
    state = asking.setup_state(setup, now) if setup else "expired"
    if setup is None or state == "expired":
        raise Refusal(404, "The setup request has expired")
    if state != "ready":
        raise Refusal(409, "The setup is not finished")
    return f"Set up {setup.connector_name}"
