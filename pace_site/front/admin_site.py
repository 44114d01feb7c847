"""The admin pages: who may enter them, and their place in the site."""

from django.contrib.admin import AdminSite

from pace_site.accounts.permissions import Permission, permissions_of

ADMIN_PERMISSIONS = frozenset(
    {Permission.MANAGE_PEOPLE, Permission.EDIT_CODE_TABLES, Permission.MANAGE_AIMS, Permission.VIEW_AUDIT}
)


class PaceAdminSite(AdminSite):
    site_header = "PACE tracker administration"
    site_title = "PACE tracker"
    index_title = "Administration"
    site_url = "/"

    def has_permission(self, request):
        return request.user.is_active and bool(ADMIN_PERMISSIONS & permissions_of(request.user))
