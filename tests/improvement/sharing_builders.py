"""Build improvement work of every kind by a seeded random, as far as the database holds it."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from improvement.models import (
    Action,
    AgendaItem,
    Barrier,
    ChangeIdea,
    Implementation,
    Measure,
    MeasureValue,
    Meeting,
    ProgressScore,
)
from improvement.models.programme import GroupRole
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.builders import person
from tests.improvement.builders import a_cycle, a_diagram, a_driver, a_test, an_aim
from tests.improvement.meeting_builders import a_member, a_programme

FIRST = date(2025, 1, 6)
WORDS = (
    "the agenda was used",
    "on: yes, 12 of 15",
    "- “Nobody asked us before”",
    "É, ø & <b> # not a remark",
    "2026-01-01",
    "line one\nline two\n\n    indented",
    "null",
    "it: 'quoted' \"twice\" \\ back",
    "😀 at last",
    "0.5",
    "two\ttabs",
    "two-week meeting",
)


def words(rng: Random, *, most: int = 3) -> str:
    return ". ".join(rng.choice(WORDS) for _each in range(rng.randint(1, most))).strip()


def maybe(rng: Random, value, otherwise=""):
    return value if rng.random() < 0.6 else otherwise


def improvement_work(organisation: Organisation, *, seed: int) -> None:
    """Some of everything that is shared, in the authority."""
    rng = Random(seed)
    lead = person(Role.PACE_LEAD, organisation=organisation)
    others = tuple(person(Role.CHAMPION, organisation=organisation) for _each in range(3))
    aims = [an_aim(f"AIM-{number}", organisation=organisation) for number in (1, 2)]
    ideas = [_idea(rng, organisation, aims) for _each in range(rng.randint(2, 6))]
    for _each in range(rng.randint(0, 2)):
        _diagram(rng, organisation, rng.choice([None, *aims]), ideas)
    for number in range(rng.randint(1, 4)):
        test = a_test(
            lead=rng.choice(others),
            members=others[: rng.randint(0, 3)],
            aim=rng.choice(aims),
            idea=rng.choice([None, *ideas]),
            title=f"Test {rng.randint(1, 3)} of {lead}",
            begun_on=FIRST,
        )
        _fill_cycles(rng, test)
        if number == 0:
            test.withdrawn_on, test.withdrawn_reason, test.withdrawn_by = FIRST, words(rng, most=1), lead
            test.save()
    for _each in range(rng.randint(0, 3)):
        _measure(rng, rng.choice(aims), by=lead)
    _programme(rng, organisation, aims, lead=lead, others=others)


def _idea(rng, organisation, aims):
    retired = rng.random() < 0.3
    return ChangeIdea.objects.create(
        authority=organisation,
        title=rng.choice(("Agenda", "agenda", "A checklist: half way")),
        description=maybe(rng, words(rng)),
        source=maybe(rng, words(rng, most=1)),
        national_aim=rng.choice((None, 1, 4)),
        aim=rng.choice([None, *aims]),
        retired_on=FIRST if retired else None,
        retired_reason=words(rng, most=1) if retired else "",
    )


def _diagram(rng, organisation, aim, ideas):
    diagram = a_diagram(words(rng, most=1), organisation=organisation, aim=aim, definitions=maybe(rng, words(rng)))
    if rng.random() < 0.3:
        diagram.retired_on, diagram.retired_reason = FIRST, words(rng, most=1)
        diagram.save()
    primary = [a_driver(diagram, words(rng, most=1)) for _each in range(rng.randint(1, 3))]
    for _each in range(rng.randint(0, 4)):
        served = tuple(rng.sample(primary, rng.randint(0, len(primary))))
        linked = tuple(rng.sample(ideas, rng.randint(0, 2)))
        a_driver(diagram, words(rng, most=1), serves=served, ideas=linked, level="secondary")


def _fill_cycles(rng, test):
    test.cycles.all().delete()
    day = FIRST
    for number in range(1, rng.randint(2, 4)):
        filled = {
            "scale": rng.choice(("child", "worker", "team", "locality", "all")),
            "objective": words(rng),
            "who": maybe(rng, f"{test.lead}, {test.lead.email}"),
            "questions": [{"question": words(rng), "prediction": words(rng), "came_true": maybe(rng, "partly")}],
            "data_items": [words(rng) for _each in range(rng.randint(1, 3))],
            "planned_start": maybe(rng, day, None),
        }
        step = rng.randint(0, 3)
        if step > 0:
            filled |= {"started_on": day, "as_planned": rng.choice((None, True, False))}
        if step > 1:
            day += timedelta(days=20)
            filled |= {"ended_on": day, "what_happened": words(rng), "results": words(rng), "comparison": words(rng)}
            filled |= {"parents_said": maybe(rng, words(rng)), "learned": maybe(rng, words(rng))}
        if step > 2:
            filled |= {"decision": "adopt", "decision_reason": words(rng), "decided_on": day}
        a_cycle(test, number, **filled)
    if rng.random() < 0.5:
        Implementation.objects.create(test=test, owner=test.lead, training=maybe(rng, words(rng)), review_on=day)


def _measure(rng, aim, *, by):
    unit = rng.choice(("percent", "days"))
    computed = unit == "percent" and rng.random() < 0.5
    rule = {"compute": "in_time", "start_event": "ACCOM_START", "stop_event": ["PERM_REC"], "within": "26 weeks"}
    measure = Measure.objects.create(
        authority=aim.authority,
        aim=aim,
        name=words(rng, most=1),
        kind=rng.choice(("outcome", "balancing")),
        definition=words(rng),
        exclusions=maybe(rng, words(rng)),
        unit=unit,
        collector=by,
        target=rng.choice((None, Decimal("62.5"))),
        counts_from=rng.choice((None, date(2025, 1, 1))),
        rule=rule if computed else None,
    )
    for month in range(1, 1 if computed else rng.randint(1, 6)):
        value = {"numerator": 3, "denominator": 7} if unit == "percent" else {"value": Decimal("12.25")}
        if rng.random() < 0.2:
            value = {}
        MeasureValue.objects.create(
            measure=measure, month=date(2025, month, 1), by=by, note=maybe(rng, words(rng, most=1)), **value
        )


def _programme(rng, organisation, aims, *, lead, others):
    programme = a_programme(organisation, problem=f"{lead} says: {words(rng)}", starts_on=FIRST)
    a_member(lead, leads=rng.random() < 0.7, role=GroupRole.PACE_LEAD)
    for user in others:
        a_member(user, aim=rng.choice([None, *aims]))
    a_member(name="Jo Partner", agency="Health board", organisation=organisation)
    for month in range(1, rng.randint(1, 4)):
        score = Decimal(rng.randint(1, 10)) / 2
        row = {"month": date(2025, month, 1), "score": score, "reason": words(rng, most=1), "by": lead}
        ProgressScore.objects.create(programme=programme, **row)
    owners = (
        {"owner": lead},
        {"owner": others[0]},
        {"partner": "Jo Partner, Health board"},
        {"partner": "Somebody Else"},
    )
    for _each in range(rng.randint(0, 3)):
        Barrier.objects.create(
            authority=organisation,
            text=words(rng, most=1),
            aim=rng.choice([None, *aims]),
            raised_on=FIRST,
            asked=maybe(rng, words(rng)),
            **rng.choice(owners),
        )
    for number in range(rng.randint(0, 3)):
        day = FIRST + timedelta(weeks=4 * number)
        meeting = Meeting.objects.create(authority=organisation, on=day, closed_on=day, closed_by=lead, place="Room 4")
        for position, fills in enumerate(("", "aims", "barriers"), 1):
            AgendaItem.objects.create(
                meeting=meeting,
                position=position,
                title=words(rng, most=1),
                fills=fills,
                notes="What was said stays here",
                decisions=maybe(rng, words(rng)),
            )
        done = rng.random() < 0.5
        Action.objects.create(
            meeting=meeting,
            text=words(rng, most=1),
            due_on=day,
            done_on=day if done else None,
            done_by=lead if done else None,
            outcome=words(rng, most=1) if done else "",
            **rng.choice(owners),
        )
