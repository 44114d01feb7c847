from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChildrenConfig(AppConfig):
    name = "children"

    def ready(self):
        from children.codes import ship_code_tables

        post_migrate.connect(ship_code_tables, sender=self)
