"""Versions of a chat and their files; each distinct content is stored once, by SHA-256."""

from __future__ import annotations

import base64

from django.db import models

from dashboard.models.chats import Chat


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat", "upstream_id"], name="version_once_per_chat")
        ]
        indexes = [models.Index(fields=["chat", "-number"], name="version_order")]

    def __str__(self) -> str:
        return f"Version {self.number}"


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
