"""Admin pages that ask our own permissions and scope, and write the audit trail instead of Django's admin log."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.audit.actions import remove_record, save_record
from pace_site.audit.models import AuditEntry

ENTRIES_A_PAGE = 100


class PermittedMixin:
    """A page or an inline that shows the rows in scope to whoever holds one permission, and changes nothing."""

    needs: Permission

    def rows_for(self, user: User) -> QuerySet:
        """The rows that `user` may see, given that they hold the permission."""
        return self.model._default_manager.visible_to(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.rows_for(request.user).order_by(*self.get_ordering(request) or self.model._meta.ordering)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only what lies in scope; of a model without scope nothing can be offered."""
        related = db_field.remote_field.model._default_manager
        offered = related.visible_to(request.user) if hasattr(related, "visible_to") else related.none()
        return super().formfield_for_foreignkey(db_field, request, **{"queryset": offered, **kwargs})

    def has_view_permission(self, request, obj=None):
        return can(request.user, self.needs)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PermittedAdmin(PermittedMixin, admin.ModelAdmin):
    """View-only admin pages of one model."""

    actions = None
    view_on_site = False
    list_per_page = 50
    object_history_template = "admin/trail_of_record.html"

    def has_module_permission(self, request):
        return can(request.user, self.needs)

    def get_object(self, request, object_id, from_field=None):
        """Find a row in scope; one that is not there and one that is not theirs look the same."""
        # An empty name of a field, which only a made-up address has, stands for the key.
        found = super().get_object(request, object_id, from_field or None)
        if found is None:
            raise Http404("There is no such record.")
        return found

    def lookup_allowed(self, lookup, value, request=None):
        """Only the filters on the page: others would answer questions about what the page does not show."""
        offered = {*self.list_filter, self.date_hierarchy}
        return lookup.partition("__")[0] in offered

    def opened(self, request: HttpRequest, row: Model) -> None:
        """Called when one record is shown; for those whose reading is audited."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            self.opened(request, obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def history_view(self, request, object_id, extra_context=None):
        """What the audit trail says of one record."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        self.opened(request, row)
        entries = AuditEntry.objects.visible_to(request.user).filter(
            record_type=self.model._meta.model_name, record_id=str(row.pk)
        )
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of one {self.opts.verbose_name}",
            "rows": Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page")),
            "object": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, self.object_history_template, context)

    def log_addition(self, request, obj, message):
        """Nothing: the action has written the audit trail."""

    def log_change(self, request, obj, message):
        """Nothing: the action has written the audit trail."""

    def log_deletions(self, request, queryset):
        """Nothing: the action has written the audit trail."""


class AuditedMixin:
    """Whoever holds the permission may add and change, and remove where `removable`."""

    removable = False

    def has_add_permission(self, request, obj=None):
        return can(request.user, self.needs)

    def has_change_permission(self, request, obj=None):
        return can(request.user, self.needs)

    def has_delete_permission(self, request, obj=None):
        return self.removable and can(request.user, self.needs)


class AuditedAdmin(AuditedMixin, PermittedAdmin):
    """Editable admin pages of one model; forms and formsets know who acts as `by`."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        save_record(obj, by=request.user)

    def delete_model(self, request, obj):
        remove_record(obj, by=request.user)

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            remove_record(row, by=request.user)
        for row in rows:
            save_record(row, by=request.user)


class PermittedInline(PermittedMixin, admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = False


class AuditedInline(AuditedMixin, PermittedInline):
    can_delete = True
    removable = True

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset
