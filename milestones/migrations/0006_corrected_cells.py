"""Corrected cells stand with the run of any import, and no longer with the mapping of its sheets."""

from django.db import migrations, models


def move_from_mappings(apps, _schema_editor):
    for run in apps.get_model("milestones", "ImportRun").objects.filter(mapping__isnull=False):
        run.corrected = run.mapping.pop("corrected", [])
        run.save(update_fields=["mapping", "corrected"])


def move_to_mappings(apps, _schema_editor):
    for run in apps.get_model("milestones", "ImportRun").objects.filter(mapping__isnull=False):
        run.mapping["corrected"] = run.corrected
        run.save(update_fields=["mapping"])


class Migration(migrations.Migration):
    dependencies = [("milestones", "0005_data_quality")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="corrected",
            field=models.JSONField(
                blank=True, default=list, help_text="Cells that a person corrected for this import."
            ),
        ),
        migrations.RunPython(move_from_mappings, move_to_mappings),
    ]
