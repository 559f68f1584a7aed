from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0010_seal_second_factors"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="error",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
