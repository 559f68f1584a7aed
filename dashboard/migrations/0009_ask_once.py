from __future__ import annotations

import django.db.models.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0008_webhooks"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="ask", name="ask_once_per_message"),
        migrations.AddConstraint(
            model_name="ask",
            constraint=models.UniqueConstraint(
                "chat",
                "message_id",
                django.db.models.functions.MD5(
                    django.db.models.functions.Cast("asked", models.TextField())
                ),
                name="ask_once",
            ),
        ),
    ]
