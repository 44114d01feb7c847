"""What a change of records does to their findings, for the dry run of an import."""

from datetime import date

import pytest

from children.models import Child, LegalBasis
from milestones.quality.comparison import compare, noted
from tests.builders import milestone
from tests.milestones.quality.stories import AS_AT, basis, cared_for, stay

pytestmark = pytest.mark.django_db


def findings_now():
    return noted(Child.objects.all(), as_at=AS_AT)


def test_new_and_gone_findings_are_told_by_rule_and_errors_come_first():
    mended, spoilt = cared_for(ground=None), cared_for()
    unchanged = cared_for(ground=None)
    before = findings_now()
    basis(mended, date(2024, 1, 8))
    milestone(spoilt, "PERM_REC", date(2024, 3, 1))
    error, warning = compare(before, findings_now())
    assert (error.rule.number, error.before, error.after) == (21, 0, 1)
    assert [(each.child_ref, each.rule) for each in error.new] == [(spoilt.local_ref, 21)]
    assert (warning.rule.number, warning.before, warning.after) == (42, 2, 1)
    assert [each.child_ref for each in warning.gone] == [mended.local_ref]
    assert not warning.new
    assert unchanged.local_ref not in {each.child_ref for each in warning.gone}


def test_rows_written_anew_that_say_the_same_change_nothing():
    row = cared_for()
    stay(row, date(2024, 3, 1))
    before = findings_now()
    assert before
    Child.objects.get(pk=row.pk).placements.all().delete()
    stay(row, date(2024, 1, 8))
    stay(row, date(2024, 3, 1))
    assert compare(before, findings_now()) == []


def test_the_same_thing_found_twice_and_then_once_is_gone_once():
    row = cared_for()
    first = milestone(row, "PERM_REC", date(2024, 3, 1))
    milestone(row, "PERM_REC", date(2024, 3, 1))
    before = findings_now()
    first.delete()
    changes = {change.rule.number: change for change in compare(before, findings_now())}
    assert (changes[21].before, changes[21].after, len(changes[21].gone)) == (2, 1, 1)
    assert (changes[43].before, changes[43].after) == (1, 0)
    LegalBasis.objects.all().delete()
    assert [change.rule.number for change in compare(before, findings_now())] == [21, 42, 43]
