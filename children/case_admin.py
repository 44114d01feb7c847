"""Admin pages of children's records: for reading only, and only of children whom the person may see with names."""

from django.db.models import QuerySet
from django.http import HttpRequest

from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.audit.audited_admin import PermittedAdmin, PermittedInline
from pace_site.audit.trail import record_view


class IdentifiableMixin:
    """These pages show council references, dates of birth and notes, so a pseudonym is not enough to open them."""

    needs = Permission.IMPORT_DATA

    def rows_for(self, user: User) -> QuerySet:
        return self.model._default_manager.identifiable_to(user)


class CaseAdmin(IdentifiableMixin, PermittedAdmin):
    """One model that hangs on a child; opening a record is a view of that child, and is audited as one."""

    list_select_related = ["child"]

    def child_of(self, row) -> Child:
        return row.child

    def opened(self, request: HttpRequest, row) -> None:
        record_view(self.child_of(row), by=request.user)


class CaseInline(IdentifiableMixin, PermittedInline):
    pass
