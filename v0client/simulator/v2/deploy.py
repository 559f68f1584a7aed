"""Putting a v2 chat's code online, and the Vercel project it belongs to. How a deployment goes is
not v2's to tell; its pages are on the simulator's port like v1's."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from v0client.simulator import builds
from v0client.simulator.exchange import Call, Refusal, Response, Routes, answer
from v0client.simulator.identity import HASHED
from v0client.simulator.records import Chat, VercelProject
from v0client.simulator.v2.bodies import Body, read
from v0client.simulator.v2.files import idle_chat, latest

UNTITLED = "untitled"


class CreateVercelProject(Body):
    name: Annotated[str, Field(min_length=1)] = UNTITLED


def attach(call: Call, chat: Chat, name: str) -> str:
    """A new Vercel project for the chat; gives its id."""
    id_ = call.store.minter.mint("vercel", HASHED, "prj_")
    call.store.vercel_projects[id_] = VercelProject(id_, chat.team_id, name)
    chat.vercel_project_id = id_
    call.store.touch(chat, call.now)
    return id_


def deploy(call: Call) -> dict[str, Any]:
    """POST /chats/{chatId}/deploy"""
    chat = idle_chat(call)
    version = latest(chat, call.now)
    project_id = chat.vercel_project_id or attach(call, chat, chat.name or UNTITLED)
    deployment = builds.begin(call.store, call.person, chat, version, call.now)
    return {"deploymentId": deployment.id, "vercelProjectId": project_id}


def create_vercel_project(call: Call) -> Response:
    """POST /chats/{chatId}/vercel-project"""
    chat = call.store.own_chat(call.params["chatId"], call.person, "v2")
    body = read(call, CreateVercelProject)
    if chat.vercel_project_id:
        raise Refusal(409, "This chat has a Vercel project already")
    name = body.name if "name" in body.model_fields_set else chat.name or UNTITLED
    return answer({"vercelProjectId": attach(call, chat, name)}, 201)


ROUTES: Routes = {
    ("POST", "/chats/{chatId}/deploy"): deploy,
    ("POST", "/chats/{chatId}/vercel-project"): create_vercel_project,
}
