"""Front: pages and commands that compose several apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class FrontConfig(AppConfig):
    name = "pace_site.front"
    label = "front"

    def ready(self):
        from pace_site.front.reports import in_background  # noqa: F401 - a worker must know what it is to make


class PaceAdminConfig(AdminConfig):
    default_site = "pace_site.front.admin_site.PaceAdminSite"
