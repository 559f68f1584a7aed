"""The Vercel integration of v1: which Vercel projects there are."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Call, Routes
from v0client.simulator.identity import HASHED
from v0client.simulator.records import VercelProject
from v0client.simulator.v1.bodies import CreateVercelProject, read


def shape(project: VercelProject) -> dict[str, Any]:
    return {"id": project.id, "object": "vercel_project", "name": project.name}


def find(call: Call) -> dict[str, Any]:
    """GET /integrations/vercel/projects"""
    team = call.person.team_id
    rows = [shape(p) for p in call.store.vercel_projects.values() if p.team_id == team]
    return {"object": "list", "data": rows}


def create(call: Call) -> dict[str, Any]:
    """POST /integrations/vercel/projects"""
    body = read(call, CreateVercelProject)
    project = call.store.project(body.projectId, call.person)
    id_ = call.store.minter.mint("vercel", HASHED, "prj_")
    created = VercelProject(id_, call.person.team_id, body.name)
    call.store.vercel_projects[id_] = created
    project.vercel_project_id, project.updated_at = id_, call.now
    return shape(created)


ROUTES: Routes = {
    ("GET", "/integrations/vercel/projects"): find,
    ("POST", "/integrations/vercel/projects"): create,
}
