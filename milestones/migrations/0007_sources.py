import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('children', '0007_sources'),
        ('milestones', '0006_corrected_cells'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestone',
            name='extract_source',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.extractsource'),
        ),
        migrations.RenameField(model_name='importrun', old_name='source', new_name='source_called'),
        migrations.AddField(
            model_name='importrun',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='children.extractsource'),
        ),
    ]
