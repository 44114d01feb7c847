"""The admin pages: who may enter them, and their place in the site."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from pace_site.accounts.permissions import ADMIN_PERMISSIONS, permissions_of


class PaceAdminSite(AdminSite):
    site_header = "PACE tracker administration"
    site_title = "PACE tracker"
    index_title = "Administration"
    site_url = "/"

    def has_permission(self, request):
        return request.user.is_active and bool(ADMIN_PERMISSIONS & permissions_of(request.user))

    def login(self, request, extra_context=None):
        """People sign in once, for the whole site; who has, and may not enter, is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
