from django.db import migrations


class Migration(migrations.Migration):
    """Nothing of the tables changes: the guards are put up anew after each migration, and these are others."""

    dependencies = [
        ("audit", "0006_break_glass"),
    ]

    operations = []
