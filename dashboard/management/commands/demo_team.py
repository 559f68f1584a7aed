"""manage.py demo_team: fills a team to try the dashboard with, out of the simulated v0.

People, teams and keys come from here; everything else is what real syncs and actions make of it.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models.functions import TruncDate
from django.utils import timezone
from pydantic import TypeAdapter

from dashboard import crypto, sync
from dashboard.actions import chats, files, keys
from dashboard.actions.forks import fork_stored
from dashboard.actions.versions import fork_version
from dashboard.models import (
    Activity,
    Chat,
    Key,
    Membership,
    Project,
    Role,
    SyncRun,
    Team,
    User,
    Version,
)
from dashboard.sync import store
from dashboard.upstream.records import MoneyRecord
from dashboard.upstream.v1_records import money
from v0client.http import Client
from v0client.v1.rate_limits import RateLimit
from v0client.v1.user import Billing, Plan

PASSWORD = "v0-demo-pass"  # noqa: S105 - printed by `make demo` and written in the README
PEOPLE = {
    "owner": "Olivia Owner",
    "admin": "Adam Admin",
    "member": "Mia Member",
    "viewer": "Victor Viewer",
    "outsider": "Otto Outsider",
}
WITH_KEY = ("owner", "admin", "member", "outsider")
DAYS = 90  # of money that the simulated v0 remembers
ACME = [Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER]


class Command(BaseCommand):
    help = "Fills a team to try the dashboard with. Does nothing where it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        if urlsplit(settings.V0_BASE_URL).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise CommandError(
                "The demo team has a password that everybody knows, so it is only made beside a "
                "simulated v0. V0_BASE_URL must be on this machine."
            )
        with transaction.atomic():
            people = {name: account(name, label) for name, label in PEOPLE.items()}
            acme, northwind = team("Acme Studio", "acme"), team("Northwind", "northwind")
            cast = {str(role): join(acme, people[role], role) for role in ACME}
            cast["outsider"] = join(northwind, people["outsider"], Role.OWNER)
        for name in WITH_KEY:
            bring_key(cast[name], f"v0-demo-{name}")
        fresh = Key.objects.usable().filter(team__in=[acme, northwind], last_synced_at=None)
        if synced := first_syncs(list(fresh.order_by("pk"))):
            told = Activity.objects.filter(team=acme, verb__startswith="chat.").exists()
            if not told and any(key.team_id == acme.pk for key in synced):
                leave_traces(cast["member"], cast["admin"])
                leave_forks(cast["member"], cast["admin"])
        for name in WITH_KEY:
            remember_money(cast[name], f"v0-demo-{name}")
        self.stdout.write(f"The demo team is ready: {acme.chats.count()} chats.")


def account(name: str, label: str) -> User:
    email = f"{name}@example.com"
    person = User.objects.filter(email=email).first()
    if person is None:
        staff = name == "owner"
        person = User.objects.create_user(
            email, PASSWORD, name=label, is_staff=staff, is_superuser=staff
        )
    EmailAddress.objects.get_or_create(
        user=person, email=email, defaults={"verified": True, "primary": True}
    )
    return person


def team(name: str, slug: str) -> Team:
    return Team.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def join(of: Team, person: User, role: Role) -> Membership:
    return Membership.objects.get_or_create(team=of, user=person, defaults={"role": role})[0]


def bring_key(member: Membership, plain: str) -> None:
    """Unless this person has brought one before, even if it was removed since."""
    if not Key.objects.filter(team=member.team, owner=member.user).exists():
        label = f"{member.user.label.split()[0]}’s key"
        keys.add_key(member=member, plain=plain, label=label)


def first_syncs(fresh: list[Key]) -> list[Key]:
    """What a worker would do in a moment, done here so that the first page is full."""
    for key in fresh:
        sync.run(sync.queue(key, trigger=SyncRun.Trigger.FIRST, send=False).pk)
    return fresh


def leave_traces(member: Membership, admin: Membership) -> None:
    """A little history, made by the same actions that people use."""
    seen = Chat.objects.visible_to(member).present().filter(status=Chat.Status.READY)
    team_chats = list(seen.filter(privacy=Chat.Privacy.TEAM).order_by("-updated_at", "pk")[:4])
    project = Project.objects.visible_to(member).present().order_by("name").first()
    for place, chat in enumerate(team_chats):
        if place == 0:
            chats.set_chat_favorite(member=member, chat=chat, favorite=not chat.favorite)
        elif place == 1 and project is not None:
            chats.assign_chat(member=member, chat=chat, project=project)
        elif place == 2:
            chats.rename_chat(member=admin, chat=chat, name=f"{chat.label} (reviewed)")
        else:
            chats.set_chat_favorite(member=admin, chat=chat, favorite=True)


def leave_forks(member: Membership, admin: Membership) -> None:
    """Chats that were made from others: forks of v0, a copy in v2, and what a fork was before
    somebody edited it, begun anew in v2."""
    older = begun_by(member, "v1")
    if older is not None:
        first, *_, last = older.versions.order_by("number")
        paper = forked(member, first, "Printed")
        forked(admin, last, "Phone first")
        edited = paper.versions.get()
        file = edited.files.filter(content__is_binary=False, path__endswith=".tsx").first()
        if file is not None:
            text = f"// As agreed with the print shop\n{file.content.text}"
            files.write_file(
                member=member, version=edited, path=file.path, text=text, began=file.content_id
            )
            former = Version.states.get(former_of=edited)
            again = fork_stored(
                member=member, version=former, nonce=uuid.uuid4(), generation="v2", privacy="team"
            )
            chats.rename_chat(member=member, chat=again, name=f"Again in v2: {older.label}")
    newer = begun_by(member, "v2")
    if newer is not None:
        forked(member, newer.versions.get(number=newer.version_count), "Partners")


def begun_by(member: Membership, generation: str) -> Chat | None:
    """A finished chat that this member's team sees and this member began, with a few versions."""
    ready = Chat.objects.visible_to(member).present().filter(
        generation=generation, status=Chat.Status.READY, version_count__gt=1,
        privacy=Chat.Privacy.TEAM, author__email=member.user.email,
    )  # fmt: skip
    return ready.order_by("-version_count", "pk").first()


