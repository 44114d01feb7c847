"""Pages of imports: all of them, a new one, one of them from its dry run to its undoing, and its rejected rows."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from children.models import Child, ExtractSource
from children.presenter import present
from milestones.extract.actions import UNDO_KEPT, UPLOADS_KEPT, cancel_run, delete_old_files
from milestones.extract.files import IDENTITIES
from milestones.extract.mapped_sheets import MappedSheets
from milestones.extract.missing import still_missing
from milestones.extract.previews import Preview, kept_preview
from milestones.extract.sheet_actions import is_unread, receive
from milestones.extract.undoing import EditedSince, why_not
from milestones.models import ImportRun
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.trail import record_list_view
from pace_site.defences.closed_bytes import Unopenable
from pace_site.front.imports.actions import export_rejects
from pace_site.front.imports.import_forms import UploadForm
from pace_site.front.imports.in_background import apply_import, import_look, look_at_sheets, try_import, undo_import
from pace_site.long_work.models import LongWork
from pace_site.long_work.views import WATCHED
from pace_site.look.attachment import as_attachment

State = ImportRun.State
SHOWN, NO_CHANGE = 100, 204
MEGABYTE = 1_000_000


class ImportListView(PermissionRequiredMixin, View):
    """What was imported, the latest first."""

    needs = Permission.IMPORT_DATA
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        runs = ImportRun.objects.visible_to(request.user).select_related("by", "ended_by", "source")[:SHOWN]
        context = {"section": "imports", "runs": runs, "missing": still_missing(request.user).count()}
        return render(request, "front/imports/imports.html", context)


class ImportNewView(PermissionRequiredMixin, View):
    """Upload the files of an extract."""

    needs = Permission.IMPORT_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(UploadForm(sources=self.sources()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, sources=self.sources())
        if not form.is_valid():
            return self.page(form)
        asked = form.cleaned_data
        delete_old_files()
        try:
            run = receive(
                asked["files"],
                extract_date=asked["extract_date"],
                source=asked["source"],
                whole=asked["whole"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        if run.mapping is not None:
            if is_unread(run):
                look_at_sheets(run, by=request.user)
                return redirect(run)
            # What the columns mean is looked at by a person each time, also when it was said before.
            return redirect("import_mapping", pk=run.pk)
        try:
            try_import(run, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(run)

    def sources(self) -> list[ExtractSource]:
        return list(ExtractSource.objects.visible_to(self.request.user))

    def page(self, form: UploadForm) -> HttpResponse:
        return render(
            self.request,
            "front/imports/new.html",
            {
                "section": "imports",
                "form": form,
                "days": UPLOADS_KEPT.days,
                # What the request has besides its files is small.
                "most_bytes": settings.MOST_BYTES_OF_AN_EXTRACT - MEGABYTE,
            },
        )


class OneImport(PermissionRequiredMixin, View):
    needs = Permission.IMPORT_DATA

    @cached_property
    def run(self) -> ImportRun:
        runs = ImportRun.objects.visible_to(self.request.user).select_related(
            "authority", "by", "ended_by", "work", "source"
        )
        run = runs.filter(pk=self.kwargs["pk"]).first()
        if run is None:
            raise Http404("There is no such import.")
        return run

    def preview(self) -> Preview | None:
        try:
            return kept_preview(self.run) if self.run.is_waiting else None
        except Unopenable as error:
            messages.error(self.request, f"{error} Make the dry run again.")
            return None


class RejectsNotLeftOut(ValidationError):
    """Nobody has said that the extract is taken in without its rejected rows."""


class ImportView(OneImport):
    """One import. HTMX asks how far it is, and is told to load the page anew when the step is over."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if "HX-Request" not in request.headers:
            return self.page()
        if not self.is_moving:
            return HttpResponse(headers=self.what_now())
        if request.GET.get("seen") == self.seen:
            return HttpResponse(status=NO_CHANGE)
        return render(request, "front/imports/_moving.html", self.moving())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        step = {
            "look": self.look,
            "preview": self.try_it,
            "apply": self.apply,
            "cancel": self.cancel,
            "undo": self.undo,
        }.get(request.POST.get("what", ""))
        if step is None:
            return self.page(refused="Choose what to do with this import.")
        try:
            step()
        except EditedSince as refused:
            return self.page(refused=" ".join(refused.messages), edits=refused.edits)
        except ValidationError as refused:
            del self.run
            untold = isinstance(refused, RejectsNotLeftOut)
            return self.page(refused=" ".join(refused.messages), untold_rejects=untold)
        return redirect(self.run)

    def what_now(self) -> dict[str, str]:
        """Once a step is over: the page anew, or after the first look at sheets that of their columns."""
        run = self.run
        is_read = run.work is not None and run.work.kind == import_look.name and run.work.state == LongWork.State.DONE
        if is_read and run.state == State.UPLOADED:
            return {"HX-Redirect": reverse("import_mapping", kwargs={"pk": run.pk})}
        return {"HX-Refresh": "true"}

    def look(self) -> None:
        if is_unread(self.run) and not self.is_moving:
            look_at_sheets(self.run, by=self.request.user)

    def try_it(self) -> None:
        try_import(self.run, by=self.request.user)

    def apply(self) -> None:
        leave_out = self.request.POST.get("leave_out_rejects") == "1"
        preview = self.preview()
        if preview and preview.reject_count and not leave_out:
            raise RejectsNotLeftOut("Tick that the rejected rows are left out, or correct them. Nothing was changed.")
        apply_import(self.run, leave_out_rejects=leave_out, by=self.request.user)

    def cancel(self) -> None:
        cancel_run(self.run, by=self.request.user)
        messages.info(self.request, "The import is cancelled and its files are deleted. The records are as they were.")

    def undo(self) -> None:
        undo_import(self.run, by=self.request.user)

    @property
    def is_moving(self) -> bool:
        return self.run.work is not None and self.run.work.is_open

    @property
    def seen(self) -> str:
        return f"{self.run.state}-{self.run.work.state}-{self.run.work.steps_done}-{self.run.work.doing}"

    def moving(self) -> dict[str, Any]:
        watched = timezone.now() - self.run.work.asked_at < WATCHED
        return {"run": self.run, "work": self.run.work, "seen": self.seen, "watched": watched}

    def page(self, **more: Any) -> HttpResponse:
        run, user = self.run, self.request.user
        context: dict[str, Any] = {"section": "imports", "run": run, "is_moving": self.is_moving}
        if self.is_moving:
            context |= self.moving()
        elif run.state in (State.PREVIEWING, State.APPLYING):
            # Nobody is at it: the step was refused, or whoever was at it is gone.
            context["stuck"] = run.work.failure if run.work else "It was interrupted, and nothing was changed."
        preview = None if self.is_moving or run.state != State.PREVIEWED else self.preview()
        if preview is not None:
            context |= self.shown(preview)
        if run.state == State.APPLIED and not self.is_moving:
            context |= {"why_not": why_not(run), "undo_until": run.applied_at + UNDO_KEPT}
        context["unread"] = is_unread(run)
        context["unsettled"] = run.mapping is not None and not MappedSheets.of(run).is_settled
        context["delete_on"] = run.at + UPLOADS_KEPT
        return render(self.request, "front/imports/import.html", context | {"user": user} | more)

    def shown(self, preview: Preview) -> dict[str, Any]:
        """The dry run for this person: children whose records are closed to them are counted and not named."""
        user = self.request.user
        named = {each["child"] for each in (*preview.differences, *preview.told)} | set(preview.missing)
        opened = {child.code: child for child in Child.objects.visible_to(user).filter(code__in=named)}
        missing = present(
            [opened[code] for code in preview.missing if code in opened][:SHOWN],
            to=user,
            as_at=timezone.localdate(),
        )
        record_list_view([who.code for who in missing if who.identified], of="import", by=user)
        differences = [{**each, "code": each["child"]} for each in preview.differences if each["child"] in opened]
        return {
            "preview": preview,
            "missing": missing,
            "differences": differences[:SHOWN],
            "rejects": preview.rejects[:SHOWN],
            "identities": IDENTITIES,
            "told": [each for each in preview.told if each["child"] in opened][:SHOWN],
            # A file of an extract that is refused as a whole is not helped by its cells.
            "correctable": (self.run.mapping is not None or preview.usable)
            and any(reject.cell for reject in preview.rejects),
        }


class ImportRejectsView(OneImport):
    """The rejected rows of a dry run as a file, for whoever mends them."""

    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        preview = self.preview()
        if preview is None:
            raise Http404("There is no dry run any more.")
        return as_attachment(export_rejects(self.run, preview, by=request.user))
