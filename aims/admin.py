"""The admin pages of aims: their definitions, annotations and issued reports."""

from django.contrib import admin

from aims.aim_file_form import AimForm
from aims.models import Aim, AimVersion, Annotation, Report
from pace_site.accounts.permissions import Permission
from pace_site.audit.audited_admin import AuditedAdmin, PermittedAdmin, PermittedInline


class AimVersionInline(PermittedInline):
    needs = Permission.MANAGE_AIMS
    model = AimVersion
    fields = readonly_fields = ["number", "at", "by", "data"]


@admin.register(Aim)
class AimAdmin(AuditedAdmin):
    """An aim is written as in an aim file; saving another definition makes the next version."""

    needs = Permission.MANAGE_AIMS
    form = AimForm
    list_display = ["code", "status"]
    list_filter = ["status"]
    inlines = [AimVersionInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def save_model(self, request, obj, form, change):
        obj.pk = form.save_as_version().pk
        obj.refresh_from_db()


@admin.register(AimVersion)
class AimVersionAdmin(PermittedAdmin):
    needs = Permission.MANAGE_AIMS
    list_display = ["aim", "number", "at", "by"]
    list_select_related = ["aim", "by"]


@admin.register(Annotation)
class AnnotationAdmin(AuditedAdmin):
    needs = Permission.MANAGE_AIMS
    removable = True
    list_display = ["aim", "on", "label"]
    list_select_related = ["aim"]
    date_hierarchy = "on"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Report)
class ReportAdmin(PermittedAdmin):
    needs = Permission.MANAGE_AIMS
    list_display = ["authority", "as_at", "issued_at", "issued_by", "withdrawn_at"]
    list_select_related = ["authority", "issued_by"]
    date_hierarchy = "as_at"
