"""The counting of measures against the naive twin, on random histories."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from children.models import Child
from improvement.measure_definition import Rule
from improvement.measured.counting import count_months, load_histories
from milestones.models import Milestone
from tests.aims.stored_histories import store
from tests.builders import child
from tests.naive.dates import end_of_month
from tests.naive.inventions import STAGE_KINDS, invent_case, invent_steps_case
from tests.naive.measures import naive_beforehand, naive_in_time, naive_moves, naive_standing

pytestmark = pytest.mark.django_db

AWAY = ["PO", "POA", "ADOPT"]
IN_TIME = [
    {"start_event": "ACCOM_START", "stop_event": ["PERM_REC", "PERM_DECISION"], "within": "13 weeks"},
    {"start_event": "ACCOM_START", "stop_event": ["REVIEW"], "within": "3 months"},
    {"start_event": "ACCOM_START", "stop_event": ["MTG_72H"], "within": "3 working days"},
    {"start_event": "PERM_REC", "stop_event": ["PANEL_PRESENTED"], "within": "12 weeks", "routes": AWAY},
    {"start_event": "ADM_APPROVED", "stop_event": ["COURT_LODGED", "ADM_NOTIFIED"], "within": "1 years"},
    {"start_event": "PANEL_PRESENTED", "stop_event": ["ADM_DECISION"], "within": "14 days"},
    {"start_event": "ADM_DECISION", "stop_event": ["ADM_NOTIFIED"], "within": "7 days"},
]
BEFOREHAND = [
    {"start_event": "PERM_REC", "before_event": ["REVIEW"], "routes": AWAY},
    {"start_event": "PERM_REC", "before_event": ["REVIEW", "MTG_2WK"], "window": "3 months"},
    {"start_event": "PERM_REC", "before_event": ["REVIEW"], "window": "1 years"},
    {"start_event": "ADM_APPROVED", "before_event": ["PANEL_PRESENTED"]},
    {"start_event": "COURT_LODGED", "before_event": ["ADM_APPROVED"]},
    {"start_event": "ACCOM_START", "before_event": ["PERM_REC"], "window": "13 weeks"},
]
CASES = 80


def rule(compute, **said):
    return Rule.from_mapping({"compute": compute, **said})


def counted(rules, histories, as_at, authority):
    """The months of each rule by key, those without anything left out where they are out of something."""
    with transaction.atomic():
        store(histories, authority=authority)
        loaded = load_histories(Child.objects.filter(authority=authority), as_at, rules)
        found = [count_months(each, loaded) for each in rules]
        transaction.set_rollback(True)
    return [
        {
            month.key: month.value if month.denominator is None else (month.numerator, month.denominator)
            for month in months
            if month.denominator is None or month.denominator or month.numerator
        }
        for months in found
    ]


def a_case(seed):
    """Children of every kind of story, and a day that is often the last of a month."""
    random = Random(seed)
    if seed % 2:
        _aim, histories, as_at = invent_case(random)
    else:
        histories, as_at = invent_steps_case(random, about=STAGE_KINDS)
    return histories, end_of_month(as_at) if random.random() < 0.4 else as_at


@pytest.mark.sweep
def test_what_is_counted_is_what_somebody_counting_by_hand_would_find(authority):
    rules = [rule("in_time", **said) for said in IN_TIME] + [rule("beforehand", **said) for said in BEFOREHAND]
    rules.append(rule("moves"))
    by_hand = {"in_time": naive_in_time, "beforehand": naive_beforehand, "moves": naive_moves}
    some, others = Counter(), Counter()
    for seed in range(CASES):
        histories, as_at = a_case(seed)
        for place, told in enumerate(counted(rules, histories, as_at, authority)):
            assert told == by_hand[rules[place].compute](rules[place], histories, as_at), f"seed {seed}, rule {place}"
            some[place] += sum(part for part, _whole in told.values())
            others[place] += sum(whole - part for part, whole in told.values())
    # The cases are not empty: each rule finds what fulfils its condition, and what does not.
    assert [place for place in range(len(rules)) if not some[place]] == []
    assert [place for place in range(len(rules)) if not others[place]] == []


@pytest.mark.sweep
def test_who_stands_in_a_stage_at_each_month_end_is_who_is_found_when_it_is_asked_by_itself(authority):
    """Children placed at home and away on one day are left out: which of the two counts, their later ends decide."""
    rules = [rule("standing", stage=stage) for stage in ("REC", "PANEL", "ADM", "COURT", "ORDER")]
    stood = Counter()
    for seed in range(CASES):
        histories, as_at = a_case(seed)
        histories = [each for each in histories if not is_in_two_places(each)]
        for each, told in zip(rules, counted(rules, histories, as_at, authority), strict=True):
            assert told == naive_standing(each.stage, histories, as_at), f"seed {seed}, {each.stage}"
            stood[each.stage] += sum(told.values())
    assert min(stood[each.stage] for each in rules) > 0


def is_in_two_places(history):
    days = [placement.start for placement in history.placements]
    days += [event.on for event in history.events if event.kind == "RETURN_HOME"]
    # One from before an episode begins with it.
    days += [episode.start for episode in history.episodes if any(day and day < episode.start for day in days)]
    return len(set(days)) < len(days)


def test_reviews_not_held_on_their_day_are_what_somebody_counting_by_hand_would_find(authority):
    random = Random(7)
    row = child()
    opening, as_at = date(2020, 1, 1), date(2020, 6, 30)
    kept = []
    for _ in range(200):
        planned = opening + timedelta(days=random.randrange(220))
        held = random.choice([None, *(planned + timedelta(days=days) for days in (-1, 0, 0, 0, 1, 30))])
        outcome = random.choice(["postponed", "cancelled", ""]) if held is None else ""
        precision = random.choice(["day", "day", "day", "month"])
        kind = random.choice(["REVIEW", "REVIEW", "REVIEW", "PPM"])
        voided = random.random() < 0.1
        kept.append((planned, held, precision, kind, voided))
        Milestone.objects.create(
            child=row,
            kind=kind,
            planned_on=planned,
            happened_on=held.replace(day=1) if held and precision == "month" else held,
            precision=precision,
            outcome=outcome,
            voided_on=as_at if voided else None,
            void_reason="recorded in error" if voided else "",
        )
    expected = {}
    for planned, held, precision, kind, voided in kept:
        if voided or kind != "REVIEW" or precision != "day" or planned > as_at:
            continue
        late, count = expected.get(f"{planned:%Y-%m}", (0, 0))
        expected[f"{planned:%Y-%m}"] = (late + (held is None or held > planned), count + 1)
    of = rule("not_on_the_day", planned_event="REVIEW")
    months = count_months(of, load_histories(Child.objects.filter(authority=authority), as_at, [of]))
    assert {month.key: (month.numerator, month.denominator) for month in months} == expected
