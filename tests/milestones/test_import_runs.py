"""An extract from upload to dry run to records and back: nothing half done, nothing left behind."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone

from children.keeping import NAME_WITHHELD, change
from children.merging import merge
from children.models import CareEpisode, Child, Family, Identity, LegalBasis, Placement
from milestones.extract.actions import (
    apply_run,
    begin,
    cancel_run,
    delete_old_files,
    make_preview,
    note_failure,
    upload_extract,
)
from milestones.extract.corrections import corrected_in
from milestones.extract.previews import kept_preview
from milestones.extract.sheet_actions import correct_cells
from milestones.extract.stopping import Stopped, StopWatch
from milestones.extract.undoing import EditedSince, undo_run, why_not
from milestones.models import ImportPreview, ImportRun, ImportUndo, ImportUpload, Milestone
from milestones.quality.comparison import noted
from milestones.quality.kept_models import KeptFinding
from milestones.sheets.tables import Upload
from pace_site.accounts.models import RoleMembership, Team
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.long_work.workers import delete_old
from tests.builders import milestone

pytestmark = pytest.mark.django_db
DAY = date(2018, 11, 1)
LATER = date(2018, 12, 1)
State = ImportRun.State
RECORDS = (Child, Family, Team, Identity, CareEpisode, Placement, LegalBasis, Milestone)


def uploaded(extract, lead, *, day=DAY):
    folder = extract.write()
    files = [Upload(path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv"))]
    return upload_extract(files, extract_date=day, source="Mosaic", by=lead)


def tried(extract, lead, *, day=DAY, measure=lambda: None, compare=lambda before, after: {}):
    run = begin(uploaded(extract, lead, day=day), State.PREVIEWING, by=lead)
    make_preview(run, by=lead, measure=measure, compare=compare)
    run.refresh_from_db()
    return run


def again(run, lead):
    """The dry run made again."""
    run = begin(run, State.PREVIEWING, by=lead)
    make_preview(run, by=lead, measure=lambda: None, compare=lambda before, after: {})
    run.refresh_from_db()
    return run


def taken_in(extract, lead, *, day=DAY, leave_out_rejects=False):
    run = begin(tried(extract, lead, day=day), State.APPLYING, by=lead)
    apply_run(run, by=lead, leave_out_rejects=leave_out_rejects)
    run.refresh_from_db()
    return run


def records() -> dict[type[models.Model], list[dict]]:
    """All that is recorded, apart from how often a row was changed."""
    found = {}
    for model in RECORDS:
        names = [field.attname for field in model._meta.concrete_fields if field.name != "edition"]
        found[model] = list(model._base_manager.order_by("pk").values(*names))
    return found


def test_a_dry_run_says_what_would_change_and_leaves_the_records_alone(extract, lead):
    taken_in(extract, lead)
    before = records()
    extract.change("episodes", 1, end="2018-11-20", destination="HOME_PARENTS").drop_child("A2")
    extract.add("children", child_ref="A3").add("events", child_ref="A3", event_code="NONSENSE", date="2018-11-02")
    run = tried(
        extract, lead, day=LATER, measure=Child.objects.count, compare=lambda old, new: {"children": [old, new]}
    )
    preview = kept_preview(run)
    assert records() == before
    assert (run.state, preview.usable, preview.effects) == (State.PREVIEWED, True, {"children": [2, 3]})
    assert (preview.files["children.csv"].new, preview.files["episodes.csv"].changed) == (1, 1)
    assert preview.missing == [Child.objects.get(local_ref="A2").code]
    assert [(each.line, each.column, each.value) for each in preview.rejects] == [(3, "event_code", "NONSENSE")]
    assert [each["after"] for each in preview.differences] == [{"end": "2018-11-20", "destination": "HOME_PARENTS"}]


def test_an_extract_is_taken_in_as_its_dry_run_said_and_its_files_go(extract, lead):
    run = taken_in(extract, lead)
    assert (run.state, run.by, run.source.name) == (State.APPLIED, lead, "Mosaic")
    assert Milestone.objects.count() == 2
    assert not ImportUpload.objects.exists()
    assert not ImportPreview.objects.exists()
    trail = AuditEntry.objects.filter(record_type="importrun").order_by("pk").values_list("action", "actor")
    assert [*trail] == [(action, lead.email) for action in ("create", "change", "view", "change", "import")]


def test_a_dry_run_finds_what_taking_in_finds_and_undoing_leaves_no_finding_of_the_extract(extract, lead):
    extract.add("children", child_ref="A3", date_of_birth="2012-05-01", sex="M")
    extract.add("episodes", child_ref="A3", start="2018-01-01")
    taken_in(extract, lead)

    def found():
        return {(each.rule, each.child_ref) for each in noted(Child.objects.all(), as_at=DAY) if each.rule in (11, 12)}

    before = found()
    extract.change("children", 1, date_of_birth="2012-05-02")
    run = tried(extract, lead, measure=found, compare=lambda old, new: {"new": sorted(new - old)})
    assert kept_preview(run).effects == {"new": [[12, "A1"]]}
    assert (found(), ImportRun.objects.taken_in().count()) == (before, 1)
    apply_run(begin(run, State.APPLYING, by=lead), by=lead)
    assert found() == before | {(12, "A1")}
    undo_run(run, by=lead)
    assert found() == before


def test_what_lies_in_the_database_meanwhile_cannot_be_read_there(extract, lead):
    run = tried(extract.add("identities", child_ref="A1", given_name="Morag", family_name="Bain"), lead)
    bodies = [bytes(each.body) for each in (*ImportUpload.objects.all(), run.preview)]
    assert len(bodies) == 7
    assert not any(b"child_ref" in body or b"Morag" in body for body in bodies)


def test_an_import_is_undone_as_a_whole(extract, lead):
    extract.add("identities", child_ref="A1", given_name="Morag", family_name="Bain")
    taken_in(extract, lead)
    before = records()
    extract.change("children", 1, team="North Team", family_ref="F9").change("identities", 1, given_name="Mhairi")
    extract.change("episodes", 1, end="2018-11-20", destination="HOME_PARENTS").drop("placements", 1)
    extract.drop("events", 1).add("children", child_ref="A3", family_ref="F7")
    extract.add("events", child_ref="A3", event_code="REVIEW", date="2018-11-02")
    run = taken_in(extract, lead, day=LATER)
    now = records()
    assert {model for model in RECORDS if now[model] == before[model]} == {LegalBasis}
    undo_run(run, by=lead)
    run.refresh_from_db()
    assert records() == before
    assert (run.state, run.ended_by, ImportUndo.objects.count()) == (State.UNDONE, lead, 1)
    restored = AuditEntry.objects.filter(reason="Undone: extract of 1 December 2018")
    assert {"child", "identity", "careepisode", "placement", "milestone"} < {each.record_type for each in restored}
    assert not any("Mhairi" in f"{each.before}{each.after}" for each in restored)


def test_only_the_last_import_can_be_undone_and_then_the_one_before(extract, lead):
    first, second = taken_in(extract, lead), taken_in(extract.drop("events", 1), lead, day=LATER)
    assert "a later import" in why_not(first).lower()
    with pytest.raises(ValidationError, match="undo that first"):
        undo_run(first, by=lead)
    undo_run(second, by=lead)
    undo_run(first, by=lead)
    assert not Child.objects.exists()
    assert not Family.objects.exists()
    assert ImportRun.objects.taken_in().count() == 0


def test_who_edited_what_since_is_told_instead_of_undoing_it(extract, lead):
    run = taken_in(extract, lead)
    row = CareEpisode.objects.get(child__local_ref="A1")
    change(row, {"start": date(2017, 11, 2)}, edition=1, by=lead, reason="Extract of November had the wrong day")
    before = records()
    with pytest.raises(EditedSince, match="1 change of its rows") as told:
        undo_run(run, by=lead)
    (edit,) = told.value.edits
    assert (edit.actor, edit.what, edit.child_code) == (lead.email, "careepisode", row.child.code)
    assert records() == before


def test_a_merge_since_keeps_an_import_from_being_undone_whose_rows_would_come_back_to_the_record_given_up(
    extract, lead
):
    extract.add("children", child_ref="A3", date_of_birth="2012-05-01")
    taken_in(extract, lead)
    run = taken_in(extract.drop("events", 1), lead, day=LATER)
    kept, other = Child.objects.get(local_ref="A3"), Child.objects.get(local_ref="A1")
    merge(kept, other, reason="One birth certificate", by=lead)
    with pytest.raises(EditedSince) as refused:
        undo_run(run, by=lead)
    assert {each.what for each in refused.value.edits} == {"merge"}
    assert not Milestone.objects.standing().filter(child=other).exists()


def test_what_hangs_on_a_new_child_keeps_the_import_from_being_undone(extract, lead):
    run = taken_in(extract, lead)
    milestone(Child.objects.get(local_ref="A1"), "REVIEW", date(2018, 11, 2))
    with pytest.raises(EditedSince) as told:
        undo_run(run, by=lead)
    assert [edit.what for edit in told.value.edits] == ["milestone"]


def test_what_the_program_found_of_a_new_child_goes_with_it(extract, lead):
    run = taken_in(extract, lead)
    KeptFinding.objects.create(child=Child.objects.get(local_ref="A1"), rule=7, severity="W", message="A gap")
    undo_run(run, by=lead)
    assert not Child.objects.exists()


def test_rejected_rows_are_left_out_only_when_somebody_says_so(extract, lead):
    run = begin(tried(extract.change("events", 1, date="2018-02-30"), lead), State.APPLYING, by=lead)
    with pytest.raises(ValidationError, match="are rejected"):
        apply_run(run, by=lead)
    assert not Child.objects.exists()
    apply_run(run, by=lead, leave_out_rejects=True)
    assert [*Milestone.objects.values_list("kind", flat=True)] == ["REVIEW"]


def test_a_rejected_cell_of_a_file_is_corrected_for_the_run_and_meets_every_check(extract, lead):
    extract.change("events", 1, date="30/03/2018").add("identities", child_ref="A9", family_name="Bain", given_name="M")
    run = tried(extract, lead)
    day, name = ("events.csv", "", "line 2, date"), ("identities.csv", "", "line 2, child_ref")
    assert {reject.cell for reject in kept_preview(run).rejects} == {day, name}
    with pytest.raises(ValidationError, match="line 3, date is not among the rejected ones"):
        correct_cells(run, {("events.csv", "", "line 3, date"): "2018-03-30"}, by=lead)
    run = again(correct_cells(run, {day: "2018-11-30", name: "A1"}, by=lead), lead)
    assert [reject.rule for reject in kept_preview(run).rejects] == ["future"]
    run = again(correct_cells(run, {day: "2018-03-30"}, by=lead), lead)
    run = begin(run, State.APPLYING, by=lead)
    apply_run(run, by=lead)
    run.refresh_from_db()
    assert Milestone.objects.get(kind="PERM_REC").happened_on == date(2018, 3, 30)
    assert Identity.objects.get(child__local_ref="A1").family_name == "Bain"
    kept = {each.correction.cell: (each.was, each.correction.value) for each in corrected_in(run)}
    assert kept == {"line 2, child_ref": (NAME_WITHHELD,) * 2, "line 2, date": ("2018-11-30", "2018-03-30")}
    entries = AuditEntry.objects.filter(record_type="importrun").order_by("pk")
    told = [entry.after["corrected_cells"] for entry in entries if "corrected_cells" in entry.after]
    assert told == [["events.csv, line 2, date", "identities.csv, line 2, child_ref"], ["events.csv, line 2, date"]]


def test_a_file_that_lacks_a_column_has_no_cell_to_correct(extract, lead):
    run = tried(extract.drop_column("children", "sex"), lead)
    assert [reject.cell for reject in kept_preview(run).rejects] == [()]


def test_what_would_now_do_something_else_than_the_dry_run_said_is_not_taken_in(extract, lead):
    taken_in(extract, lead)
    run = begin(tried(extract.drop("events", 1), lead, day=LATER), State.APPLYING, by=lead)
    Milestone.objects.filter(kind="PERM_REC").delete()
    before = records()
    with pytest.raises(ValidationError, match="make a new dry run"):
        apply_run(run, by=lead)
    assert records() == before
    note_failure(run, "It changed.", by=lead)
    run.refresh_from_db()
    assert (run.state, run.failure) == (State.PREVIEWED, "It changed.")


def test_a_cancelled_import_leaves_no_file(extract, lead):
    run = tried(extract, lead)
    cancel_run(run, by=lead)
    run.refresh_from_db()
    assert (run.state, run.ended_by) == (State.CANCELLED, lead)
    assert not ImportUpload.objects.exists()
    assert not ImportPreview.objects.exists()
    with pytest.raises(ValidationError, match="too late to cancel: cancelled"):
        cancel_run(run, by=lead)


def test_an_import_that_is_cancelled_while_it_runs_takes_everything_back(extract, lead, monkeypatch):
    run = begin(tried(extract, lead), State.APPLYING, by=lead)
    monkeypatch.setattr(StopWatch, "check", lambda self, read=0: self._stop() if Milestone.objects.exists() else None)
    monkeypatch.setattr(StopWatch, "_stop", lambda self: (_ for _ in ()).throw(Stopped), raising=False)
    monkeypatch.setattr("milestones.extract.ledger.BATCH", 1)
    before = records()
    with pytest.raises(ValidationError, match="cancelled this import"):
        apply_run(run, by=lead)
    assert records() == before


def test_a_note_beside_the_database_stops_an_import(extract, lead, tmp_path, monkeypatch):
    run = uploaded(extract, lead)
    note = tmp_path / "note"
    monkeypatch.setattr("milestones.extract.stopping.stop_note", lambda _run: note)
    monkeypatch.setattr("milestones.extract.stopping.SECONDS_BETWEEN_LOOKS", 0)
    monkeypatch.setattr("milestones.extract.stopping.connection.vendor", "sqlite")
    with StopWatch(run) as watch:
        watch.check()
        note.touch()
        with pytest.raises(Stopped):
            watch.check()
    cancel_run(run, by=lead)
    assert not note.exists()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["children.csv", "tracker.xlsx"], "tracker.xlsx is none of the files"),
        (["children.csv", "Children.CSV"], "two files called children.csv"),
        (["children.csv"], "missing: episodes.csv, placements.csv, legal.csv, events.csv"),
    ],
)
def test_files_of_no_use_are_refused_in_words_and_nothing_is_kept(lead, names, words):
    with pytest.raises(ValidationError, match=words):
        upload_extract([Upload(name, b"x") for name in names], extract_date=DAY, source="", by=lead)
    assert not ImportRun.objects.exists()


def test_an_extract_of_tomorrow_is_refused(extract, lead):
    with pytest.raises(ValidationError, match="in the future"):
        uploaded(extract, lead, day=timezone.localdate() + timedelta(days=1))


def test_a_file_that_cannot_be_read_is_told_in_the_dry_run_and_never_taken_in(extract, lead):
    run = tried(extract.drop_column("episodes", "destination"), lead)
    preview = kept_preview(run)
    assert (preview.usable, [each.column for each in preview.rejects]) == (False, ["destination"])
    with pytest.raises(ValidationError, match="mend its files"):
        apply_run(begin(run, State.APPLYING, by=lead), by=lead, leave_out_rejects=True)


def test_uploads_that_nobody_took_in_go_after_a_week_and_undoing_ends_after_a_month(extract, lead):
    applied, waiting = taken_in(extract, lead), uploaded(extract, lead)
    ImportRun.objects.filter(pk=waiting.pk).update(at=timezone.now() - timedelta(days=8))
    ImportUndo.objects.update(kept_since=timezone.now() - timedelta(days=31))
    delete_old()  # as each worker does all the time
    assert delete_old_files() == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ended_by) == (State.CANCELLED, None)
    assert not ImportUpload.objects.exists()
    assert why_not(applied) == "What the records said before is no longer kept."


def test_nobody_without_the_permission_imports(extract, lead):
    run = tried(extract, lead)
    RoleMembership.objects.update(role=Role.PACE_LEAD)
    lead = type(lead).objects.get(pk=lead.pk)
    for act in (
        lambda: uploaded(extract, lead),
        lambda: begin(run, State.APPLYING, by=lead),
        lambda: make_preview(run, by=lead, measure=lambda: None, compare=lambda a, b: {}),
        lambda: apply_run(run, by=lead),
        lambda: cancel_run(run, by=lead),
        lambda: undo_run(run, by=lead),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert ImportRun.objects.get(pk=run.pk).state == State.PREVIEWED
