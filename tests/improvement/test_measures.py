"""Measures: planning them, adding those of the register, and typing their values."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from improvement.actions.measures import (
    add_from_register,
    change_measure,
    plan_measure,
    retire_measure,
    type_value,
)
from improvement.editions import Collision
from improvement.measure_register import registered_measures
from improvement.models import Measure, MeasureValue
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, milestone, person, team
from tests.improvement.builders import an_aim
from tests.improvement.measure_builders import MARCH, SHARE, TODAY, judged, typed
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db


# The plan


def test_whoever_leads_improvement_and_the_data_lead_plan_measures_and_nobody_else():
    aim = an_aim()
    for role in (Role.PACE_LEAD, Role.DATA_LEAD, Role.AIM_GROUP_LEAD, Role.ADMINISTRATIVE_LEAD):
        plan_measure(aim, SHARE, by=person(role))
    for role in (Role.CHAMPION, Role.PRACTITIONER, Role.SENIOR_LEADER):
        with pytest.raises(PermissionDenied):
            plan_measure(aim, SHARE, by=person(role))
    assert Measure.objects.count() == 4


def test_a_measure_of_another_authoritys_aim_is_refused(lead):
    with pytest.raises(PermissionDenied):
        plan_measure(an_aim(organisation=authority("S12000033")), SHARE, by=lead)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"name": " "}, "name", "Give the measure a name"),
        ({"definition": ""}, "definition", "two people would count the same"),
        ({"denominator": ""}, "denominator", "one number out of another"),
        ({"chart": "c"}, "chart", "For percentage choose"),
        ({"target": Decimal(101)}, "target", "0 to 100"),
        ({"target": Decimal(-1)}, "target", "not below zero"),
        ({"baseline_points": 12, "baseline_until": MARCH}, "baseline_until", "Choose one"),
        ({"unit": "rate", "chart": "u", "per": 0}, "per", "one or more"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(lead, said, field, words):
    with pytest.raises(ValidationError) as refused:
        plan_measure(an_aim(), SHARE | said, by=lead)
    assert words in refused.value.message_dict[field][0]
    assert not Measure.objects.exists()


def test_a_collector_is_one_of_those_who_take_part_in_tests(lead):
    with pytest.raises(ValidationError):
        plan_measure(an_aim(), SHARE | {"collector": person(Role.SENIOR_LEADER)}, by=lead)


def test_a_plan_that_names_a_child_is_refused(lead):
    child(of_team=team(), code="P-4417")
    with pytest.raises(ValidationError, match="names a child"):
        plan_measure(an_aim(), SHARE | {"exclusions": "all but P-4417"}, by=lead)


def test_a_change_of_plan_is_in_the_trail_and_an_old_edition_collides(lead, measure):
    assert change_measure(measure, {"target": Decimal("80.5")}, edition=1, by=lead)
    entry = AuditEntry.objects.filter(record_type="measure").latest("pk")
    assert (entry.before["target"], entry.after["target"]) == (None, "80.5")
    with pytest.raises(Collision):
        change_measure(measure, {"target": Decimal(90)}, edition=1, by=lead)
    assert not change_measure(measure, {"target": Decimal("80.5")}, edition=2, by=lead)


def test_the_unit_stays_once_values_were_typed(lead, champion, measure):
    typed(measure, MARCH, 1, 2, by=champion)
    with pytest.raises(ValidationError, match="typed in this unit"):
        change_measure(measure, {"unit": "number", "chart": "run"}, edition=1, by=lead)


def test_a_retired_measure_takes_no_more_values(lead, champion, measure):
    with pytest.raises(ValidationError):
        retire_measure(measure, reason=" ", edition=1, by=lead)
    retire_measure(measure, reason="Nobody asks any more", edition=1, by=lead)
    with pytest.raises(ValidationError, match="retired"):
        typed(measure, MARCH, 1, 2, by=champion)


# The register


def test_every_measure_of_the_register_can_be_added_and_once_to_an_aim(lead):
    aim = an_aim()
    for code, shipped in registered_measures().items():
        row = add_from_register(aim, code, by=lead, on=TODAY)
        assert row.is_computed == (shipped.rule is not None)
        assert row.counts_from == (date(2024, 11, 1) if row.is_computed else None)
    with pytest.raises(ValidationError, match="among the measures of AIM-1 already"):
        add_from_register(aim, "two-week-meeting", by=lead)
    with pytest.raises(KeyError):
        add_from_register(aim, "no-such-measure", by=lead)


def test_a_retired_measure_can_be_added_anew(lead):
    aim = an_aim()
    retire_measure(add_from_register(aim, "first-review", by=lead), reason="Not needed", edition=1, by=lead)
    assert not add_from_register(aim, "first-review", by=lead).is_retired


def test_a_computed_measure_counts_the_children_whom_the_person_counts(lead):
    north = team()
    for place, held in enumerate((10, 14, 15, None)):
        row = child(of_team=north, code=f"P-{place}", accommodated=date(2026, 3, 2))
        if held is not None:
            milestone(row, "MTG_2WK", date(2026, 3, 2 + held))
    row = add_from_register(an_aim(), "two-week-meeting", by=lead, on=TODAY)
    assert judged(row, by=lead).latest == "50 % in March 2026 (2 of 4)"
    elsewhere = person(Role.PACE_LEAD, organisation=authority("S12000033"))
    assert judged(row, by=elsewhere).is_empty


# Typing


def test_the_collector_types_values_and_other_members_do_not(champion, measure):
    assert typed(measure, MARCH, 3, 4, by=champion).by == champion
    for role in (Role.PRACTITIONER, Role.CHAMPION, Role.SENIOR_LEADER):
        with pytest.raises(PermissionDenied):
            typed(measure, MARCH, 3, 4, by=person(role), edition=1)
    typed(measure, MARCH, 2, 4, by=person(Role.DATA_LEAD), edition=1)


def test_nobody_types_what_is_computed(lead):
    row = add_from_register(an_aim(), "two-week-meeting", by=lead)
    with pytest.raises(PermissionDenied):
        typed(row, MARCH, 1, 2, by=lead)


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (date(2026, 12, 1), "still to come"),
        (date(2026, 11, 1), "not over yet"),
        (date(1989, 12, 1), "out of range"),
    ],
)
def test_months_that_are_not_over_are_refused(champion, measure, month, words):
    with pytest.raises(ValidationError, match=words):
        typed(measure, month, 1, 2, by=champion)


@pytest.mark.parametrize(
    ("numerator", "denominator", "field", "words"),
    [
        (5, 4, "numerator", "more of them than"),
        (-1, 4, "numerator", "below zero"),
        (1, -4, "denominator", "below zero"),
        (1, 10_000_000, "denominator", "more than 1,000,000"),
    ],
)
def test_values_that_cannot_be_are_refused_in_words(champion, measure, numerator, denominator, field, words):
    with pytest.raises(ValidationError) as refused:
        typed(measure, MARCH, numerator, denominator, by=champion)
    assert words in refused.value.message_dict[field][0]
    assert not MeasureValue.objects.exists()


def test_of_two_numbers_both_are_typed(champion, measure):
    with pytest.raises(ValidationError, match="both numbers"):
        type_value(measure, MARCH, numerator=Decimal(1), by=champion, today=TODAY)
    with pytest.raises(ValidationError, match="Type a number"):
        type_value(measure, MARCH, by=champion, today=TODAY)


def test_a_rate_is_of_something(lead):
    rate = plan_measure(an_aim(), SHARE | {"unit": "rate", "chart": "u", "per": 1000}, by=lead)
    with pytest.raises(ValidationError, match="how many there were in all"):
        typed(rate, MARCH, 1, 0, by=lead)
    typed(rate, MARCH, 3, 2, by=lead)
    assert judged(rate, by=lead).latest == "1,500 for each 1,000 in March 2026 (3 of 2)"


def test_a_correction_keeps_what_was_typed_before_and_an_old_one_collides(client, champion, measure):
    typed(measure, MARCH, 3, 4, by=champion)
    with pytest.raises(Collision):
        typed(measure, MARCH, 2, 4, by=champion)
    typed(measure, MARCH, 2, 4, by=champion, edition=1, note="One form came late")
    client.force_login(champion)
    said = text_of(client.get(measure.get_absolute_url()))
    assert "Who typed what (2)" in said
    assert "March 2026 3 of 4 2 of 4 (One form came late)" in said


def test_a_value_can_be_taken_out_and_typed_again(champion, measure):
    typed(measure, MARCH, 3, 4, by=champion)
    type_value(measure, MARCH, edition=1, by=champion, today=TODAY)
    assert judged(measure, by=champion).is_empty
    typed(measure, MARCH, 1, 4, by=champion, edition=2)
    assert judged(measure, by=champion).latest == "25 % in March 2026 (1 of 4)"
