from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0007_former_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="key",
            name="webhooks_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("upstream_id", models.CharField(blank=True, max_length=100)),
                ("generations", models.JSONField(default=list)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("events", models.JSONField(default=list)),
                ("upstream_chat_id", models.CharField(blank=True, max_length=100)),
                ("host", models.CharField(blank=True, max_length=255)),
                ("sealed_address", models.TextField(blank=True)),
                ("token_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("created_at", models.DateTimeField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(auto_now_add=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("received", models.PositiveBigIntegerField(default=0)),
                ("last_event", models.CharField(blank=True, max_length=60)),
                ("last_received_at", models.DateTimeField(blank=True, null=True)),
                ("sync_asked_at", models.DateTimeField(blank=True, null=True)),
                ("missed", models.PositiveBigIntegerField(default=0)),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="dashboard.key",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="dashboard.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("body", models.BinaryField()),
                ("event", models.CharField(blank=True, max_length=60)),
                ("upstream_chat_id", models.CharField(blank=True, max_length=100)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("look", "Look"), ("sync", "Sync"), ("nothing", "Nothing")],
                        max_length=10,
                    ),
                ),
                ("look_at", models.DateTimeField(blank=True, null=True)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="dashboard.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("upstream_id", ""), _negated=True),
                fields=("team", "upstream_id"),
                name="webhook_once_per_team",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["webhook", "-id"], name="delivery_recent"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["received_at"], name="delivery_age"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("look_at", None), _negated=True),
                fields=["look_at"],
                name="delivery_to_look",
            ),
        ),
    ]
