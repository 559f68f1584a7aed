
"""Indexes for the filters of the chat list."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(fields=["author", "-updated_at"], name="chat_of_author"),
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(
                fields=["team", "status", "-updated_at", "-id"], name="chat_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(
                fields=["team", "privacy", "-updated_at", "-id"], name="chat_by_privacy"
            ),
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(
                condition=models.Q(("favorite", True)),
                fields=["team", "-updated_at", "-id"],
                name="chat_favorites",
            ),
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(
                condition=models.Q(("gone_at", None), _negated=True),
                fields=["team", "-updated_at", "-id"],
                name="chat_tombstones",
            ),
        ),
    ]
