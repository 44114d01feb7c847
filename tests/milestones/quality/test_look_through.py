"""What a look through all records keeps, and what is known afterwards."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from children.keeping import add
from children.models import Child, LegalBasis
from milestones.kept_journeys import KEPT
from milestones.models import AcceptedFinding, KeptFinding, MonthOfFindings
from milestones.quality.accepted import accepted_of, split
from milestones.quality.actions import accept_finding, take_back
from milestones.quality.known import kept_findings, known_findings
from milestones.quality.look_through import look_through
from milestones.quality.records import load_records
from milestones.quality.rules import findings
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.look.months import month_ends_before
from tests.builders import authority, milestone, person, team
from tests.milestones.asked import counted
from tests.milestones.quality.stories import AS_AT, SINCE, cared_for, found_in, stay

pytestmark = pytest.mark.django_db


def known():
    return known_findings(authority(), Child.objects.filter(authority=authority()))


def test_the_ends_of_the_months_that_are_over():
    assert month_ends_before(date(2024, 3, 31), months=3) == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]
    assert month_ends_before(date(2024, 4, 1), months=1) == [date(2024, 3, 31)]


def test_what_is_kept_is_what_the_rules_find():
    row = cared_for()
    stay(row, date(2024, 3, 1))
    milestone(row, "ORDER_GRANTED", date(2024, 5, 1), route="PO")
    look_through(authority(), as_at=AS_AT)
    found = findings(load_records(Child.objects.all()), as_at=AS_AT)
    assert kept_findings(KeptFinding.objects.order_by("child__code", "rule", "pk")) == found
    assert {each.rule for each in found} == {6, 25}


def test_before_anybody_looked_nothing_is_known():
    cared_for(ground=None)
    assert (known().look, known().findings) == (None, [])


def test_a_child_whose_record_changed_since_is_asked_again_and_an_import_is_told():
    by = person(Role.DATA_LEAD)
    mended, other = cared_for(ground=None), cared_for(ground=None)
    look_through(authority(), as_at=AS_AT)
    add(LegalBasis(child=mended, start=SINCE, measure_id="CSO"), by=by)
    now = known()
    assert [each.child_id for each in now.findings] == [other.pk]
    assert (now.asked_again, now.taken_in_since) == (1, False)
    AuditEntry.objects.create(
        authority_code=authority().code, action="import", actor="command", record_type="importrun"
    )
    assert known().taken_in_since


def test_what_the_last_look_found_is_read_once_and_never_of_an_earlier_look_or_of_what_was_taken_away():
    one, other = cared_for(ground=None), cared_for(ground=None)

    def known_of(children):
        with counted() as asked:
            found = [each.child_id for each in known_findings(authority(), children).findings]
        return found, sum('"milestones_keptfinding"."about"' in sql for sql in asked)

    everybody = Child.objects.filter(authority=authority())
    look_through(authority(), as_at=AS_AT)
    assert known_of(everybody) == ([one.pk, other.pk], 1)
    assert known_of(everybody) == ([one.pk, other.pk], 0)
    KeptFinding.objects.filter(child=other).delete()
    assert known_of(everybody) == ([one.pk], 1)
    LegalBasis(child=one, start=SINCE, measure_id="CSO").save()
    look_through(authority(), as_at=AS_AT)
    assert known_of(everybody) == ([other.pk], 1)


def test_few_of_an_authority_are_read_alone():
    one, *_others = [cared_for(ground=None) for _ in range(3)]
    before = KEPT.bytes
    look_through(authority(), as_at=AS_AT)
    assert [each.child_id for each in known_findings(authority(), Child.objects.filter(pk=one.pk)).findings] == [one.pk]
    assert KEPT.bytes == before


def test_a_month_is_counted_once_by_team_and_rule():
    north = team("Team North")
    first = cared_for(ground=None, of_team=north)
    cared_for(of_team=north)
    look_through(authority(), as_at=AS_AT)
    months = {each.month_end: each.counts for each in MonthOfFindings.objects.all()}
    assert len(months) == 12
    assert months[date(2024, 1, 31)] == [[north.pk, 42, 1, 0]]
    assert months[date(2023, 12, 31)] == []
    first.delete()
    look_through(authority(), as_at=date(2024, 7, 1))
    months = {each.month_end: each.counts for each in MonthOfFindings.objects.all()}
    assert months[date(2024, 1, 31)] == [[north.pk, 42, 1, 0]]
    assert months[date(2024, 6, 30)] == []
    look_through(authority(), as_at=date(2024, 7, 1), recount_since=timezone.localdate())
    assert MonthOfFindings.objects.get(month_end=date(2024, 1, 31)).counts == []


def test_nothing_is_counted_where_nobody_is_recorded_yet():
    look_through(authority(), as_at=AS_AT)
    assert not MonthOfFindings.objects.exists()


class TestAccepting:
    def test_an_accepted_finding_is_told_apart_until_a_fact_changes(self):
        by = person(Role.TEAM_MANAGER)
        row = cared_for(of_team=team())
        short = stay(row, date(2024, 3, 1), date(2024, 3, 1), short_break=True)
        (found,) = found_in(row)
        accept_finding(row, found, reason="A day visit that was agreed", by=by)
        still_open, accepted = split(found_in(row), accepted_of(Child.objects.all()))
        assert (still_open, [each.rule for each, _row in accepted]) == ([], [4])
        type(short).objects.filter(pk=short.pk).update(start=date(2024, 3, 2), end=date(2024, 3, 2))
        still_open, accepted = split(found_in(row), accepted_of(Child.objects.all()))
        assert ([each.rule for each in still_open], accepted) == ([4], [])

    def test_it_stands_in_the_trail_and_can_be_taken_back_once(self):
        by = person(Role.TEAM_MANAGER)
        row = cared_for(of_team=team(), ground=None)
        (found,) = found_in(row)
        accepted = accept_finding(row, found, reason="Respite without a basis", by=by)
        assert accept_finding(row, found, reason="Respite without a basis", by=by) == accepted
        take_back(accepted, by=by)
        with pytest.raises(ValidationError, match="taken back already"):
            take_back(accepted, by=by)
        assert split(found_in(row), accepted_of(Child.objects.all()))[0] == [found]
        said = AuditEntry.objects.filter(record_type="acceptedfinding", child_code=row.code).order_by("pk")
        assert [(each.action, each.reason) for each in said] == [
            ("create", "Respite without a basis"),
            ("void", "Respite without a basis"),
        ]
        assert said[0].after["rule"] == "DQ42"

    def test_only_who_may_and_reaches_the_child_accepts_and_says_why(self):
        row = cared_for(of_team=team("Team North"), ground=None)
        (found,) = found_in(row)
        worker, elsewhere = person(Role.PRACTITIONER), person(Role.TEAM_MANAGER, of_team=team("Team South"))
        for by in (worker, elsewhere):
            with pytest.raises(PermissionDenied):
                accept_finding(row, found, reason="It is true, I know", by=by)
        with pytest.raises(ValidationError):
            accept_finding(row, found, reason="  because ", by=person(Role.TEAM_MANAGER))
        assert not AcceptedFinding.objects.exists()
