"""Versions of a chat and their files; each distinct content is stored once, by SHA-256.

v0 lets people edit the files of a version in place. What it had before stays here as a former state
of it: a row beside it with the former files.
"""

from __future__ import annotations

import base64

from django.db import models

from dashboard.models.account import User
from dashboard.models.chats import Chat


class Versions(models.Manager["Version"]):
    """The versions that v0 tells, without what they were before they were edited."""

    def get_queryset(self) -> models.QuerySet[Version]:
        return super().get_queryset().filter(former_of=None)


class Version(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending"
        COMPLETED = "completed"
        FAILED = "failed"

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="versions")
    upstream_id = models.CharField(max_length=100)
    number = models.PositiveIntegerField()  # 1 is the oldest
    status = models.CharField(max_length=20)  # open: v0 may add values
    demo_url = models.URLField(max_length=1000, blank=True)
    screenshot_url = models.URLField(max_length=1000, blank=True)
    dark_screenshot_url = models.URLField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    files_at = models.DateTimeField(null=True)  # when its files were stored
    listing_digest = models.CharField(max_length=64, blank=True)
    # Of a former state: the version as it is now, which of its states this was (1 is the oldest),
    # since when others are in its place, and who edited it here (None: elsewhere, or unknown).
    former_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    edition = models.PositiveIntegerField(default=0)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = Versions()
    states = models.Manager["Version"]()  # former ones, too

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat", "upstream_id"], name="version_once_per_chat"),
            models.UniqueConstraint(fields=["former_of", "edition"], name="state_once"),
            models.CheckConstraint(
                condition=models.Q(former_of=None, edition=0)
                | models.Q(former_of__isnull=False, edition__gt=0),
                name="state_of_a_version",
            ),
        ]
        indexes = [models.Index(fields=["chat", "-number"], name="version_order")]

    def __str__(self) -> str:
        return self.name[:1].upper() + self.name[1:]

    @property
    def is_former(self) -> bool:
        """Whether v0 has other files in its place now."""
        return self.former_of_id is not None

    @property
    def place(self) -> str:
        """What it is called in addresses: 3, or 3.1 for the first state of version 3."""
        return f"{self.number}.{self.edition}" if self.is_former else str(self.number)

    @property
    def when(self) -> str:
        """Of a former state, which one: before Ann's edit. Else nothing."""
        if not self.is_former:
            return ""
        return f"before {self.replaced_by.label}'s edit" if self.replaced_by else "before an edit"

    @property
    def name(self) -> str:
        """What to call it in a sentence: version 3, or version 3 before Ann's edit."""
        return f"version {self.number} {self.when}".rstrip()


class Content(models.Model):
    sha256 = models.CharField(max_length=64, primary_key=True)  # hex, of the file's bytes
    text = models.TextField()  # in base64 where it is no text
    is_binary = models.BooleanField(default=False)
    size = models.PositiveIntegerField()  # bytes

    def __str__(self) -> str:
        return self.sha256

    @property
    def data(self) -> bytes:
        """The file itself."""
        return base64.b64decode(self.text) if self.is_binary else self.text.encode()


class VersionFile(models.Model):
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=1000)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="files")
    locked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="file_once")]


def left_nothing() -> models.Q:
    """The versions that failed and left no files: what came next is told since the one before."""
    files = VersionFile.objects.filter(version=models.OuterRef("pk"))
    return models.Q(~models.Exists(files), status=Version.Status.FAILED)
