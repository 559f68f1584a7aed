"""Chats and messages mirrored from v0, which key sees which chat, and prompts on their way."""

from __future__ import annotations

import re
import string
import uuid
from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from dashboard.models.account import User
from dashboard.models.keys import Key, seen_with_own_key
from dashboard.models.projects import Project
from dashboard.models.team import Membership, Team

STALLED_AFTER = timedelta(minutes=30)
BETWEEN_WORDS = f" {string.punctuation}"  # with signs beyond ASCII the index is not used


class Author(models.Model):
    """A person of v0, as far as the team's keys tell."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="authors")
    upstream_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    avatar_url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "upstream_id"], name="author_once_per_team")
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"v0 user {self.upstream_id[:8]}"


# The chats that everybody in the team sees. A word that v0 adds one day counts as private.
FOR_THE_TEAM = ("team", "team-edit", "unlisted", "public")


class ChatQuerySet(models.QuerySet["Chat"]):
    def visible_to(self, member: Membership) -> ChatQuerySet:
        """The team's chats, and the others that one of the member's own keys sees."""
        own = seen_with_own_key(ChatSight.objects.filter(chat=OuterRef("pk")), member)
        return self.filter(Q(privacy__in=FOR_THE_TEAM) | own, team=member.team_id)

    def present(self) -> ChatQuerySet:
        """Without the tombstones of deleted chats."""
        return self.filter(gone_at=None)

    def titled(self, words: str) -> ChatQuerySet:
        """Chats with these words anywhere in their title; see begins_word for one or two letters.

        Not icontains: its UPPER() keeps PostgreSQL from using the trigram index.
        """
        begun = f"(^|[{re.escape(BETWEEN_WORDS)}])" if begins_word(words) else ""
        return self.filter(name__iregex=begun + re.escape(words))


def begins_word(words: str) -> bool:
    """Whether a search is so short that it finds only where a word of a title begins.

    One or two letters make no trigram, so the index cannot find them elsewhere. Scripts that write
    words without blanks between are searched through.
    """
    return len(words) < 3 and words.isascii() and words.isalnum()


class Chat(models.Model):
    class Status(models.TextChoices):
        EMPTY = "empty"  # no version yet
        RUNNING = "running"
        WAITING = "waiting"  # the agent has asked something
        READY = "ready"
        FAILED = "failed"

    class Privacy(models.TextChoices):
        PRIVATE = "private"
        TEAM = "team"
        TEAM_EDIT = "team-edit"
        UNLISTED = "unlisted"
        PUBLIC = "public"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="chats")
    upstream_id = models.CharField(max_length=100)
    generation = models.CharField(max_length=2, default="v1")
    name = models.CharField(max_length=500, blank=True)
    privacy = models.CharField(max_length=20)  # open: v0 may add values
    favorite = models.BooleanField(default=False)
    can_write = models.BooleanField(default=True)  # what v0 told the key that looked last
    author = models.ForeignKey(Author, on_delete=models.SET_NULL, null=True, related_name="chats")
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="chats"
    )
    # v0's v1 cannot take a chat out of a project. This project of v0's is ignored for the chat.
    unassigned_from = models.CharField(max_length=100, blank=True)
    vercel_project_id = models.CharField(max_length=100, blank=True)
    web_url = models.URLField(max_length=500, blank=True)
    model_id = models.CharField(max_length=60, blank=True)
    metadata = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.EMPTY)
    version_count = models.PositiveIntegerField(default=0)
    screenshot_url = models.URLField(max_length=500, blank=True)  # of the latest version
    dark_screenshot_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    forked_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks"
    )
    forked_from_version = models.ForeignKey(
        "dashboard.Version", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks"
    )
    listing_digest = models.CharField(max_length=64, blank=True)  # what the list last said
    synced_at = models.DateTimeField(null=True)  # when its detail was last fetched
    running_since = models.DateTimeField(null=True, blank=True)
    follow_at = models.DateTimeField(null=True, blank=True)  # look again at v0 then
    # A follower reads along in v0's stream until then, and moves it ahead while it lives.
    followed_until = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = ChatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "upstream_id"], name="chat_once_per_team")
        ]
        indexes = [
            models.Index(fields=["team", "-updated_at", "-id"], name="chat_recent"),
            models.Index(fields=["team", "-created_at", "-id"], name="chat_newest"),
            models.Index(fields=["team", "name", "id"], name="chat_by_name"),
            models.Index(fields=["project", "-updated_at"], name="chat_of_project"),
            # The list's filters: few rows of many must not be looked for one by one.
            models.Index(fields=["author", "-updated_at"], name="chat_of_author"),
            models.Index(fields=["team", "status", "-updated_at", "-id"], name="chat_by_status"),
            models.Index(fields=["team", "privacy", "-updated_at", "-id"], name="chat_by_privacy"),
            models.Index(
                fields=["team", "-updated_at", "-id"],
                condition=Q(favorite=True),
                name="chat_favorites",
            ),
            models.Index(
                fields=["team", "-updated_at", "-id"],
                condition=~Q(gone_at=None),
                name="chat_tombstones",
            ),
            models.Index(fields=["follow_at"], condition=~Q(follow_at=None), name="chat_to_follow"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="chat_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name or "Untitled chat"

    @property
    def public_label(self) -> str:
        """What to call it where people read who may not see it."""
        return self.label if self.privacy in FOR_THE_TEAM else "a private chat"

    @property
    def is_stalled(self) -> bool:
        """v0 calls it unfinished for so long that nobody should wait in front of the page."""
        since = self.running_since
        is_long = since is not None and since < timezone.now() - STALLED_AFTER
        return is_long and self.status == self.Status.RUNNING


class ChatSight(models.Model):
    """This key sees this chat."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="sights")
    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="chat_sights")
    can_write = models.BooleanField(null=True)  # None: v0 has not told this key

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chat", "key"], name="chat_sight")]


class Message(models.Model):
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="messages")
    upstream_id = models.CharField(max_length=100)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=60)  # v0's message type
    content = models.TextField(blank=True)
    # As it came: v1's experimental_content, v2's parts.
    parts = models.JSONField(default=list)
    attachments = models.JSONField(default=list)
    finish_reason = models.CharField(max_length=40, blank=True)
    # v0's own words where it broke the answer off. Its stream alone tells them; see broken_off.py.
    error = models.TextField(blank=True, default="", db_default="")
    # v0's credits (US dollars); None where v0 has not told.
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    tokens = models.JSONField(null=True)  # input, output, cacheRead, cacheWrite, total
    model = models.CharField(max_length=60, blank=True)  # that wrote it, where v0 tells
    author = models.ForeignKey(Author, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat", "upstream_id"], name="message_once_per_chat")
        ]
        indexes = [models.Index(fields=["chat", "created_at", "id"], name="message_order")]


class Submission(models.Model):
    """A prompt on its way to v0. The nonce makes a double submit one chat.

    UNCLEAR: the request may or may not have arrived; it is looked up, never sent again blindly.
    """

    class State(models.TextChoices):
        SENDING = "sending"
        SENT = "sent"
        UNCLEAR = "unclear"
        FAILED = "failed"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="submissions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="submissions")
    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="submissions")
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    chat = models.ForeignKey(
        Chat, on_delete=models.CASCADE, null=True, blank=True, related_name="submissions"
    )  # the chat a message goes to, or the chat that came of it
    request = models.JSONField()  # the fields as they are sent, to be shown and edited again
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    follow_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "follow_at"], name="submission_follow")]
