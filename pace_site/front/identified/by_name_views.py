"""The pages on which children are exported by name: the list is told and the reason asked, then the file is made."""

from abc import ABC, abstractmethod
from datetime import date

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from aims.models import Aim, AimVersion
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.caseload.cases import cases_in_scope
from pace_site.front.caseload.choosing_forms import ChoosingForm
from pace_site.front.identified.actions import NOBODY, export_by_name
from pace_site.front.identified.aim_by_name import COLUMNS as AIM_COLUMNS
from pace_site.front.identified.aim_by_name import AimByName, figures_of
from pace_site.front.identified.asking import KEEPING
from pace_site.front.identified.by_name_forms import ByNameForm
from pace_site.front.identified.caseload_by_name import COLUMNS as CASELOAD_COLUMNS
from pace_site.front.identified.caseload_by_name import CaseloadByName
from pace_site.front.identified.named_list import Column
from pace_site.look.as_at import as_at_of
from pace_site.look.attachment import as_attachment
from pace_site.look.words import british_date, children

Source = AimByName | CaseloadByName


class ByNameView(PermissionRequiredMixin, View, ABC):
    """GET tells what would be in the file and asks why; only POST makes it."""

    needs = Permission.EXPORT_IDENTIFIED
    http_method_names = ["get", "post"]
    columns: tuple[Column, ...]
    section: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The figures whose children may be asked for, where there are several."""
        return ()

    def get(self, request: HttpRequest, **_address) -> HttpResponse:
        as_at = as_at_of(request)
        source = self.source(as_at.day)
        form = ByNameForm(initial={"as_at": as_at.day, "shown": self.keys}, keys=self.keys)
        return self.page(form, source, told_wrong=as_at.error)

    def post(self, request: HttpRequest, **_address) -> HttpResponse:
        form = ByNameForm(request.POST, keys=self.keys)
        form.full_clean()
        source = self.source(form.cleaned_data.get("as_at") or as_at_of(request).day)
        if form.is_valid() and request.POST.get("told") != told_of(source):
            # The day was changed, or somebody recorded something: what the person agreed to is not what would leave.
            form.add_error(
                None,
                f"As at {british_date(source.as_at)} the list holds {children(source.child_count(source.keys))}, which "
                "is not what this page said before. Nothing was exported: read it again, then export.",
            )
        if not form.is_valid():
            return self.page(form, source)
        try:
            exported = export_by_name(
                source,
                shown=form.chosen,
                asked=form.asked,
                file_format=form.cleaned_data["file_format"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form, source)
        return as_attachment(exported)

    @abstractmethod
    def source(self, day: date) -> Source: ...

    @abstractmethod
    def back(self) -> str: ...

    def page(self, form: ByNameForm, source: Source, *, told_wrong: str = "") -> HttpResponse:
        form.tell(source.offered)
        count = source.child_count(source.keys)
        context = {
            "section": self.section,
            "form": form,
            "source": source,
            "count": count,
            "nobody": "" if count else NOBODY,
            "withheld": source.withheld(source.keys),
            "columns": [column.heading for column in self.columns],
            "keeping": KEEPING,
            "told": told_of(source),
            "told_wrong": told_wrong,
            "back": self.back(),
        }
        return render(self.request, "front/identified/by_name.html", context)


class AimByNameView(ByNameView):
    """The children behind the figures of one aim of the person's own organisation."""

    columns = AIM_COLUMNS
    section = "aims"

    @cached_property
    def version(self) -> AimVersion:
        aims = Aim.objects.visible_to(self.request.user).filter(code=self.kwargs["code"])
        version = aims.current_versions().first()
        if version is None:
            raise Http404("There is no such aim.")
        return version

    @property
    def keys(self) -> tuple[str, ...]:
        return figures_of(self.version.definition)

    def source(self, day: date) -> AimByName:
        return AimByName(self.version, as_at=day, to=self.request.user)

    def back(self) -> str:
        query = as_at_of(self.request).query
        return reverse("aim", kwargs={"code": self.version.definition.code}) + (f"?{query}" if query else "")


class CaseloadByNameView(ByNameView):
    """The caseload list, narrowed and ordered as the address says."""

    columns = CASELOAD_COLUMNS
    section = "caseload"

    def source(self, day: date) -> CaseloadByName:
        cases = cases_in_scope(self.request.user, day=day)
        return CaseloadByName(ChoosingForm(self.request.GET, cases=cases), as_at=day, to=self.request.user)

    def back(self) -> str:
        query = self.request.GET.urlencode()
        return reverse("caseload") + (f"?{query}" if query else "")


def told_of(source: Source) -> str:
    """What the page tells of the list, so that a file holds what its reader agreed to."""
    counts = [each.children for each in source.offered] or [source.child_count(source.keys)]
    return ":".join([source.as_at.isoformat(), *map(str, counts)])
