"""Deployments: putting a version on the web, and taking a deployment away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from dashboard import access
from dashboard.actions import Invalid, acting, history
from dashboard.models import Deployment, Generation, Key, Membership, Version
from dashboard.sync import store
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import DeploymentRecord

EDITED = (
    "v0 has this version only as it was edited since. Restore this state first, then deploy it."
)
ONLY_AS_IT_IS = "v2 deploys a chat as it is now, not as it once was. Restore this version first."
SECONDS_BETWEEN = 120  # a dead process frees the version after this long


def deploy_version(*, member: Membership, version: Version) -> Deployment:
    """Starts a deployment; one that is still building is given back instead of a second one."""
    access.require(member, "deploy")
    if version.status != Version.Status.COMPLETED:
        raise Invalid(
            "version", f"Version {version.number} is {version.status}; it cannot be deployed."
        )
    if version.is_former:
        raise Invalid("version", EDITED)
    chat = version.chat
    acting.see_chat(member, chat)
    is_v2 = chat.generation == Generation.V2
    newer = chat.versions.filter(number__gt=version.number)
    if is_v2 and newer.exclude(status=Version.Status.FAILED).exists():
        raise Invalid("version", ONLY_AS_IT_IS)
    with one_at_a_time(version):
        building = version.deployments.present().filter(state=Deployment.State.BUILDING).first()
        if building is not None:
            return building
        with acting.remote_of_chat(member, chat, to_write=is_v2) as (key, remote):
            record = deployed(remote, version)
            return stored(member, key, version, record)


@contextmanager
def one_at_a_time(version: Version) -> Iterator[None]:
    """A double click must not deploy twice."""
    name = f"deploying:{version.pk}"
    if not cache.add(name, 1, timeout=SECONDS_BETWEEN):
        raise Refused("This version is being deployed already. Wait a moment.", kind="conflict")
    try:
        yield
    finally:
        cache.delete(name)


def deployed(remote: Remote, version: Version) -> DeploymentRecord:
    """Asks once. Where the answer was lost, looks for the deployment instead of asking again."""
    chat = version.chat
    project_id = chat.project.upstream_id if chat.project else None
    try:
        return remote.deploy(chat.upstream_id, version.upstream_id, project_id)
    except Refused as refusal:
        if refusal.kind not in acting.UNCLEAR or not remote.lists_deployments:
            raise
        known = set(version.deployments.values_list("upstream_id", flat=True))
        for record in remote.deployments(chat.upstream_id, version.upstream_id):
            if record.id not in known:
                return record
        raise


def stored(member: Membership, key: Key, version: Version, record: DeploymentRecord) -> Deployment:
    with transaction.atomic():
        deployment = store.store_deployment(key, version.chat, version, record)
        history.record(
            member,
            "deployment.create",
            target=f"{version.chat.label}, version {version.number}",
            chat=version.chat,
            project=deployment.project,
            deployment=deployment,
            key=key,
            after={"version": version.number, "address": deployment.web_url},
        )
    return deployment


def delete_deployment(*, member: Membership, deployment: Deployment) -> Deployment:
    """Takes the deployment off the web. Its row and log stay here."""
    access.require(member, "deploy")
    acting.see_deployment(member, deployment)
    if deployment.gone_at is not None:
        raise Refused("This deployment was deleted already.", kind="gone")
    chat = deployment.chat
    key = acting.key_for(member, chat)
    try:
        with acting.remote(key) as remote:
            remote.delete_deployment(deployment.upstream_id)
    except Refused as refusal:
        if refusal.kind != "gone":
            raise  # gone is what was asked for
    with transaction.atomic():
        deployment.gone_at, deployment.follow_at = timezone.now(), None
        deployment.save(update_fields=["gone_at", "follow_at"])
        history.record(
            member,
            "deployment.delete",
            target=f"{chat.label}, version {deployment.version.number}",
            chat=chat,
            project=deployment.project,
            deployment=deployment,
            key=key,
            before={"address": deployment.web_url},
        )
    return deployment
