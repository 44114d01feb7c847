"""Whether a child was adopted is asked on every page: by few rows, which lie among very many."""

from django.conf import settings
from django.db import migrations, models

from pace_site.operations.indexes import AddIndexWhileInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('children', '0011_adoptions'),
        ('milestones', '0011_meanings_of_fields'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWhileInUse(
            model_name='milestone',
            index=models.Index(condition=models.Q(models.Q(('order_type', 'AO'), models.Q(('order_type', ''), ('route', 'ADOPT')), _connector='OR'), ('kind', 'ORDER_GRANTED'), ('voided_on__isnull', True)), fields=['child'], name='milestone_adoption_granted'),
        ),
    ]
