"""Request bodies of v2 that chats and messages take: today's form, and what the first one had."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from v0client.simulator.exchange import Refusal
from v0client.simulator.tasks import ConnectDone, Task
from v0client.simulator.v1.chat_bodies import Attachment, Repository, Skill
from v0client.simulator.v2.bodies import Body, Privacy

Text = Annotated[str, Field(min_length=1)]
Value = Annotated[str, Field(max_length=500)]
Metadata = dict[Annotated[str, Field(min_length=1, max_length=40)], Value]
Changes = dict[Annotated[str, Field(min_length=1, max_length=50)], Value | None]

MOST_METADATA = 50
MOST_SKILLS = 3


class ModelConfiguration(Body):
    modelId: Literal["v0-auto", "v0-mini", "v0-pro", "v0-max", "v0-max-fast"] = "v0-pro"
    imageGenerations: bool = False

    @property
    def effective(self) -> str:
        """The automatic choice, which early clients send, is the usual model."""
        return "v0-pro" if self.modelId == "v0-auto" else self.modelId


class Prompting(Body):
    """What a first message and a later one have in common; `skillIds` is of the early form."""

    message: Text
    systemPrompt: str = ""
    modelConfiguration: ModelConfiguration = ModelConfiguration()
    attachments: list[Attachment] = []
    mcpServerIds: list[str] = []
    skills: list[Skill] = []
    skillIds: list[str] = []

    def model_post_init(self, context: object) -> None:
        if len(self.skills) + len(self.skillIds) > MOST_SKILLS:
            raise Refusal(422, f"skills: at most {MOST_SKILLS} can be attached")


class Beginning(Body):
    """What every way to begin a chat has in common."""

    privacy: Privacy = "private"
    title: str = ""
    metadata: Metadata = {}


class CreateChat(Prompting, Beginning):
    # Of the early form; see `Way`.
    type: Literal["prompt"] = "prompt"


class Way(BaseModel):
    """What a chat begins with in the early form; today's form says it by its address."""

    type: Literal["prompt", "zip", "repo"] = "prompt"


class Archive(Body):
    url: str


class CreateFromZip(Beginning):
    """The early form's second way."""

    type: Literal["zip"]
    zip: Archive


class CreateFromRepo(Beginning):
    """The early form's third way."""

    type: Literal["repo"]
    repo: Repository


class UpdateChat(Body):
    title: str = ""
    privacy: Privacy = "private"
    metadata: Changes | None = None


class Action(Body):
    type: Literal["fix-with-v0"]


class SendMessage(Prompting):
    # Of the early form; only whether it was given counts.
    action: Action | None = None


class ResolveTask(Body):
    task: Annotated[Task | ConnectDone, Field(discriminator="type")]
    modelConfiguration: ModelConfiguration = ModelConfiguration()