def forked(member: Membership, version: Version, purpose: str) -> Chat:
    fork = fork_version(member=member, version=version, nonce=uuid.uuid4(), privacy="team")
    chats.rename_chat(member=member, chat=fork, name=f"{purpose}: {version.chat.label}")
    return fork


def remember_money(member: Membership, plain: str) -> None:
    """What v0 said at the end of each past day of which nothing is known, for the charts."""
    mine = Key.objects.usable().filter(team=member.team, owner=member.user)
    key = mine.filter(fingerprint=crypto.fingerprint(plain)).first()
    if key is None:
        return
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    known = set(key.snapshots.annotate(day=TruncDate("taken_at")).values_list("day", flat=True))
    evenings = [today - timedelta(days=back, hours=4) for back in range(DAYS)]
    if missing := [evening for evening in evenings if evening.date() not in known]:
        with transaction.atomic():
            for evening, record in zip(missing, money_at(plain, missing), strict=True):
                store.store_money(key, record, taken_at=evening)


def money_at(plain: str, moments: list[datetime]) -> list[MoneyRecord]:
    """What the simulated v0 would have answered then; the real one has no such memory."""
    query = urlencode([("key", plain), *(("at", moment.isoformat()) for moment in moments)])
    with Client(base_url=settings.V0_BASE_URL, timeout=20) as simulator:
        told = simulator.get(f"/_sim/billing?{query}").raise_for_status().json()
    billing: TypeAdapter[Any] = TypeAdapter(Billing)
    return [
        money(
            billing.validate_python(one["billing"]),
            Plan.model_validate(one["plan"]),
            RateLimit.model_validate(one["rateLimits"]),
        )
        for one in told["moments"]
    ]
