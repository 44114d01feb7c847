"""Pseudonymisation is decided by two people, takes what says who a child is, for good, and changes no figure."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from aims.models import Aim, AimVersion, ReminderSnooze
from children.keeping import add
from children.models import (
    Allocation,
    CareEpisode,
    Child,
    Identity,
    LegalBasis,
    Merge,
    NotTheSame,
    Placement,
    Restriction,
    default_source,
)
from children.presenter import present
from children.retention.models import ForgottenReference, KeptLonger, Pseudonymisation, RightsRequest
from milestones.catalogue import Precision
from milestones.extract.corrections import Corrected, with_corrections
from milestones.models import AcceptedFinding, ImportRun, ImportUndo, KeptFinding, Milestone
from milestones.sheets.tables import Correction
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.verifying import verify
from pace_site.front.retention.actions import TYPED, carry_out, keep_longer, let_in, propose, turn_down
from pace_site.front.retention.pseudonymising import definitions_of, figures_of
from pace_site.front.retention.what_goes import (
    ERASED,
    FREE_TEXT,
    KEPT,
    REPLACED,
    REPLACED_OF_KEPT,
    STAYING,
    STAYING_OF_KEPT,
)
from tests.builders import allocate, authority, child, milestone, person
from tests.front.retention.left_care import LONG_AGO, codes_due, left

pytestmark = pytest.mark.django_db


def forget_them(*codes, lead, second):
    proposal = propose(codes, reason="Period over", typed=TYPED, by=lead)
    return carry_out(proposal, typed=TYPED, by=second)


def test_a_proposal_changes_nothing(lead):
    row = left()
    propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    row.refresh_from_db()
    assert row.pseudonymised_on is None
    assert row.identity.given_name == "Given"
    assert codes_due(lead) == []


def test_nobody_confirms_what_they_proposed_themselves(lead):
    left()
    proposal = propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    with pytest.raises(ValidationError, match="Somebody else"):
        carry_out(proposal, typed=TYPED, by=lead)
    assert Identity.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pseudonymisation.objects.update(state="carried_out", decided_by=lead, decided_at=timezone.now())


@pytest.mark.parametrize("typed", ["", "pseudonymise", "YES"])
def test_both_people_type_that_they_mean_it(lead, second, typed):
    left()
    with pytest.raises(ValidationError, match="PSEUDONYMISE"):
        propose(["P-0042"], reason="Period over", typed=typed, by=lead)
    proposal = propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    with pytest.raises(ValidationError, match="PSEUDONYMISE"):
        carry_out(proposal, typed=typed, by=second)
    assert Identity.objects.exists()


def test_brothers_and_sisters_go_together(lead):
    left("P-0042", family="F1")
    left("P-0043", family="F1")
    with pytest.raises(ValidationError, match="Choose P-0043 too"):
        propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)


def test_a_child_who_came_back_into_care_since_the_proposal_is_left_as_it_was(lead, second):
    row = left()
    proposal = propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    CareEpisode.objects.create(child=row, start=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="not over"):
        carry_out(proposal, typed=TYPED, by=second)
    proposal.refresh_from_db()
    assert proposal.state == Pseudonymisation.State.PROPOSED
    assert Identity.objects.exists()


def test_a_proposal_that_is_turned_down_leaves_the_record_due(lead, second):
    left()
    proposal = propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    turn_down(proposal, reason="An inquiry asks for it", by=second)
    assert codes_due(lead) == ["P-0042"]
    with pytest.raises(ValidationError, match="decided already"):
        carry_out(proposal, typed=TYPED, by=second)


@pytest.mark.parametrize("role", set(Role) - {Role.DATA_LEAD, Role.PACE_LEAD})
def test_no_other_role_reviews_records(role, lead):
    row, by = left(), person(role)
    proposal = propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    with pytest.raises(PermissionDenied):
        propose(["P-0042"], reason="Period over", typed=TYPED, by=by)
    with pytest.raises(PermissionDenied):
        carry_out(proposal, typed=TYPED, by=by)
    with pytest.raises(PermissionDenied):
        keep_longer(row, until=date(2029, 1, 1), reason="A court case", by=by)
    with pytest.raises(PermissionDenied):
        let_in("SECRETREF0042", reason="Back in care", by=by)


def test_a_proposal_of_another_authority_is_not_found(lead):
    left()
    proposal = propose(["P-0042"], reason="Period over", typed=TYPED, by=lead)
    with pytest.raises(Pseudonymisation.DoesNotExist):
        carry_out(proposal, typed=TYPED, by=person(Role.PACE_LEAD, organisation=authority("S12000033")))


def with_another_record(row, user):
    """A record that another was merged into, and that was told apart from a third."""
    given_up = child(of_team=row.team, name=("Secretspelling", "Secretfamily"))
    Child.objects.filter(pk=given_up.pk).update(merged_into=row, local_ref="SECRETREFOTHER")
    Merge.objects.create(kept=row, other=given_up, reason="Secretgiven is Secretspelling", by=user)
    cousin = child(of_team=row.team, name=("Cousin", "Known"))
    NotTheSame.objects.create(first=row, second=cousin, reason="Secretgiven is a cousin", by=user)
    return row


def told(user):
    """A record with a trace of the child in every field that takes words."""
    row = left(name=("Secretgiven", "Secretfamily"), born=date(2011, 4, 17), family="SECRETFAMILY")
    row.ethnicity, row.disability = "Secretethnicity", "Secretdisability"
    row.save()
    voided = {"voided_on": date(2019, 1, 1), "void_reason": "Secretgiven was not there", "voided_by": user}
    Milestone.objects.create(
        child=row,
        kind="REVIEW",
        happened_on=date(2018, 5, 5),
        note="Secretgiven said so",
        source="Secretgiven's minute",
        change_reason="Secretgiven wished it",
        outcome="Secretgiven stays",
        review_kind="Secretkind",
        order_type="Secretorder",
        recorder="Secretrecorder",
        extract_said={"note": "Secretgiven"},
        **voided,
    )
    milestone(row, "ADM_DECISION", date(2018, 6, 6), outcome="approved")
    LegalBasis.objects.create(child=row, start=date(2018, 1, 9), measure_id="CSO", **voided)
    Placement.objects.create(
        child=row, start=date(2019, 1, 9), end=LONG_AGO, placement_type_id="KIN", carer="Secretcarer", **voided
    )
    add(
        Placement(child=row, start=date(2019, 2, 9), placement_type_id="KIN", end=LONG_AGO, carer="Secretmore"), by=user
    )
    allocate(user, row)
    seen, over = timezone.now() - timedelta(days=9), timezone.now()
    ended = {"ended_by": user, "ended_at": over, "end_reason": "Secretgiven's aunt left"}
    closed = Restriction.objects.create(
        child=row, reason="Secretgiven's aunt works here", set_by=user, set_at=seen, **ended
    )
    looked = {"looked_at_by": user, "looked_at": over, "looked_words": "Secretgiven was in hospital"}
    closed.opened.create(user=user, reason="Secretgiven is in hospital", at=seen, until=over, **looked)
    RightsRequest.objects.create(
        child=row,
        kind="correction",
        reference="Secretrequest",
        asked="Secretgiven asks",
        received_on=date(2020, 1, 1),
        due_on=date(2020, 2, 1),
        recorded_by=user,
    )
    KeptLonger.objects.create(
        child=row, reason="Secretgiven sues", on=date(2023, 4, 1), until=date(2024, 1, 1), by=user
    )
    return row


def traces_stored() -> list[str]:
    """Every row in any table of the database that has one of the words of `told`, or the date of birth."""
    said = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            said += [f"{model._meta.label} {row!r}" for row in cursor.fetchall()]
    traces = re.compile(r"Secret[a-z]|SECRET[RF]|2011-04-17|2011, 4, 17")
    return [row for row in said if traces.search(row)]


def test_nothing_in_the_database_says_who_the_child_was(lead, second):
    with_another_record(told(lead), lead)
    assert len(traces_stored()) > 10
    forget_them("P-0042", lead=lead, second=second)
    assert traces_stored() == []


def test_the_trail_still_holds_and_tells_that_something_was_done(lead, second):
    told(lead)
    forget_them("P-0042", lead=lead, second=second)
    assert verify().fault is None
    about = AuditEntry.objects.filter(child_code="P-0042")
    assert about.filter(action="create", before__isnull=True, after__isnull=True, salt="").exists()
    assert about.filter(action="erase", actor=second.email).exists()
    assert (
        AuditEntry.objects.about_child("P-0042", in_authority=authority().code)
        .filter(record_type="pseudonymisation")
        .count()
        == 2
    )


def test_no_import_of_before_can_be_undone_and_bring_the_names_back(lead, second):
    left()
    runs = [
        ImportRun.objects.create(
            authority=council, extract_date=LONG_AGO, source=default_source(council), applied_at=timezone.now()
        )
        for council in (authority(), authority("S12000033"))
    ]
    corrected = Corrected(Correction("Tracker.xlsx", "Sheet1", "B2", "14/05/1999"), "14/5/1999?", "lead", "2020-01-01")
    for run in runs:
        ImportUndo.objects.create(run=run, body=b"closed")
        with_corrections(run, [corrected]).save()
    forget_them("P-0042", lead=lead, second=second)
    assert [undo.run for undo in ImportUndo.objects.all()] == runs[1:]
    told = [str(run.corrected) for run in ImportRun.objects.order_by("pk")]
    assert ["1999" in words for words in told] == [False, True]
    assert all("B2" in words for words in told)


def test_every_field_of_a_childs_rows_is_kept_or_taken_on_purpose():
    replaced = {model: {*names} for model, names in REPLACED.items()}
    for field in FREE_TEXT:
        replaced.setdefault(field.model, set()).add(field.name)
    for model in (Child, *KEPT):
        of_kept = (STAYING_OF_KEPT | REPLACED_OF_KEPT) if model in KEPT else set()
        assert STAYING[model] | replaced.get(model, set()) | of_kept == {
            field.name for field in model._meta.concrete_fields
        }


def test_every_model_that_hangs_on_a_child_was_thought_of():
    hanging = {relation.related_model.__name__ for relation in Child._meta.related_objects}
    # Of the last two: the records that were merged into this one.
    gone = {Identity, Allocation, KeptFinding, AcceptedFinding, Child, Merge}
    erased = {*KEPT, NotTheSame, KeptLonger, RightsRequest, ReminderSnooze, Restriction}
    # A note that a reminder was sent or an extract had or lacked the child, the children of a cycle and of a proposal:
    # by key alone.
    by_key = {"ReminderSent", "MissingAnswer", "PdsaCycle", "ChildInCycle", "Pseudonymisation", "Listed"}
    assert hanging - by_key == {model.__name__ for model in gone | erased}


def test_a_pseudonymised_child_is_nobody_even_for_who_sees_names(lead, second):
    row = told(lead)
    forget_them("P-0042", lead=lead, second=second)
    row.refresh_from_db()
    (who,) = present([row], to=lead, as_at=date(2020, 1, 1))
    assert (who.identified, who.name, who.local_ref, who.born) == (False, "", "", None)
    assert who.age == "8 or 9"
    assert not ReminderSnooze.objects.exclude(reason=ERASED).exists()


def test_the_reference_is_left_as_a_mark_that_says_neither_child_nor_day(lead, second):
    told(lead)
    forget_them("P-0042", lead=lead, second=second)
    mark = ForgottenReference.objects.get()
    assert {field.name for field in mark._meta.concrete_fields} == {"id", "authority", "mark", "year"}
    assert re.fullmatch("[0-9a-f]{64}", mark.mark)


def test_a_reference_that_is_let_in_may_be_recorded_again(lead, second):
    told(lead)
    forget_them("P-0042", lead=lead, second=second)
    let_in("secretref 0042", reason="Back in care", by=lead)
    assert not ForgottenReference.objects.exists()
    with pytest.raises(ValidationError, match="No record"):
        let_in("SECRETREF0042", reason="Back in care", by=lead)


AIMS = [
    {"start_event": "ACCOM_START", "stop_event": ["PERM_REC"], "limit": "26 weeks"},
    {"start_event": "ACCOM_START", "stop_event": ["PERM_REC"], "limit": "26 weeks", "age_max_exclusive": 1},
    {"start_event": "ACCOM_START", "stop_event": ["PERM_REC"], "limit": "26 weeks", "age_min": 5},
    {"start_event": "PERM_REC", "stop_event": ["ADM_DECISION"], "limit": "14 weeks", "age_max_exclusive": 12},
    {"start_event": "AT_HOME_2Y", "stop_event": ["PLAN_REVIEW_2Y"], "limit": "30 days", "age_max_exclusive": 12},
]


def test_every_figure_on_any_day_is_what_it_was(lead, second):
    for number, data in enumerate(AIMS):
        aim = Aim.objects.create(authority=authority(), code=f"AIM-{number}")
        AimVersion.objects.create(aim=aim, number=1, data={"code": aim.code, "title": "Swept", **data})
    rows = []
    for number in range(24):
        born = date(2002, 1, 1) + timedelta(days=211 * number)
        grown_up = born.replace(year=born.year + 18)
        rows.append(left(f"P-{number:04d}", born=born, ended=min(LONG_AGO, grown_up)))
        milestone(rows[-1], "PERM_REC", date(2018, 3, 1) + timedelta(days=13 * number), route="PO")
    definitions = definitions_of(authority())
    days = [date(2018, 1, 1) + timedelta(days=41 * n) for n in range(30)]
    before = figures_of(rows, definitions, days)
    births = {row.pk: row.date_of_birth for row in rows}
    forget_them(*(row.code for row in rows), lead=lead, second=second)
    assert figures_of(rows, definitions, days) == before
    assert any(part[2] for part in before)
    moved = [row for row in Child.objects.filter(pk__in=births) if row.date_of_birth != births[row.pk]]
    assert len(moved) > 20


def test_a_figure_that_would_change_stops_everything(lead, second, monkeypatch):
    row = told(lead)
    aim = Aim.objects.create(authority=authority(), code="AIM-1")
    AimVersion.objects.create(
        aim=aim, number=1, data={"code": "AIM-1", "title": "Swept", **AIMS[0], "age_max_exclusive": 8}
    )
    monkeypatch.setattr("pace_site.front.retention.pseudonymising.substitute_birth", lambda *_a, **_k: date(2001, 1, 1))
    with pytest.raises(ValidationError, match="figure of an aim would change"):
        forget_them("P-0042", lead=lead, second=second)
    row.refresh_from_db()
    assert row.date_of_birth == date(2011, 4, 17)
    assert row.identity.given_name == "Secretgiven"


def test_a_month_only_date_is_no_reason_to_stop(lead, second):
    row = left()
    milestone(row, "PERM_REC", date(2018, 2, 1), precision=Precision.MONTH)
    assert forget_them("P-0042", lead=lead, second=second) == ["P-0042"]
