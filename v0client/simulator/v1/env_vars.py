"""Environment variables of projects in v1: encrypted unless asked for in the clear."""

from __future__ import annotations

from typing import Any

from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.identity import LONG, digest, spell
from v0client.simulator.records import EnvVar, Project
from v0client.simulator.v1.bodies import CreateVariables, DeleteVariables, UpdateVariables, read
from v0client.simulator.v1.projects import asked


def clear(call: Call) -> bool:
    return call.choice("decrypted", ("true", "false"), "false") == "true"


def shape(variable: EnvVar, decrypted: bool) -> dict[str, Any]:
    """A variable; encrypted values look like ciphertext and say nothing."""
    sealed = "ejJ" + spell(digest("sealed", variable.id, variable.value), 33)
    written: dict[str, Any] = {
        "id": variable.id,
        "object": "environment_variable",
        "key": variable.key,
        "value": variable.value if decrypted else sealed,
        "decrypted": decrypted,
        "createdAt": int(variable.created_at * 1000),
    }
    if variable.updated_at is not None:
        written["updatedAt"] = int(variable.updated_at * 1000)
    return written


def listed(variables: list[EnvVar], decrypted: bool) -> dict[str, Any]:
    return {"object": "list", "data": [shape(variable, decrypted) for variable in variables]}


def variable_of(project: Project, id_: str) -> EnvVar:
    if (variable := project.env_vars.get(id_)) is None:
        raise Refusal(404, "Environment variable not found")
    return variable


def find(call: Call) -> dict[str, Any]:
    """GET /projects/{projectId}/env-vars"""
    return listed(list(asked(call).env_vars.values()), clear(call))


def get(call: Call) -> dict[str, Any]:
    """GET /projects/{projectId}/env-vars/{environmentVariableId}"""
    variable = variable_of(asked(call), call.params["environmentVariableId"])
    return {"object": "environment_variable", "data": shape(variable, clear(call))}


def create(call: Call) -> dict[str, Any]:
    """POST /projects/{projectId}/env-vars"""
    project, decrypted = asked(call), clear(call)
    body = read(call, CreateVariables)
    existing = {variable.key: variable for variable in project.env_vars.values()}
    keys = [given.key for given in body.environmentVariables]
    if len(set(keys)) < len(keys):
        raise Refusal(409, "An environment variable is given twice")
    taken = [key for key in keys if key in existing]
    if taken and not body.upsert:
        raise Refusal(409, f"Environment variable already exists: {taken[0]}")
    written = []
    for given in body.environmentVariables:
        if (variable := existing.get(given.key)) is not None:
            variable.value, variable.updated_at = given.value, call.now
        else:
            id_ = call.store.minter.mint("env", LONG)
            variable = EnvVar(id_, given.key, given.value, call.now)
            project.env_vars[id_] = variable
        written.append(variable)
    return listed(written, decrypted)


def update(call: Call) -> dict[str, Any]:
    """PATCH /projects/{projectId}/env-vars"""
    project, decrypted = asked(call), clear(call)
    given = read(call, UpdateVariables).environmentVariables
    variables = [variable_of(project, change.id) for change in given]
    for variable, change in zip(variables, given, strict=True):
        variable.value, variable.updated_at = change.value, call.now
    return listed(variables, decrypted)


def delete(call: Call) -> dict[str, Any]:
    """POST /projects/{projectId}/env-vars/delete"""
    project = asked(call)
    ids = read(call, DeleteVariables).environmentVariableIds
    for id_ in ids:
        variable_of(project, id_)
    for id_ in ids:
        project.env_vars.pop(id_, None)
    data = [{"id": id_, "object": "environment_variable", "deleted": True} for id_ in ids]
    return {"object": "list", "data": data}


ROUTES: Routes = {
    ("GET", "/projects/{projectId}/env-vars"): find,
    ("POST", "/projects/{projectId}/env-vars"): create,
    ("PATCH", "/projects/{projectId}/env-vars"): update,
    ("POST", "/projects/{projectId}/env-vars/delete"): delete,
    ("GET", "/projects/{projectId}/env-vars/{environmentVariableId}"): get,
}
