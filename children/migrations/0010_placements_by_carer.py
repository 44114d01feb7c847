"""Rule 40 of data quality asks who else was placed with a carer: without an index it reads a whole nation's placements."""

from django.db import migrations, models

from pace_site.operations.indexes import AddIndexWhileInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("children", "0009_meanings_of_fields"),
    ]

    operations = [
        AddIndexWhileInUse(
            model_name="placement",
            index=models.Index(fields=["carer"], name="placement_by_carer"),
        ),
    ]
