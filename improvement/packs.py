"""The pack of a meeting: what its group looks at, as words and numbers that can be kept as they were shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from aims.cards import AimCard
from aims.findings import burn_down_summary, chart_summary
from aims.judged_chart import judge_aim, with_judgement
from aims.news import decided_since, newly_overdue
from aims.stages import StageFigures, headline
from improvement.meetings import carried_over, since_of
from improvement.models import Action, Barrier, Meeting, PdsaCycle, TestOfChange
from improvement.models.tests_of_change import CycleState
from improvement.named_children import sayable
from improvement.pack_chart import chart_of
from milestones.clocks.states import State
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import scope_of
from pace_site.look.words import british_date, weeks

LONGEST_WAITS = 6
Pack = dict[str, Any]


def pack_of(
    meeting: Meeting,
    *,
    cards: Sequence[AimCard],
    stages: list[StageFigures],
    whose: str,
    notice: str,
    day: date,
    to: User,
) -> Pack:
    """Everything that the meeting looks at, as at `day`, from figures that `to` may see; made of what JSON knows.

    A constant number of queries, whatever the number of aims, tests and children.
    """
    since = since_of(meeting)
    with_judgement([card.version.aim for card in cards])
    return {
        "as_at": day.isoformat(),
        "as_at_words": british_date(day),
        "since": since.isoformat(),
        "since_words": british_date(since),
        "whose": whose,
        "notice": notice,
        "aims": [_aim(card, since=since) for card in cards],
        "stages": _stages(stages),
        "stages_headline": headline(stages),
        **said_in_meeting(meeting, day=day, to=to),
    }


def said_in_meeting(meeting: Meeting, *, day: date, to: User) -> Pack:
    """What people wrote that the meeting looks at: its tests, barriers and actions."""
    since = since_of(meeting)
    return {
        "tests": _tests(meeting, since=since, day=day, to=to),
        "barriers": [_barrier(each) for each in barriers_on(meeting, since=since, day=day, to=to)],
        "actions": [_action(each, day=day) for each in carried_over(meeting)],
    }


def may_read_pseudonyms(user: User) -> bool:
    """Whether a kept pack, which speaks of the whole authority, may show a person its pseudonyms."""
    return can(user, Permission.VIEW_CHILDREN) and scope_of(user).whole_authority


def without_pseudonyms(pack: Pack) -> Pack:
    """The same pack with the waits alone."""
    aims = [aim | {"waits": [wait | {"code": ""} for wait in aim["waits"]]} for aim in pack["aims"]]
    return pack | {"aims": aims}


def _aim(card: AimCard, *, since: date) -> dict[str, Any]:
    outcomes, backlog = card.now.outcomes, card.definition.is_backlog
    waits = outcomes.running[:LONGEST_WAITS]
    news = decided_since(outcomes, since)
    judged = None if backlog else judge_aim(card.version.aim, outcomes)
    return {
        "code": card.definition.code,
        "title": card.definition.title,
        "headline": card.headline,
        "target": card.target,
        "verdict": card.verdict,
        "maturity": card.maturity,
        "has_claim": card.definition.has_claim,
        "percentages": [[shown, words] for _tile, shown, words in card.percentages],
        "counts": [[tile.count, tile.label.lower()] for tile in card.tiles],
        "summary": burn_down_summary(card.now) if backlog else chart_summary(card.now),
        "findings": [] if judged is None else judged.findings,
        "chart": chart_of(card.now, judged),
        "decided": len(news),
        "in_time": news.column("state").count(State.MET),
        "newly_overdue": newly_overdue(outcomes, since),
        "waits": [
            {
                "code": row.child_code if card.linked and row.child_id not in card.counted.closed_to_somebody else "",
                "weeks": weeks(row.waited),
                "overdue": row.state == State.OVERDUE,
            }
            for row in waits
        ],
    }


def _stages(stages: Iterable[StageFigures]) -> list[dict[str, Any]]:
    return [
        {
            "standing": each.stage.standing,
            "count": len(each.standing),
            "beyond": len(each.beyond) if each.stage.limit else None,
            "limit": each.stage.limit,
            "longest": weeks(each.longest_wait) if each.standing else "",
        }
        for each in stages
    ]


def tests_on(meeting: Meeting, *, since: date, day: date, to: User) -> QuerySet[TestOfChange]:
    """The tests that went on at the day or changed since the last meeting; those of the aim for an aim group."""
    rows = TestOfChange.objects.visible_to(to).filter(begun_on__lte=day)
    rows = rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=since))
    if meeting.aim_id:
        rows = rows.filter(aim=meeting.aim_id)
    return rows.select_related("aim", "lead").prefetch_related("cycles").order_by("aim__code", "pk")


def _tests(meeting: Meeting, *, since: date, day: date, to: User) -> list[dict[str, Any]]:
    found = []
    for test in tests_on(meeting, since=since, day=day, to=to):
        cycles = [cycle for cycle in test.ramp if cycle.number == 1 or (cycle.started_on or day) <= day]
        last = cycles[-1]
        over = last.decided_on is not None and last.decided_on <= since and last.decision in ("adopt", "abandon")
        if over and not (test.withdrawn_on and since < test.withdrawn_on <= day):
            continue
        withdrawn = test.withdrawn_on is not None and test.withdrawn_on <= day
        found.append(
            {
                "pk": test.pk,
                "title": test.title,
                "aim": test.aim.code,
                "lead": str(test.lead),
                "cycle": last.number,
                "scale": last.get_scale_display(),
                "stage": f"Withdrawn: {test.withdrawn_reason}" if withdrawn else stage_on(last, day),
                "learned": _learned(cycles, since=since, day=day),
                "is_new": _moved(test, cycles, since=since, day=day),
            }
        )
    return sorted(found, key=lambda each: (each["aim"], not each["is_new"], each["pk"]))


def stage_on(cycle: PdsaCycle, day: date) -> str:
    """How far a cycle had come on a day, as far as its dates tell."""
    if cycle.decided_on is not None and cycle.decided_on <= day:
        return f"Act: {cycle.get_decision_display().lower()}"
    if cycle.ended_on is not None and cycle.ended_on <= day:
        return f"Study: {CycleState.STUDYING.label.lower()}"
    if cycle.started_on is not None and cycle.started_on <= day:
        return f"Do: {CycleState.DOING.label.lower()} since {british_date(cycle.started_on)}"
    return f"Plan: {cycle.state.label.lower() if cycle.started_on is None else CycleState.PLANNED.label.lower()}"


def _moved(test: TestOfChange, cycles: list[PdsaCycle], *, since: date, day: date) -> bool:
    days = [test.begun_on, test.withdrawn_on]
    days += [each for cycle in cycles for each in (cycle.started_on, cycle.ended_on, cycle.decided_on)]
    return any(since < each <= day for each in days if each is not None)


def _learned(cycles: list[PdsaCycle], *, since: date, day: date) -> str:
    """What was learned in the cycles that ended since the last meeting."""
    said = [
        cycle.learned or cycle.results
        for cycle in cycles
        if cycle.ended_on is not None
        and cycle.ended_on <= day
        and (cycle.ended_on > since or (cycle.decided_on or date.min) > since)
    ]
    return " ".join(text for text in said if text)


def barriers_on(meeting: Meeting, *, since: date, day: date, to: User) -> QuerySet[Barrier]:
    """The barriers that stood on the day, or were resolved since the last meeting."""
    rows = Barrier.objects.visible_to(to).filter(Q(resolved_on=None) | Q(resolved_on__gt=since), raised_on__lte=day)
    if meeting.aim_id:
        rows = rows.filter(Q(aim=meeting.aim_id) | Q(aim=None))
    return rows.select_related("aim", "owner").order_by("raised_on", "pk")


def _barrier(barrier: Barrier) -> dict[str, Any]:
    return {
        "pk": barrier.pk,
        "text": barrier.text,
        "aim": barrier.aim.code if barrier.aim else "",
        "owner": barrier.owned_by,
        "asked": barrier.asked,
        "raised": british_date(barrier.raised_on),
        "resolved": f"{british_date(barrier.resolved_on)}: {barrier.resolution}" if barrier.resolved_on else "",
    }


def _action(action: Action, *, day: date) -> dict[str, Any]:
    done = action.done_on is not None and action.done_on <= day
    return {
        "pk": action.pk,
        "text": action.text,
        "owner": action.owned_by,
        "due": british_date(action.due_on),
        "overdue": not done and action.due_on < day,
        "done": british_date(action.done_on) if done else "",
        "outcome": action.outcome if done else "",
    }


# What people wrote, by section of the pack. In tests no child may be named at all, so no pseudonym stands there.
Written = Mapping[str, tuple[str, ...]]
WRITTEN: Written = {"actions": ("text", "outcome"), "barriers": ("text", "asked", "resolved")}
WRITTEN_AT_ALL: Written = WRITTEN | {"tests": ("title", "stage", "learned")}


def texts_of(pack: Pack, written: Written = WRITTEN) -> list[str]:
    """What people wrote, in which pseudonyms may stand."""
    return [each[name] for section, names in written.items() for each in pack[section] for name in names]


def reworded(pack: Pack, words: Callable[[str], str], written: Written = WRITTEN) -> Pack:
    """The pack with each of those texts as `words` writes it."""
    return pack | {
        section: [each | {name: words(each[name]) for name in names} for each in pack[section]]
        for section, names in written.items()
    }


def to_hand_on(said: Pack, authority: Organisation) -> Pack:
    """What people wrote, without each text that has a pseudonym, name or reference of any child of the authority."""
    return reworded(said, sayable(authority, texts_of(said, WRITTEN_AT_ALL)), WRITTEN_AT_ALL)
