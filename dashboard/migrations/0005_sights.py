from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0004_live")]

    operations = [
        migrations.AddField("chatsight", "can_write", models.BooleanField(null=True)),
    ]
