"""Reminders as a pure fold, on the days that the rules name, and against a twin that counts days one by one."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.db import transaction

from aims.reminder_kinds import ReminderKind
from aims.reminders import days_of_reminders, reminders
from tests.aims.stored_histories import measured
from tests.aims.storytelling import accommodated, aim, day
from tests.naive.inventions import invent_case
from tests.naive.outcomes import naive_outcomes

HALF = Fraction(1, 2)
ONE_DAY = timedelta(days=1)


def days(start, due, fraction=HALF):
    return {kind.value: on.isoformat() for kind, on in days_of_reminders(day(start), day(due), fraction).items()}


@pytest.fixture
def remind(measure_children):
    """The reminders of an aim over some children as at a day."""

    def run(definition, *histories, as_at):
        return reminders(measure_children(definition, *histories, as_at=as_at).now.outcomes)

    return run


class TestDays:
    def test_half_of_thirty_weeks_is_fifteen(self):
        assert days("2019-02-01", "2019-08-30") == {
            "halfway": "2019-05-17",
            "due_soon": "2019-08-16",
            "overdue": "2019-08-31",
        }

    def test_half_of_an_odd_number_of_days_is_rounded_down(self):
        assert days("2019-01-01", "2019-04-02")["halfway"] == "2019-02-15"  # 91 days

    def test_a_fraction_is_taken_exactly(self):
        # 0.29 of 100 days is 29 days; as a float it would be a shade less, and a day early.
        fraction = Fraction(Decimal("0.29"))
        assert days("2019-01-01", "2019-04-11", fraction)["halfway"] == "2019-01-30"

    def test_the_leap_day_is_a_day(self):
        assert days("2020-02-01", "2020-03-31")["halfway"] == "2020-03-01"  # 59 days, 29 on
        assert days("2020-01-31", "2020-03-29")["halfway"] == "2020-02-29"
        assert days("2020-02-29", "2020-05-29")["due_soon"] == "2020-05-15"

    def test_halfway_and_due_soon_may_fall_on_one_day(self):
        assert days("2019-01-01", "2019-01-29") == {
            "halfway": "2019-01-15",
            "due_soon": "2019-01-15",
            "overdue": "2019-01-30",
        }

    @pytest.mark.parametrize(("due", "fraction"), [("2019-01-27", "0.5"), ("2019-07-02", "0.95")])
    def test_halfway_is_left_out_where_due_soon_has_said_more_before_it(self, due, fraction):
        assert set(days("2019-01-01", due, Fraction(fraction))) == {"due_soon", "overdue"}

    def test_with_less_than_two_weeks_notice_is_given_on_the_first_day(self):
        assert days("2019-01-10", "2019-01-15") == {"due_soon": "2019-01-10", "overdue": "2019-01-16"}

    @pytest.mark.parametrize(
        ("due", "fraction"), [("2019-01-10", "0.5"), ("2019-01-11", "0.5"), ("2019-04-10", "0.01")]
    )
    def test_nobody_is_told_on_the_first_day_that_part_of_the_time_has_gone(self, due, fraction):
        assert "halfway" not in days("2019-01-10", due, Fraction(fraction))
        assert days("2019-01-10", "2019-07-29", Fraction("0.01"))["halfway"] == "2019-01-12"

    def test_a_clock_that_begins_after_the_deadline_is_overdue_from_its_start(self):
        assert days("2019-01-10", "2018-06-30") == {"overdue": "2019-01-10"}


class TestOfAnAim:
    def test_the_area_sets_after_which_part_of_the_time(self, remind):
        (found,) = remind(
            aim(reminder_fraction="0.25", limit="40 weeks"), accommodated("2019-02-01"), as_at="2019-06-01"
        )
        assert (found.kind, found.on) == (ReminderKind.HALFWAY, date(2019, 4, 12))

    def test_a_reminder_says_of_which_clock_it_is(self, remind):
        (found,) = remind(aim(code="A-1"), accommodated("2019-02-01", ref="C7"), as_at="2019-05-30")
        assert (found.aim, found.child_code, found.child_ref) == ("A-1", "P-C7", "C7")
        assert (found.start, found.due) == (date(2019, 2, 1), date(2019, 8, 2))
        assert found.key == ("A-1", found.child_id, date(2019, 2, 1), "halfway")

    def test_a_backlog_is_reminded_of_by_its_deadline(self, remind):
        backlog = aim(kind="deadline", limit=None, before_date="2017-04-01", deadline="2017-10-31")
        found = remind(backlog, accommodated("2016-11-01"), as_at="2017-10-17")
        assert [(each.kind.value, each.on.isoformat()) for each in found] == [
            ("halfway", "2017-05-02"),
            ("due_soon", "2017-10-17"),
        ]

    def test_a_draft_without_a_limit_reminds_of_nothing(self, remind):
        assert remind(aim(limit="X"), accommodated("2016-11-01"), as_at="2020-10-17") == []


def twin_reminders(definition, histories, as_at):
    """The rules of design 7 again, a day at a time, over the outcomes of the naive twin."""
    found = set()
    for row in naive_outcomes(definition, histories, as_at).rows:
        if row.due is None:
            continue
        if row.state == "OVERDUE":
            on = row.due + ONE_DAY if row.due >= row.start else row.start
            found.add((on.isoformat(), row.child_ref, "overdue", row.start))
        if row.state != "WAITING":
            continue
        allowed = (row.due - row.start).days
        due_soon = row.due
        while due_soon > row.start and (row.due - due_soon).days < 14:
            due_soon -= ONE_DAY
        halfway = row.start
        while ((halfway - row.start).days + 1) * 100 <= allowed * int(definition.reminder_fraction * 100):
            halfway += ONE_DAY
        if due_soon <= as_at:
            found.add((due_soon.isoformat(), row.child_ref, "due_soon", row.start))
        if halfway <= as_at and row.start < halfway <= due_soon:
            found.add((halfway.isoformat(), row.child_ref, "halfway", row.start))
    return sorted(found, key=lambda each: (each[0], each[1], each[2], each[3]))


@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(3))
def test_the_fold_says_what_a_naive_twin_says(authority, batch):
    kinds = set()
    for seed in range(batch * 60, batch * 60 + 60):
        random = Random(seed)
        definition, histories, as_at = invent_case(random)
        data = {**definition.to_mapping(), "reminder_fraction": random.choice(["0.5", "0.5", "0.33", "0.9", "0.01"])}
        definition = type(definition).from_mapping(data)
        with transaction.atomic():
            outcomes = measured(definition, histories, as_at=as_at, authority=authority).now.outcomes
            transaction.set_rollback(True)
        found = reminders(outcomes)
        said = sorted((each.on.isoformat(), each.child_ref, each.kind.value, each.start) for each in found)
        assert said == twin_reminders(definition, histories, as_at), f"seed {seed}"
        assert [each.on for each in found] == sorted(each.on for each in found)
        kinds |= {each.kind for each in found}
    assert kinds == set(ReminderKind)
