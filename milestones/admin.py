"""The admin pages of milestones and of imports, for reading."""

from django.contrib import admin

from children.case_admin import CaseAdmin
from milestones.models import ImportRun, Milestone
from pace_site.accounts.permissions import Permission
from pace_site.audit.audited_admin import PermittedAdmin


@admin.register(Milestone)
class MilestoneAdmin(CaseAdmin):
    list_display = ["child", "kind", "happened_on", "planned_on", "route", "voided_on", "origin"]
    list_filter = ["kind", "route", "precision", "origin"]
    date_hierarchy = "happened_on"


@admin.register(ImportRun)
class ImportRunAdmin(PermittedAdmin):
    needs = Permission.IMPORT_DATA
    list_display = ["extract_date", "at", "by"]
    list_select_related = ["by"]
    date_hierarchy = "extract_date"
