"""The versions of a driver diagram: who changed what and when, what one said, and the way back to it."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect

from improvement.actions.driver_diagrams import restore_version
from improvement.diagram_changes import changes_in_words
from improvement.diagram_content import DiagramContent
from improvement.diagram_page import page_of_version
from improvement.driver_diagram_forms import RestoreForm
from improvement.driver_diagram_views import OfOneDiagram
from improvement.editions import Collision
from improvement.models import DiagramVersion

NEW_ONE = (
    "Somebody else has changed the diagram meanwhile: version {number}, by {by}. Look at it, then restore this one."
)


@dataclass(frozen=True)
class ToldVersion:
    version: DiagramVersion
    changes: list[str]


class DiagramVersionsView(OfOneDiagram):
    """Every version of a diagram, the latest first, with what it changed."""

    def get(self, request, pk):
        rows = list(DiagramVersion.objects.visible_to(request.user).filter(diagram=self.diagram).select_related("by"))
        contents = [DiagramContent.from_json(version.content) for version in rows]
        told = [
            ToldVersion(version, changes_in_words(before, after))
            for version, after, before in zip(rows, contents, [*contents[1:], None], strict=True)
        ]
        return self.show("diagram_versions.html", told=told)


class DiagramVersionView(OfOneDiagram):
    """One version as it was, to be read, and to be restored by who leads improvement."""

    @cached_property
    def version(self) -> DiagramVersion:
        rows = DiagramVersion.objects.visible_to(self.request.user).filter(diagram=self.diagram).select_related("by")
        found = rows.filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404("There is no such version.")
        found.diagram = self.diagram
        return found

    @property
    def latest(self) -> DiagramVersion:
        return DiagramVersion.objects.visible_to(self.request.user).filter(diagram=self.diagram).first()

    def get(self, request, pk, number):
        return self.page()

    def post(self, request, pk, number):
        version = self.version
        self.check_editor()
        form = RestoreForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        said = form.cleaned_data
        try:
            restored = restore_version(version, latest=said["latest"], by=request.user, reason=said["reason"])
        except Collision as collision:
            last = collision.current
            form.data = form.data.copy()
            form.data["latest"] = last.number
            form.add_error(None, NEW_ONE.format(number=last.number, by=last.by))
            return self.page(form)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        words = f"Version {version.number} is restored." if restored else "The diagram says so already."
        messages.info(request, words)
        return redirect(self.diagram)

    def page(self, form=None):
        version, latest = self.version, self.latest
        content = DiagramContent.from_json(version.content)
        before = DiagramVersion.objects.visible_to(self.request.user).filter(
            diagram=self.diagram, number=version.number - 1
        )
        earlier = before.first()
        return self.show(
            "diagram_version.html",
            version=version,
            is_latest=version.number == latest.number,
            content=content,
            changes=changes_in_words(DiagramContent.from_json(earlier.content) if earlier else None, content),
            page=page_of_version(content, address=version.get_absolute_url()),
            form=form or RestoreForm(initial={"latest": latest.number}),
        )
