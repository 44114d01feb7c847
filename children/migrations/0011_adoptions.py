"""Whether a child was adopted is asked on every page: by few rows, which lie among very many."""

from django.conf import settings
from django.db import migrations, models

from pace_site.operations.indexes import AddIndexWhileInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('children', '0010_placements_by_carer'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWhileInUse(
            model_name='careepisode',
            index=models.Index(condition=models.Q(('destination', 'ADOPTED'), ('voided_on__isnull', True)), fields=['child'], name='episode_left_by_adoption'),
        ),
    ]
