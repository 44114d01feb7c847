"""Spreadsheets brought in: mapped, remembered, corrected, taken in and undone; nothing kept of what cannot be read."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from children.models import Child, Identity, Placement
from milestones.extract.actions import apply_run, begin, cancel_run, make_preview, note_failure
from milestones.extract.corrections import corrected_in
from milestones.extract.mapped_sheets import MappedSheets
from milestones.extract.previews import kept_preview
from milestones.extract.sheet_actions import confirm_mapping, correct_cells, looks_of, receive
from milestones.extract.undoing import undo_run
from milestones.models import ColumnMapping, ImportRun, ImportUpload, Milestone
from milestones.sheets.tables import Upload
from pace_site.audit.models import AuditEntry
from tests.milestones.sheets.sheets import HEADER, workbook

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 31)
State = ImportRun.State
NAMED = ["Surname", *HEADER]
ROWS = [
    ["Aird", "C1", "14/05/2019", "08/01/2024", "03/06/2024", "Permanence Order", ""],
    ["Blair", "C2", "15/05/2018", "31/02/2024", "", "", ""],
]


def received(lead, *rows, source="Tracker", whole=True, **options):
    return receive([workbook(NAMED, *rows, **options)], extract_date=DAY, source=source, whole=whole, by=lead)


def confirmed(run, lead):
    mapping = MappedSheets.of(run).mapping.confirmed()
    return confirm_mapping(run, mapping, looks=looks_of(run), by=lead)


def tried(run, lead):
    run = begin(run, State.PREVIEWING, by=lead)
    make_preview(run, by=lead, measure=lambda: None, compare=lambda before, after: {})
    run.refresh_from_db()
    return run


def taken_in(run, lead, **options):
    run = begin(run, State.APPLYING, by=lead)
    apply_run(run, by=lead, **options)
    run.refresh_from_db()
    return run


def test_a_wide_spreadsheet_is_taken_in_once_its_columns_are_confirmed_and_undone_as_a_whole(lead):
    run = received(lead, ROWS[0])
    with pytest.raises(ValidationError, match="is it the Recommendation for permanence"):
        confirm_mapping(run, MappedSheets.of(run).mapping, looks=looks_of(run), by=lead)
    run = taken_in(tried(confirmed(run, lead), lead), lead)
    (placement,) = Placement.objects.all()
    assert (placement.placement_type_id, placement.start) == ("NOT_KNOWN", date(2024, 1, 8))
    (recommendation,) = Milestone.objects.all()
    assert (recommendation.kind, recommendation.route) == ("PERM_REC", "PO")
    undo_run(run, by=lead)
    assert not Child.objects.exists()


def test_a_mapping_is_applied_again_to_the_same_columns_of_the_same_source(lead):
    confirmed(received(lead, ROWS[0]), lead)
    again = MappedSheets.of(received(lead, ROWS[0], name="November.xlsx"))
    assert (again.remembered, again.told, again.is_settled) == (True, [], True)
    elsewhere = MappedSheets.of(received(lead, ROWS[0], source="Another"))
    assert (elsewhere.remembered, elsewhere.is_settled) == (False, False)
    assert ColumnMapping.objects.count() == 1


def test_a_rejected_cell_is_corrected_for_the_run_and_the_correction_stays_in_its_record(lead):
    run = tried(confirmed(received(lead, *ROWS), lead), lead)
    (reject,) = kept_preview(run).rejects
    assert reject.cell == ("Tracker.xlsx", "Sheet1", "D3")
    run = tried(correct_cells(run, {reject.cell: "29/02/2024"}, by=lead), lead)
    assert kept_preview(run).rejects == []
    run = taken_in(run, lead)
    assert Placement.objects.get(child__local_ref="C2").start == date(2024, 2, 29)
    (kept,) = corrected_in(run)
    assert (kept.was, kept.correction.value, kept.by) == ("31/02/2024", "29/02/2024", lead.get_username())


def test_a_cell_that_reads_well_and_cannot_stand_can_be_corrected_as_well(lead):
    run = tried(confirmed(received(lead, [*ROWS[0][:4], "03/06/2025", *ROWS[0][5:]]), lead), lead)
    (reject,) = kept_preview(run).rejects
    assert (reject.rule, reject.cell[2]) == ("future", "E2")


def test_only_rejected_cells_can_be_corrected(lead):
    run = tried(confirmed(received(lead, *ROWS), lead), lead)
    with pytest.raises(ValidationError, match="D2 is not among the rejected"):
        correct_cells(run, {("Tracker.xlsx", "Sheet1", "D2"): "01/01/2024"}, by=lead)


def test_a_corrected_name_is_withheld_once_the_files_are_deleted(lead):
    run = tried(confirmed(received(lead, ["@Aird", *ROWS[0][1:]], [*ROWS[1][:3], *ROWS[0][3:]]), lead), lead)
    (reject,) = kept_preview(run).rejects
    run = correct_cells(run, {reject.cell: "Aird"}, by=lead)
    assert corrected_in(run)[0].correction.value == "Aird"
    run = taken_in(tried(run, lead), lead)
    assert Identity.objects.filter(family_name="Aird").exists()
    assert "Aird" not in str(run.mapping)


def test_a_cancelled_upload_leaves_no_sheet_behind(lead):
    run = received(lead, ROWS[0])
    cancel_run(run, by=lead)
    assert not ImportUpload.objects.exists()
    with pytest.raises(ValidationError, match="were deleted"):
        looks_of(run)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(lead):
    with pytest.raises(ValidationError, match="old Excel file"):
        receive([Upload("old.xls", bytes.fromhex("d0cf11e0a1b11ae1"))], extract_date=DAY, source="", by=lead)
    assert not ImportRun.objects.exists()


def test_what_is_kept_of_a_sheet_is_not_legible(lead):
    run = received(lead, ROWS[0])
    assert b"Aird" not in bytes(run.looks.body)
    assert "Aird" not in str(run.mapping)


def test_the_name_of_a_file_or_sheet_is_neither_in_the_trail_nor_kept_after_the_import(lead):
    named = {"name": "Aileen Aird.xlsx", "title": "Aird A"}
    run = received(lead, *ROWS, **named)
    assert MappedSheets.of(run).mapping.sheets[0].name == "Aileen Aird.xlsx, sheet Aird A"
    run = tried(confirmed(run, lead), lead)
    (reject,) = kept_preview(run).rejects
    run = correct_cells(run, {reject.cell: "30/02/2024"}, by=lead)
    note_failure(run, "Aileen Aird.xlsx: no sheet.", by=lead)
    run = taken_in(tried(run, lead), lead, leave_out_rejects=True)
    trail = [entry.after for entry in AuditEntry.objects.filter(record_type="importrun").order_by("pk")]
    sizes = trail[0]["files"]
    assert list(sizes) == ["file 1 (.xlsx)"]
    assert {"corrected_cells": ["file 1 (.xlsx), sheet 1, D3"]} in trail
    (remembered,) = ColumnMapping.objects.all()
    run.refresh_from_db()
    said = str([trail, remembered.mapping, run.mapping, run.failure])
    assert "Aird" not in said
    (kept,) = corrected_in(run)
    assert (kept.correction.file, kept.correction.sheet, kept.correction.cell) == ("file 1 (.xlsx)", "sheet 1", "D3")
