"""Pages of imports: what the columns of sheets mean, before the dry run; and after it, rejected cells corrected."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from milestones.extract.corrections import corrected_in
from milestones.extract.files import IDENTITIES
from milestones.extract.mapped_sheets import MappedSheets, books_of_the_site
from milestones.extract.sheet_actions import (
    CORRECTED_AT_ONCE,
    LONGEST_CORRECTION,
    confirm_mapping,
    correct_cells,
    correctable,
    is_large,
    is_unread,
    keep_mapping,
    look_again,
    looks_of,
)
from milestones.models import ImportRun
from milestones.sheets.days import TWO_DIGITS_IN_WORDS
from milestones.sheets.fields import NAMES
from milestones.sheets.looks import SheetLook
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.imports.import_views import OneImport
from pace_site.front.imports.in_background import look_at_sheets, try_import
from pace_site.front.imports.mapping_form import MappingForm

State = ImportRun.State


class Waiting(OneImport):
    """One import that is not taken in; any other has its own page."""

    @property
    def is_open(self) -> bool:
        run = self.run
        is_moving = run.work is not None and run.work.is_open
        return run.state in (State.UPLOADED, State.PREVIEWED) and not is_moving

    def note_that_it_was_seen(self, what: str) -> None:
        """Examples and rejected cells tell of children."""
        record(
            AuditEntry.Action.VIEW,
            authority=self.run.authority,
            record_type="importrun",
            record_id=self.run.pk,
            by=self.request.user,
            after={"page": what},
        )


class MappingView(Waiting):
    """What the columns of the sheets mean: guessed, looked at, and confirmed by a person."""

    http_method_names = ["get", "post"]

    @property
    def is_open(self) -> bool:
        return self.run.mapping is not None and super().is_open and not is_unread(self.run)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.is_open:
            return redirect(self.run)
        self.note_that_it_was_seen("columns of the sheets")
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.is_open:
            return redirect(self.run)
        try:
            looks = looks_of(self.run)
        except ValidationError as gone:
            return self.page(errors=gone.messages)
        form = self.form(looks, request.POST)
        if not form.is_valid():
            return self.page(form=form)
        try:
            if form.header_lines and is_large(self.run):
                keep_mapping(self.run, form.answers(looks, confirming=False), looks=looks, by=request.user)
                lines = {n: form.header_lines.get((look.file, look.sheet)) for n, look in enumerate(looks)}
                asked = {n: line for n, line in lines.items() if line}
                look_at_sheets(self.run, header_lines=asked, by=request.user)
                return redirect(self.run)
            if form.header_lines:
                looks = look_again(self.run, form.header_lines)
            confirming = request.POST.get("what") == "confirm"
            mapping = form.answers(looks, confirming=confirming)
            keep_mapping(self.run, mapping, looks=looks, by=request.user)
            if not confirming:
                return redirect("import_mapping", pk=pk)
            confirm_mapping(self.run, mapping, looks=looks, by=request.user)
        except ValidationError as refused:
            del self.run
            return self.page(errors=refused.messages)
        try:
            try_import(self.run, by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect(self.run)

    def form(self, looks: list[SheetLook], data=None) -> MappingForm:
        sheets = MappedSheets.of(self.run)
        return MappingForm(data, looks=looks, mapping=sheets.mapping, books=books_of_the_site())

    def page(self, *, form: MappingForm | None = None, errors: list[str] = ()) -> HttpResponse:
        sheets = MappedSheets.of(self.run)
        if form is None:
            try:
                form = self.form(looks_of(self.run))
            except ValidationError as gone:
                form, errors = None, gone.messages
        return render(
            self.request,
            "front/imports/mapping.html",
            {
                "section": "imports",
                "run": self.run,
                "sheets": sheets,
                "form": form,
                "errors": [(words, form.place_of(words) if form else "") for words in errors],
                "two_digits": TWO_DIGITS_IN_WORDS,
            },
        )


class CorrectionsView(Waiting):
    """The rejected cells of a dry run, each of which a person may correct for this run."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.is_open:
            return redirect(self.run)
        self.note_that_it_was_seen("rejected cells")
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.is_open:
            return redirect(self.run)
        values = {}
        for number in range(CORRECTED_AT_ONCE):
            value = request.POST.get(f"value-{number}", "").strip()
            if value:
                values[cell_of(request.POST.get(f"cell-{number}", ""))] = value
        try:
            correct_cells(self.run, values, by=request.user)
        except ValidationError as refused:
            return self.page(errors=refused.messages, typed=values)
        del self.run
        try:
            try_import(self.run, by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect(self.run)

    def page(self, *, errors: list[str] = (), typed: dict | None = None) -> HttpResponse:
        preview = self.preview() if self.run.state == State.PREVIEWED else None
        if preview is None and not errors:
            return redirect(self.run)
        cells = correctable(preview.rejects) if preview else {}
        rows = [
            {
                "cell": json.dumps(cell),
                "reject": reject,
                "typed": (typed or {}).get(cell, ""),
                "is_name": reject.file == IDENTITIES or reject.column in NAMES,
            }
            for cell, reject in list(cells.items())[:CORRECTED_AT_ONCE]
        ]
        others = [reject for reject in preview.rejects if not reject.cell][:CORRECTED_AT_ONCE] if preview else []
        return render(
            self.request,
            "front/imports/corrections.html",
            {
                "section": "imports",
                "run": self.run,
                "rows": rows,
                "more": max(0, len(cells) - len(rows)),
                "others": others,
                "errors": errors,
                "longest": LONGEST_CORRECTION,
                "corrected": corrected_in(self.run),
            },
        )


def cell_of(text: str) -> tuple[str, ...]:
    """The cell that a form names; whatever is no cell is none of the rejected ones either."""
    try:
        said = json.loads(text)
    except ValueError:
        return ("", "", "")
    return tuple(map(str, said)) if isinstance(said, list) and len(said) == 3 else ("", "", "")
