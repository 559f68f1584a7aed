"""Which key a person acts with, and what every action does around its question to v0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils import timezone

from dashboard import access, upstream
from dashboard.models import (
    Chat,
    ChatSight,
    Deployment,
    Generation,
    Key,
    Membership,
    Project,
    ProjectSight,
)
from dashboard.models.chats import FOR_THE_TEAM
from dashboard.models.keys import KeyQuerySet
from dashboard.sync.chats import lose_sight
from dashboard.sync.follow import key_of
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused

NO_KEY = "You need a v0 key for this. Add your own under Keys, or ask a colleague to share theirs."
NOBODYS_KEY = "No v0 key of the team can be used for this. Members can add theirs under Keys."
UNCLEAR = ("unclear", "slow")  # the request may have arrived
KEYS_AT_ONCE = 4  # asked while somebody waits
FOR_VIEWING = ("team", "unlisted", "public")  # privacies by which others may read, and no more


def usable_keys(member: Membership) -> KeyQuerySet:
    """Keys this person may act with: their own first, then those offered to the team."""
    return keys_of(member.team_id, member.user_id)


def keys_of(team: int, user: int | OuterRef) -> KeyQuerySet:
    """The same for the person of another query's row."""
    own = Q(owner=user)
    return (
        Key.objects.usable()
        .filter(own | Q(shared=True), team=team)
        .annotate(foreign=Case(When(own, then=0), default=1, output_field=IntegerField()))
        .select_related("owner")
        .order_by("foreign", "created_at", "id")
    )


def key_for(member: Membership, chat: Chat | None = None, *, to_write: bool = False) -> Key:
    """The own key that sees the chat, else an own one that may, else a shared one that does; with
    `to_write` one that may write in it, if there is one.

    Without a chat: the first own key, else a shared one. Raises Refused where there is none.
    """
    keys = usable_keys(member)
    if chat is not None:
        keys = keys_for_chat(member, chat)
    key = (writing(keys).first() if to_write else None) or keys.first()
    if key is None:
        raise Refused(NO_KEY if access.can(member, "key-add") else NOBODYS_KEY, kind="forbidden")
    return key


def keys_for_chat(member: Membership, chat: Chat) -> KeyQuerySet:
    return keys_of_chat(chat, member.user_id)


