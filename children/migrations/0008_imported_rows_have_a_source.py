from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('children', '0007_sources'),
        ('milestones', '0008_sources_of_rows'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='careepisode',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'hand'), ('extract_source__isnull', False), _connector='OR'), name='careepisode_of_an_extract_has_its_source'),
        ),
        migrations.AddConstraint(
            model_name='child',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'hand'), ('extract_source__isnull', False), _connector='OR'), name='child_of_an_extract_has_its_source'),
        ),
        migrations.AddConstraint(
            model_name='legalbasis',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'hand'), ('extract_source__isnull', False), _connector='OR'), name='legalbasis_of_an_extract_has_its_source'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'hand'), ('extract_source__isnull', False), _connector='OR'), name='placement_of_an_extract_has_its_source'),
        ),
    ]
