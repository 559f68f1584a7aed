"""Projects of v1 and which chats belong to them. Environment variables are elsewhere."""

from __future__ import annotations

from typing import Any

from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import HASHED, LONG
from v0client.simulator.records import EnvVar, Project, VercelProject
from v0client.simulator.store import in_list, sees_project
from v0client.simulator.v1 import shapes
from v0client.simulator.v1.bodies import AssignProject, CreateProject, UpdateProject, read


def summary(call: Call, project: Project) -> dict[str, Any]:
    base = call.simulator.base_url
    shape: dict[str, Any] = {
        "id": project.id,
        "object": "project",
        "name": project.name,
        "privacy": project.privacy,
        "vercelProjectId": project.vercel_project_id,
        "createdAt": iso(project.created_at),
    }
    if project.updated_at is not None:
        shape["updatedAt"] = iso(project.updated_at)
    shape["apiUrl"] = f"{base}/v1/projects/{project.id}"
    shape["webUrl"] = f"{base}/project/{project.id}"
    return shape


def detail(call: Call, project: Project) -> dict[str, Any]:
    shape = summary(call, project)
    if project.description is not None:
        shape["description"] = project.description
    if project.instructions is not None:
        shape["instructions"] = project.instructions
    chats = [c for c in call.store.listed(call.person) if c.project_id == project.id]
    shape["chats"] = [shapes.chat_summary(call, chat, dark=False) for chat in chats]
    return shape


def asked(call: Call) -> Project:
    return call.store.project(call.params["projectId"], call.person)


def own(call: Call) -> Project:
    """A project that the caller may change: the author's, or the team's for owners and admins."""
    project = asked(call)
    if project.author_id != call.person.id and call.person.role == "member":
        raise Refusal(403, "You do not have permission to change this project")
    return project


def find(call: Call) -> dict[str, Any]:
    """GET /projects"""
    seen = [p for p in call.store.projects.values() if sees_project(p, call.person)]
    return {"object": "list", "data": [summary(call, project) for project in reversed(seen)]}


def create(call: Call) -> dict[str, Any]:
    """POST /projects"""
    body = read(call, CreateProject)
    vercel_id = body.vercelProjectId
    if vercel_id:
        known = call.store.vercel_projects.get(vercel_id)
        if known is None or known.team_id != call.person.team_id:
            raise Refusal(404, "Vercel project not found")
    else:
        vercel_id = call.store.minter.mint("vercel", HASHED, "prj_")
        known = VercelProject(vercel_id, call.person.team_id, body.name)
        call.store.vercel_projects[vercel_id] = known
    keys = [variable.key for variable in body.environmentVariables]
    if len(set(keys)) < len(keys):
        raise Refusal(409, "An environment variable is given twice")
    project = Project(
        id=call.store.minter.mint("project", HASHED, "prj_"),
        team_id=call.person.team_id,
        author_id=call.person.id,
        name=body.name,
        privacy=body.privacy,
        created_at=call.now,
        vercel_project_id=vercel_id,
        description=body.description,
        instructions=body.instructions,
        icon=body.icon,
    )
    for variable in body.environmentVariables:
        id_ = call.store.minter.mint("env", LONG)
        project.env_vars[id_] = EnvVar(id_, variable.key, variable.value, call.now)
    call.store.projects[project.id] = project
    return detail(call, project)


def get_by_id(call: Call) -> dict[str, Any]:
    """GET /projects/{projectId}"""
    return detail(call, asked(call))


def get_by_chat_id(call: Call) -> dict[str, Any]:
    """GET /chats/{chatId}/project"""
    chat = call.store.chat(call.params["chatId"], call.person)
    if chat.project_id is None:
        raise Refusal(404, "This chat belongs to no project")
    return detail(call, call.store.project(chat.project_id, call.person))


def update(call: Call) -> dict[str, Any]:
    """PATCH /projects/{projectId}"""
    project = own(call)
    body = read(call, UpdateProject)
    for name in body.model_fields_set:
        setattr(project, name, getattr(body, name))
    project.updated_at = call.now
    return detail(call, project)


def delete(call: Call) -> dict[str, Any]:
    """DELETE /projects/{projectId}"""
    project = own(call)
    with_chats = call.choice("deleteAllChats", ("true", "false"), "false") == "true"
    for chat in [c for c in call.store.chats.values() if c.project_id == project.id]:
        if with_chats:
            call.store.drop_chat(chat, call.now)
        else:
            chat.project_id = None
            call.store.touch(chat, call.now)
    del call.store.projects[project.id]
    return {"id": project.id, "object": "project", "deleted": True}


def assign(call: Call) -> dict[str, Any]:
    """POST /projects/{projectId}/assign"""
    project = asked(call)
    chat = call.store.chat(read(call, AssignProject).chatId, call.person)
    if not in_list(chat, call.person):
        raise Refusal(403, "This chat belongs to another team")
    chat.project_id = project.id
    call.store.touch(chat, call.now)
    return {"object": "project", "id": project.id, "assigned": True}


ROUTES: Routes = {
    ("GET", "/projects"): find,
    ("POST", "/projects"): create,
    ("GET", "/projects/{projectId}"): get_by_id,
    ("PATCH", "/projects/{projectId}"): update,
    ("DELETE", "/projects/{projectId}"): delete,
    ("POST", "/projects/{projectId}/assign"): assign,
    ("GET", "/chats/{chatId}/project"): get_by_chat_id,
}
