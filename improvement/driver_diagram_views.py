"""The pages of driver diagrams: all of them, starting one, and what the pages of one diagram share."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.generic import View

from aims.models import Aim
from improvement.actions.driver_diagrams import start_diagram
from improvement.driver_diagram_forms import DiagramNewForm
from improvement.models import DiagramVersion, DriverDiagram
from improvement.models.drivers import Level
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin


class DriverDiagramsView(PermissionRequiredMixin, View):
    """Every driver diagram of the authority, those that are retired apart."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        diagrams = DriverDiagram.objects.visible_to(request.user).select_related("aim")
        versions = DiagramVersion.objects.visible_to(request.user)
        diagrams = diagrams.annotate(
            primary=Count("drivers", filter=Q(drivers__level=Level.PRIMARY), distinct=True),
            secondary=Count("drivers", filter=Q(drivers__level=Level.SECONDARY), distinct=True),
            tried=Count("drivers__ideas", distinct=True),
            # Apart, as a join to the many versions would multiply the drivers.
            changed=Subquery(versions.filter(diagram=OuterRef("pk")).order_by("-number").values("at")[:1]),
        )
        rows = list(diagrams)
        context = {
            "section": "improvement",
            "diagrams": [each for each in rows if not each.is_retired],
            "retired": [each for each in rows if each.is_retired],
        }
        return render(request, "improvement/diagrams.html", context)


class DriverDiagramNewView(PermissionRequiredMixin, View):
    needs = Permission.LEAD_IMPROVEMENT
    keeps_what_was_typed = True

    def get(self, request):
        kept = request.take_kept_form()
        if kept is not None:
            return self.page(DiagramNewForm(kept, by=request.user), kept=True)
        aim = Aim.objects.visible_to(request.user).filter(code=request.GET.get("aim", "")).first()
        initial = {"aim": aim.pk, "title": f"Driver diagram of {aim.code}"} if aim else {}
        return self.page(DiagramNewForm(by=request.user, initial={"start": "national"} | initial))

    def post(self, request):
        form = DiagramNewForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.page(form)
        try:
            diagram = start_diagram(**form.said, by=request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The diagram is begun. Make it your own: choose a box to change it.")
        return redirect(diagram)

    def page(self, form, **context):
        return render(
            self.request, "improvement/diagram_form.html", {"section": "improvement", "form": form, **context}
        )


class OfOneDiagram(PermissionRequiredMixin, View):
    """A page about one driver diagram of the person's own authority."""

    needs = Permission.VIEW_IMPROVEMENT

    @cached_property
    def diagram(self) -> DriverDiagram:
        rows = DriverDiagram.objects.visible_to(self.request.user).select_related("authority", "aim")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such driver diagram.")
        return found

    @cached_property
    def is_editor(self) -> bool:
        """Whether the person changes this diagram while it is worked with, and brings it back when it is retired."""
        return DriverDiagram.objects.editable_by(self.request.user).filter(pk=self.diagram.pk).exists()

    @property
    def may_edit(self) -> bool:
        return self.is_editor and not self.diagram.is_retired

    def check_editor(self) -> None:
        if not self.is_editor:
            raise PermissionDenied("Only those who lead improvement can change a driver diagram.")

    def show(self, page_file: str, **context):
        shared = {
            "section": "improvement",
            "diagram": self.diagram,
            "may_edit": self.may_edit,
            "may_bring_back": self.is_editor and self.diagram.is_retired,
        }
        return render(self.request, f"improvement/{page_file}", shared | context)