def keys_of_chat(chat: Chat, user: int | OuterRef) -> KeyQuerySet:
    """An own key that was mirrored and did not see the chat comes last: v0 would answer 404.

    `writes` says whether the key may write in the chat: as v0 told it; its author's always may.
    """
    mine = Q(owner=user)
    sights = ChatSight.objects.filter(chat=chat, key=OuterRef("pk"))
    author = chat.author.upstream_id if chat.author else ""
    writes = Case(
        When(told__isnull=False, then=F("told")),
        When(upstream_user_id=author or None, then=True),
        default=others_write(chat),
        output_field=BooleanField(),
    )
    keys = keys_of(chat.team_id, user).annotate(
        sees=Exists(sights), told=Subquery(sights.values("can_write")[:1]), writes=writes
    )
    keys = keys.filter(mine | Q(sees=True))
    turn = Case(
        When(mine & Q(sees=True), then=0),
        When(mine & Q(last_synced_at=None), then=1),
        When(sees=True, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return keys.annotate(turn=turn).order_by("turn", "created_at", "id")


def others_write(chat: Chat) -> bool:
    """Whether to suppose so of a key that v0 has told nothing about the chat, and is not its
    author's: not where the chat is shared for viewing, else as v0 told the key that looked last."""
    return chat.can_write and not (chat.author_id and chat.privacy in FOR_VIEWING)


def key_to_look_with(member: Membership, chat: Chat) -> Key:
    """For what only shows what v0 shows: an own or shared key that sees the chat, else the one it
    is mirrored with, so that those who may not have keys see it as well. Raises Refused."""
    own = keys_for_chat(member, chat).filter(chat_sights__chat=chat).first()
    return own or key_of(chat) or key_for(member, chat)


def writing(keys: Any) -> KeyQuerySet:
    """Of the keys for a chat, those that may write in it."""
    return cast(KeyQuerySet, keys.filter(writes=True))


@dataclass(frozen=True)
class Standing:
    """What a person can do in a chat with the keys that there are."""

    has_key: bool
    may_write: bool


def standing(member: Membership, chat: Chat) -> Standing:
    """Which keys there are for the chat, for whoever may act."""
    found = Chat.objects.filter(pk=chat.pk).values_list(*standing_asked(member, chat))
    return Standing(*found.get())


def standing_asked(member: Membership, chat: Chat) -> tuple[Exists, Exists]:
    """The questions of a Standing, for a query that is made anyway."""
    keys = keys_for_chat(member, chat).order_by()
    return Exists(keys), Exists(writing(keys))


def writers(chat: Chat) -> QuerySet[Membership]:
    """The people of the team who can write in the chat: by their role, because they see it, and
    with a key that may."""
    user = OuterRef("user")
    rows = Membership.objects.filter(
        Exists(writing(keys_of_chat(chat, user).order_by())),
        team=chat.team_id,
        role__in=access.CAN["chat-create"][0],
    )
    if chat.privacy not in FOR_THE_TEAM:
        rows = rows.filter(
            Exists(ChatSight.objects.filter(chat=chat, key__owner=user, key__removed_at=None))
        )
    return rows.select_related("user").order_by("user__name", "user__email")


def key_for_project(member: Membership, project: Project) -> Key:
    """Like key_for, for a key that sees the project."""
    sees = Exists(ProjectSight.objects.filter(project=project, key=OuterRef("pk")))
    keys = usable_keys(member).annotate(sees=sees)
    return keys.filter(sees=True).first() or key_for(member)


@contextmanager
def remote(key: Key) -> Iterator[Remote]:
    """v0, asked with this key. A key that v0 no longer knows is marked so."""
    try:
        with upstream.connect(key) as asked:
            yield asked
    except Refused as refusal:
        note_rejection(key, refusal)
        raise


def note_rejection(key: Key, refusal: Refused) -> None:
    """Marks a key that v0 no longer knows."""
    if refusal.kind == "rejected":
        Key.objects.filter(pk=key.pk, state=Key.State.OK).update(
            state=Key.State.REJECTED, state_reason=refusal.sentence[:300]
        )


@contextmanager
def remote_of_chat(
    member: Membership, chat: Chat, *, to_write: bool = False, to_look: bool = False
) -> Iterator[tuple[Key, Remote]]:
    """v0, asked about a chat by somebody who sees it. Notices that the chat is gone."""
    see_chat(member, chat)
    key = key_to_look_with(member, chat) if to_look else key_for(member, chat, to_write=to_write)
    try:
        with remote(key) as asked:
            yield key, asked.of(chat.generation)
    except Refused as refusal:
        raise or_gone(refusal, key, chat) from None


def or_gone(refusal: Refused, key: Key, chat: Chat) -> Refused:
    """The refusal of something in a chat, or where v0 has deleted the chat one that says so.

    What v0 refused once because this key only reads is not offered again.
    """
    if refusal.kind not in ("gone", "forbidden"):
        return refusal
    read_again(key, chat)
    if refusal.kind == "forbidden" or chat.gone_at is None:
        return refusal
    sentence = f"“{chat.label}” was deleted in v0 in the meantime. It stays here, read-only."
    return Refused(sentence, kind="gone")


def remote_to_mark(member: Membership, chat: Chat) -> AbstractContextManager[tuple[Key, Remote]]:
    """v0, asked to remember something of a chat, which v2 keeps in the chat itself."""
    return remote_of_chat(member, chat, to_write=chat.generation == Generation.V2)


def read_again(key: Key, chat: Chat) -> None:
    """Asks for the chat by its own address, and concludes from the answer what a sync would: that
    it is gone, or no longer seen, or whether this key may write in it.

    v0 hides what a key may not see: after a 404 the keys that saw the chat as well are asked, some
    at once and the others as if it were followed. A key that never saw the chat proves nothing.
    """
    if not ChatSight.objects.filter(key=key, chat=chat).exists():
        return
    asked: Key | None = key
    for _ in range(KEYS_AT_ONCE):
        if asked is None or reads(asked, chat):
            return
        asked = key_of(chat)
    Chat.objects.present().filter(pk=chat.pk).update(follow_at=timezone.now())


def reads(key: Key, chat: Chat) -> bool:
    """Whether this key still sees the chat, or at least was not told that it does not exist."""
    try:
        with upstream.connect(key) as asked:
            told = asked.of(chat.generation).chat(chat.upstream_id)
    except Refused as refusal:
        if refusal.kind in ("gone", "forbidden"):
            with transaction.atomic():
                lose_sight(key, {chat.upstream_id: refusal.kind})
            chat.refresh_from_db(fields=["gone_at", "follow_at", "running_since"])
        return refusal.kind != "gone" or chat.gone_at is not None
    ChatSight.objects.filter(key=key, chat=chat).update(can_write=told.can_write)
    return True


def see_stored_chat(member: Membership, chat: Chat) -> None:
    """For what is done with what is stored here, whether or not v0 still has the chat."""
    if not Chat.objects.visible_to(member).filter(pk=chat.pk).exists():
        raise PermissionDenied("You cannot see this chat.")


def see_chat(member: Membership, chat: Chat) -> None:
    see_stored_chat(member, chat)
    if chat.gone_at is not None:
        raise Refused(f"“{chat.label}” was deleted in v0; nothing can be changed.", kind="gone")


def see_project(member: Membership, project: Project) -> None:
    if not Project.objects.visible_to(member).filter(pk=project.pk).exists():
        raise PermissionDenied("You cannot see this project.")
    if project.gone_at is not None:
        raise Refused(f"“{project.name}” was deleted in v0; nothing can be changed.", kind="gone")


def see_deployment(member: Membership, deployment: Deployment) -> None:
    if not Deployment.objects.visible_to(member).filter(pk=deployment.pk).exists():
        raise PermissionDenied("You cannot see this deployment.")


def own_or_overseen(member: Membership, key: Key) -> None:
    """For what the owner of a key and those who oversee keys may do with it."""
    if key.team_id != member.team_id:
        raise PermissionDenied("This key belongs to another team.")
    access.require(member, "key-add" if key.owner_id == member.user_id else "key-oversee")
