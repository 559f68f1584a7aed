"""Deployments of v1 with their logs and errors."""

from __future__ import annotations

from typing import Any

from v0client.simulator import builds, generation, writer
from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, Refusal, Routes
from v0client.simulator.records import Deployment
from v0client.simulator.v1.bodies import CreateDeployment, read


def shape(call: Call, deployment: Deployment) -> dict[str, Any]:
    base = call.simulator.base_url
    written: dict[str, Any] = {
        "id": deployment.id,
        "object": "deployment",
        "inspectorUrl": f"{base}/inspect/{deployment.id}",
        "chatId": deployment.chat_id,
    }
    if deployment.project_id is not None:
        written["projectId"] = deployment.project_id
    written["versionId"] = deployment.version_id
    written["apiUrl"] = f"{base}/v1/deployments/{deployment.id}"
    written["webUrl"] = f"{base}/deployed/{deployment.id}"
    return written


def asked(call: Call) -> Deployment:
    """A deployment of a chat that the caller may read, else 404."""
    deployment = call.store.deployments.get(call.params["deploymentId"])
    if deployment is None:
        raise Refusal(404, "Deployment not found")
    call.store.chat(deployment.chat_id, call.person)
    return deployment


def find(call: Call) -> dict[str, Any]:
    """GET /deployments"""
    chat_id, version_id = call.text("chatId", required=True), call.text("versionId", required=True)
    chat = call.store.chat(chat_id or "", call.person)
    version = call.store.version(chat, version_id or "")
    project_id = call.text("projectId")
    rows = [
        shape(call, deployment)
        for deployment in reversed(call.store.deployments.values())
        if deployment.version_id == version.id
        and (project_id is None or deployment.project_id == project_id)
    ]
    return {"object": "list", "data": rows}


def create(call: Call) -> dict[str, Any]:
    """POST /deployments"""
    body = read(call, CreateDeployment)
    chat = call.store.chat(body.chatId, call.person)
    version = call.store.version(chat, body.versionId)
    if chat.team_id != call.person.team_id:
        raise Refusal(403, "This chat belongs to another team")
    if generation.status(version, call.now) != "completed":
        raise Refusal(409, "Only completed versions can be deployed")
    deployment = builds.begin(call.store, call.person, chat, version, call.now)
    if body.projectId:
        deployment.project_id = call.store.project(body.projectId, call.person).id
    return shape(call, deployment)


def get_by_id(call: Call) -> dict[str, Any]:
    """GET /deployments/{deploymentId}"""
    return shape(call, asked(call))


def delete(call: Call) -> dict[str, Any]:
    """DELETE /deployments/{deploymentId}"""
    deployment = asked(call)
    chat = call.store.chat(deployment.chat_id, call.person)
    if chat.team_id != call.person.team_id:
        raise Refusal(403, "This deployment belongs to another team")
    del call.store.deployments[deployment.id]
    return {"id": deployment.id, "object": "deployment", "deleted": True}


def find_logs(call: Call) -> dict[str, Any]:
    """GET /deployments/{deploymentId}/logs"""
    deployment = asked(call)
    try:
        since = float(call.query.get("since", "0"))
    except ValueError:
        raise Refusal(422, "Query parameter 'since' must be a number") from None
    version = call.store.versions[deployment.version_id]
    count = len(writer.files(version, defaults=True))
    logs = [
        {
            "createdAt": iso(at),
            "deploymentId": deployment.id,
            "id": id_,
            "text": line.text.replace("{files}", str(count)),
            "type": line.stream,
            "level": line.level,
            "object": "deployment_log",
        }
        for at, id_, line in builds.lines(deployment)
        if since < at <= call.now
    ]
    answer: dict[str, Any] = {"object": "list", "logs": logs}
    if builds.state(deployment, call.now) == "building":
        answer["nextSince"] = call.now
    return answer


def find_errors(call: Call) -> dict[str, Any]:
    """GET /deployments/{deploymentId}/errors"""
    deployment = asked(call)
    if builds.state(deployment, call.now) != "failed":
        return {}
    kind, full, sentence = builds.trouble(deployment)
    return {"fullErrorText": full, "errorType": kind, "formattedError": sentence}


ROUTES: Routes = {
    ("GET", "/deployments"): find,
    ("POST", "/deployments"): create,
    ("GET", "/deployments/{deploymentId}"): get_by_id,
    ("DELETE", "/deployments/{deploymentId}"): delete,
    ("GET", "/deployments/{deploymentId}/logs"): find_logs,
    ("GET", "/deployments/{deploymentId}/errors"): find_errors,
}
