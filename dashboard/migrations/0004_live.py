from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0003_both_generations")]

    operations = [
        migrations.AddField("chat", "followed_until", models.DateTimeField(blank=True, null=True)),
    ]
