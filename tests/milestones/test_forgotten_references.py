"""An extract does not bring back a child whose record was pseudonymised."""

from datetime import date

import pytest

from children.models import Child, Family
from children.retention.references import forget, remember
from milestones.extract.intake import take_in_extract
from milestones.extract.intake_result import IntakeResult
from milestones.models import Milestone
from tests.builders import authority

pytestmark = pytest.mark.django_db


def run(extract, city) -> IntakeResult:
    return take_in_extract(extract.write(), authority=city, extract_date=date(2018, 11, 1))


def test_of_a_forgotten_reference_nothing_is_taken_in_and_the_person_is_told(extract, city):
    forget("A 1", of=city, year=2025)
    result = run(extract, city)
    assert result.applied
    assert [*Child.objects.filter(authority=city).values_list("local_ref", flat=True)] == ["A2"]
    assert not Milestone.objects.filter(kind="PERM_REC").exists()
    (warning,) = [warning for warning in result.warnings if warning.startswith("A1")]
    assert "pseudonymised in 2025" in warning


def test_a_reference_that_another_council_forgot_is_taken_in(extract, city):
    forget("A1", of=authority("S12000033"), year=2025)
    assert run(extract, city).applied
    assert Child.objects.filter(authority=city).count() == 2


def test_a_reference_that_was_let_in_again_is_taken_in_as_a_new_child(extract, city):
    forget("A1", of=city, year=2025)
    run(extract, city)
    assert remember("A1", of=city)
    run(extract, city)
    assert Child.objects.filter(authority=city).count() == 2


def test_a_pseudonymised_child_is_not_among_those_whom_an_extract_misses(extract, city):
    run(extract, city)
    Child.objects.filter(local_ref="A1").update(local_ref="FORGOTTEN-1", pseudonymised_on="2026-01-01")
    forget("A1", of=city, year=2026)
    assert run(extract, city).missing_children == []
    assert Family.objects.filter(authority=city).count() == 1
