"""Accounts: organisations, teams, people, roles and scope."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "pace_site.accounts"
    label = "accounts"
    verbose_name = "People and organisations"

    def ready(self):
        from pace_site.accounts import belonging
        from pace_site.accounts.authorities import ship_authorities

        belonging.connect()
        post_migrate.connect(ship_authorities, sender=self)
