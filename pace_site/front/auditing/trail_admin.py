"""The admin pages of the audit trail."""

from django.contrib import admin

from pace_site.accounts.permissions import Permission
from pace_site.audit.audited_admin import PermittedAdmin
from pace_site.audit.models import AuditEntry
from pace_site.front.auditing.actions import note_trail_search

NOT_SHOWN = "not shown: this is about a child"
# By what the list of the trail is narrowed in its address.
NARROWS = ("action__exact", "at__year", "at__month", "at__day")


@admin.register(AuditEntry)
class AuditEntryAdmin(PermittedAdmin):
    """The trail, for whoever audits it. Of a child it shows the pseudonym and which fields changed, not the values.

    Each list and each entry that is opened stands in the trail itself. It is searched by child on the page *Trail*.
    """

    needs = Permission.VIEW_AUDIT
    list_display = ["at", "actor", "action", "record_type", "child_code"]
    list_filter = ["action"]
    date_hierarchy = "at"
    fields = [
        "at",
        "actor",
        "action",
        "record_type",
        "record_id",
        "child_code",
        "fields_changed",
        "was",
        "became",
        "why",
    ]

    def changelist_view(self, request, extra_context=None):
        if self.has_view_permission(request):
            chosen = {name: request.GET[name][:20] for name in NARROWS if name in request.GET}
            asked = {"page": "the list in the admin pages", **chosen}
            note_trail_search(by=request.user, child_code="", asked=asked, found=None)
        return super().changelist_view(request, extra_context)

    def opened(self, request, row):
        note_trail_search(by=request.user, child_code=row.child_code, asked={"entry": str(row.pk)}, found=1)

    @admin.display(description="fields")
    def fields_changed(self, entry: AuditEntry) -> str:
        return ", ".join(sorted({*(entry.before or {}), *(entry.after or {})}))

    @admin.display(description="before")
    def was(self, entry: AuditEntry) -> str:
        return values_in_words(entry, entry.before)

    @admin.display(description="after")
    def became(self, entry: AuditEntry) -> str:
        return values_in_words(entry, entry.after)

    @admin.display(description="reason")
    def why(self, entry: AuditEntry) -> str:
        return NOT_SHOWN if entry.child_code else entry.reason


def values_in_words(entry: AuditEntry, values: dict | None) -> str:
    """What an entry keeps, unless it is about a child: an auditor sees that by request only (`domain.md` 8.1)."""
    if entry.child_code:
        return NOT_SHOWN
    return "; ".join(f"{name}: {value}" for name, value in (values or {}).items()) or "nothing"
