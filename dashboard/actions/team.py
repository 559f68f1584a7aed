"""Teams and their people: making one, changing it, adding and removing people, their roles."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from dashboard import access
from dashboard.actions import Invalid, checked_text, history
from dashboard.actions.keys import forget
from dashboard.models import Generation, Key, Membership, Role, Team, User

RESERVED = {"new", "edit", "add", "admin", "accounts", "static", "settings", "team", "teams", "all"}
RANK = {role.value: place for place, role in enumerate(Role)}  # owner is 0


def create_team(*, user: User, name: str) -> Team:
    """A team with its maker as the owner. Its address is made from its name."""
    name = checked_text("name", name, "The team's name", most=80)
    for slug in slugs(name):
        try:
            with transaction.atomic():
                team = Team.objects.create(name=name, slug=slug)
        except IntegrityError:
            continue  # taken, perhaps a moment ago
        member = Membership.objects.create(team=team, user=user, role=Role.OWNER)
        history.record(member, "team.create", target=name, after={"name": name, "slug": slug})
        return team
    raise Invalid("name", "No free address was found for this name. Choose another one.")


def slugs(name: str) -> list[str]:
    """Addresses to try in turn: the plain one, numbered ones, one that is free for certain."""
    plain = slugify(name)[:40].strip("-") or "team"
    if plain in RESERVED or re.fullmatch(r"[0-9-]+", plain):
        plain = f"team-{plain}"
    numbered = [f"{plain}-{number}" for number in range(2, 6)]
    return [plain, *numbered, f"{plain}-{secrets.token_hex(4)}"]


def change_team(
    *,
    member: Membership,
    name: str,
    sync_minutes: int,
    generation: str | None = None,
    two_for_danger: bool | None = None,
) -> Team:
    """Changes what a team has decided for all of its people; None leaves a thing as it is."""
    access.require(member, "team-change")
    name = checked_text("name", name, "The team's name", most=80)
    if not 1 <= sync_minutes <= 1440:
        raise Invalid("sync_minutes", "Sync every 1 to 1,440 minutes.")
    if generation not in (None, *Generation.values):
        raise Invalid("generation", "Choose one of: " + ", ".join(Generation.values) + ".")
    wanted = {"name": name, "sync_minutes": sync_minutes, "generation": generation,
              "two_for_danger": two_for_danger}  # fmt: skip
    after = {field: value for field, value in wanted.items() if value is not None}
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=member.team_id)
        before = {field: getattr(team, field) for field in after}
        if before != after:
            for field, value in after.items():
                setattr(team, field, value)
            team.save(update_fields=list(after))
            sync_no_later_than(team)
            history.record(member, "team.change", target=name, before=before, after=after)
    return team


def sync_no_later_than(team: Team) -> None:
    """A shorter interval counts from now, not from after the long one that was planned."""
    soon = timezone.now() + timedelta(minutes=team.sync_minutes)
    Key.objects.filter(team=team, next_sync_at__gt=soon).update(next_sync_at=soon)


def add_member(*, member: Membership, email: str, role: str) -> Membership:
    """Adds somebody who has an account already."""
    access.require(member, "member-change")
    role = grantable(member, role)
    email = checked_text("email", email, "The e-mail address", most=254)
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise Invalid(
            "email",
            f"Nobody with the address {email} has an account here yet. Ask them to sign up.",
        )
    with transaction.atomic():
        added, is_new = Membership.objects.get_or_create(
            team_id=member.team_id, user=person, defaults={"role": role}
        )
        if not is_new:
            raise Invalid("email", f"{person.label} is in this team already, as {added.role}.")
        history.record(
            member, "member.add", target=person.label, person=person, after={"role": role}
        )
    return added


def change_role(*, member: Membership, person: Membership, role: str) -> Membership:
    access.require(member, "member-change")
    role = grantable(member, role)
    with transaction.atomic():
        found = locked(member, person)
        before = found.role
        if before == role:
            return found
        if before == Role.OWNER:
            keep_an_owner(found)
        found.role = role
        found.save(update_fields=["role"])
        history.record(
            member,
            "member.role",
            target=found.user.label,
            person=found.user,
            before={"role": before},
            after={"role": role},
        )
    return found


def remove_member(*, member: Membership, person: Membership) -> None:
    """Takes somebody out of the team, and the keys that they brought with them."""
    access.require(member, "member-change")
    with transaction.atomic():
        found = locked(member, person)
        if found.role == Role.OWNER:
            keep_an_owner(found)
        theirs = Key.objects.filter(team=member.team_id, owner=found.user_id).present()
        keys = list(theirs.select_for_update())
        for key in keys:
            forget(key)
        found.delete()
        history.record(
            member,
            "member.remove",
            target=found.user.label,
            person=found.user,
            before={"role": found.role, "keys": [str(key) for key in keys]},
        )


def grantable(member: Membership, role: str) -> str:
    if role not in RANK:
        raise Invalid("role", "Choose one of: " + ", ".join(RANK) + ".")
    if RANK[role] < RANK[member.role]:
        raise PermissionDenied(f"You are {member.role}; you cannot make anybody {role}.")
    return role


def locked(member: Membership, person: Membership) -> Membership:
    """The person's row. Locking the team's makes two changes of owners wait for each other."""
    Team.objects.select_for_update().get(pk=member.team_id)
    found = Membership.objects.select_related("user").filter(team=member.team_id, pk=person.pk)
    row = found.first()
    if row is None:
        raise Invalid("person", "This person is not in the team any more.")
    return row


def keep_an_owner(person: Membership) -> None:
    others = Membership.objects.filter(team=person.team_id, role=Role.OWNER).exclude(pk=person.pk)
    if not others.exists():
        raise Invalid(
            "role", f"{person.user.label} is the only owner. Make somebody else owner first."
        )
