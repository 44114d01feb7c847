"""The admin pages: who may enter them, and their place in the site."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from pace_site.accounts.permissions import ADMIN_PERMISSIONS, permissions_of
from pace_site.audit.audited_admin import PermittedAdmin


class PaceAdminSite(AdminSite):
    site_header = "PACE tracker administration"
    site_title = "PACE tracker"
    index_title = "Administration"
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take only pages that ask our own permissions; what packages register asks Django's flags instead."""
        if admin_class is not None and issubclass(admin_class, PermittedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self):
        """Without the jump to the page of any record of any model: it asks nobody's scope."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def has_permission(self, request):
        return request.user.is_active and bool(ADMIN_PERMISSIONS & permissions_of(request.user))

    def login(self, request, extra_context=None):
        """People sign in once, for the whole site; who has, and may not enter, is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def logout(self, request, extra_context=None):
        return redirect("account_logout")
