import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0008_sources_of_rows'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importrun',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='children.extractsource'),
        ),
        migrations.RemoveField(model_name='importrun', name='source_called'),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'hand'), ('extract_source__isnull', False), _connector='OR'), name='milestone_of_an_extract_has_its_source'),
        ),
    ]
