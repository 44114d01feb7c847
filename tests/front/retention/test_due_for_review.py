"""Which records are due for review, and keeping one longer."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from children.models import CareEpisode
from children.retention.models import KeptLonger
from pace_site.front.retention.actions import keep_longer, reviewed_by
from tests.builders import authority, child
from tests.front.retention.left_care import codes_due, left

pytestmark = pytest.mark.django_db


def test_a_record_is_due_on_the_day_on_which_the_period_is_over_and_not_the_day_before(lead):
    left()
    assert codes_due(lead, date(2023, 3, 2)) == []
    assert codes_due(lead, date(2023, 3, 3)) == ["P-0042"]


def test_the_councils_own_period_counts(lead):
    left()
    lead.organisation.retention_years = 5
    assert codes_due(lead, date(2025, 3, 2)) == []
    assert codes_due(lead, date(2025, 3, 3)) == ["P-0042"]


@pytest.mark.parametrize("years", [0, 26])
def test_a_council_keeps_records_for_1_to_25_years(years):
    council = authority()
    council.retention_years = years
    with pytest.raises(IntegrityError), transaction.atomic():
        council.save()


def test_a_child_who_is_looked_after_again_is_not_due(lead):
    CareEpisode.objects.create(child=left(), start=date(2024, 1, 1))
    assert codes_due(lead) == []


def test_an_episode_recorded_in_error_neither_holds_a_record_nor_ends_it(lead):
    CareEpisode.objects.create(
        child=left(), start=date(2024, 1, 1), voided_on=date(2024, 1, 2), void_reason="Another child"
    )
    assert codes_due(lead) == ["P-0042"]


def test_a_brother_who_is_still_known_holds_the_record(lead):
    left(family="F1")
    child(code="P-0077", accommodated=date(2024, 1, 1), family="F1")
    (one,) = reviewed_by(lead, on=timezone.localdate())
    assert one.waits == "waits for P-0077 of the same family"


def test_care_past_the_18th_birthday_is_corrected_first(lead):
    left(born=date(2001, 1, 1))
    (one,) = reviewed_by(lead, on=timezone.localdate())
    assert "past the 18th birthday" in one.waits


def test_what_is_kept_longer_comes_back_on_the_day_that_was_set(lead):
    row = left()
    until = timezone.localdate() + timedelta(days=30)
    keep_longer(row, until=until, reason="A court case is open", by=lead)
    assert codes_due(lead) == []
    assert codes_due(lead, until) == ["P-0042"]


@pytest.mark.parametrize("days", [0, -1, 6 * 366])
def test_a_record_is_kept_longer_until_a_day_of_the_next_years(lead, days):
    with pytest.raises(ValidationError):
        keep_longer(left(), until=timezone.localdate() + timedelta(days=days), reason="A court case", by=lead)
    assert not KeptLonger.objects.exists()


def test_a_record_whose_period_is_not_over_is_not_kept_longer(lead):
    row = left(ended=timezone.localdate())
    with pytest.raises(ValidationError, match="not over"):
        keep_longer(row, until=timezone.localdate() + timedelta(days=9), reason="A court case", by=lead)
