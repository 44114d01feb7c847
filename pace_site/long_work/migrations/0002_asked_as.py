from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("long_work", "0001_long_work"),
    ]

    operations = [
        migrations.AddField(
            model_name="longwork",
            name="asked_as",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
