"""The admin pages of children, for reading, and of the code tables."""

from django import forms
from django.contrib import admin

from children.case_admin import CaseAdmin, CaseInline, IdentifiableMixin
from children.models import (
    Allocation,
    CareEpisode,
    Child,
    Destination,
    Family,
    Identity,
    LegalBasis,
    LegalMeasure,
    Placement,
    PlacementType,
)
from pace_site.accounts.permissions import Permission
from pace_site.audit.audited_admin import AuditedAdmin, PermittedAdmin
from pace_site.look.words import closed_children


class CodeForm(forms.ModelForm):
    def clean(self):
        start, end = self.cleaned_data.get("active_from"), self.cleaned_data.get("active_to")
        if start and end and end < start:
            self.add_error("active_to", "A code cannot end before it begins.")
        return super().clean()


class CodeTableAdmin(AuditedAdmin):
    """A code's place in the statistics and its dates. Codes and labels are shared by all authorities, and stay."""

    needs = Permission.EDIT_CODE_TABLES
    form = CodeForm
    list_display = ["label", "code", "clas_code", "active_from", "active_to"]
    shared = ["code", "label"]

    def rows_for(self, user):
        return self.model._default_manager.all()

    def get_fields(self, request, obj=None):
        return [*self.shared, "clas_code", "active_from", "active_to"]

    def get_readonly_fields(self, request, obj=None):
        return self.shared

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(PlacementType)
class PlacementTypeAdmin(CodeTableAdmin):
    shared = ["code", "label", "group"]


@admin.register(LegalMeasure)
class LegalMeasureAdmin(CodeTableAdmin):
    shared = ["code", "label", "basis"]


@admin.register(Destination)
class DestinationAdmin(CodeTableAdmin):
    pass


class AllocationInline(CaseInline):
    model = Allocation
    fields = ["user", "start", "end"]


class CareEpisodeInline(CaseInline):
    model = CareEpisode
    fields = ["start", "end", "destination", "origin"]


class PlacementInline(CaseInline):
    model = Placement
    fields = ["start", "end", "placement_type", "provider", "carer", "short_break", "origin"]


class LegalBasisInline(CaseInline):
    model = LegalBasis
    fields = ["start", "end", "measure", "origin"]


@admin.register(Child)
class ChildAdmin(CaseAdmin):
    list_display = ["code", "team", "locality", "origin", "last_extract_on"]
    list_filter = ["origin", "sex"]
    list_select_related = ["team"]
    inlines = [AllocationInline, CareEpisodeInline, PlacementInline, LegalBasisInline]

    def child_of(self, row):
        return row


@admin.register(Family)
class FamilyAdmin(IdentifiableMixin, PermittedAdmin):
    list_display = ["ref"]
    fields = ["ref", "members"]

    @admin.display(description="children")
    def members(self, family: Family) -> str:
        """Those whose records are closed to nobody; of the others how many there are (ADR 0020)."""
        codes = list(family.children.open_to_everybody().order_by("code").values_list("code", flat=True))
        closed = family.children.closed_to_somebody().count()
        return ", ".join([*codes, closed_children(closed)] if closed else codes)


@admin.register(Identity)
class IdentityAdmin(CaseAdmin):
    """Names stand on the record's own page alone: not in the list, and not in the title of the page."""

    list_display = ["child"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "subtitle": None})


@admin.register(Allocation)
class AllocationAdmin(CaseAdmin):
    list_display = ["child", "user", "start", "end"]
    list_select_related = ["child", "user"]
    date_hierarchy = "start"


@admin.register(CareEpisode)
class CareEpisodeAdmin(CaseAdmin):
    list_display = ["child", "start", "end", "destination", "origin"]
    list_select_related = ["child", "destination"]
    list_filter = ["destination", "origin"]
    date_hierarchy = "start"


@admin.register(Placement)
class PlacementAdmin(CaseAdmin):
    list_display = ["child", "start", "end", "placement_type", "short_break", "origin"]
    list_select_related = ["child", "placement_type"]
    list_filter = ["placement_type", "short_break", "origin"]
    date_hierarchy = "start"


@admin.register(LegalBasis)
class LegalBasisAdmin(CaseAdmin):
    list_display = ["child", "start", "end", "measure", "origin"]
    list_select_related = ["child", "measure"]
    list_filter = ["measure", "origin"]
    date_hierarchy = "start"
