from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self):
        from milestones.revision_triggers import put_up_and_renew, take_down

        pre_migrate.connect(take_down, sender=self)
        post_migrate.connect(put_up_and_renew, sender=self)
