"""Does this authority use improvement methodology? The five questions of `domain.md` 6.3, answered from the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.urls import reverse

from aims.cards import AimCard
from aims.counted import Counted
from aims.findings import FEW_POINTS, decided_in_order
from aims.models import Aim
from improvement.models import DriverDiagram, TestOfChange
from milestones.models import ImportRun, Milestone
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.look.words import british_date, count_of

A_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Answer:
    """One question, whether the data answer it with yes, the words why, and what to do next with its address."""

    question: str
    is_yes: bool
    why: str
    next_words: str
    next_href: str


def self_check(user: User, *, cards: Sequence[AimCard], counted: Counted, day: date) -> list[Answer]:
    """The five answers as at a day, from the open aims' cards; five queries besides what the cards took."""
    active = [card for card in cards if card.version.aim.status == Aim.Status.ACTIVE]
    return [
        _stretch_aim(active, user),
        _driver_diagram(user),
        _active_pdsa(user, day=day),
        _fresh_data(user, counted, day=day),
        _run_chart(active),
    ]


def summary_of(answers: Sequence[Answer]) -> str:
    """The one sentence above them."""
    yes = sum(answer.is_yes for answer in answers)
    if yes == len(answers):
        return "Improvement methodology is used: all five answers are yes"
    return f"{yes} of {len(answers)} answers are yes: improvement methodology is not fully used yet"


def _stretch_aim(active: list[AimCard], user: User) -> Answer:
    whole = [card for card in active if card.definition.has_claim and card.definition.target_pct is not None]
    dated = [card for card in whole if card.definition.by_date or card.definition.deadline]
    if not active:
        why = "No aim is active."
    elif not whole:
        why = f"{count_of(len(active), 'aim is', 'aims are')} active, and none says how many children within what time."
    else:
        why = (
            f"{len(whole)} of {count_of(len(active), 'active aim says', 'active aims say')} how many children within "
            f"what time; {len(dated)} of them by when."
        )
    manages = can(user, Permission.MANAGE_AIMS)
    return Answer(
        "Is there a stretch aim?",
        bool(whole),
        why,
        "Set and activate aims" if manages else "See the aims",
        reverse("aims_manage" if manages else "aims"),
    )


def _driver_diagram(user: User) -> Answer:
    diagrams = list(DriverDiagram.objects.visible_to(user).filter(retired_on=None).select_related("aim")[:20])
    for_aims = sorted({row.aim.code for row in diagrams if row.aim})
    why = "Nobody has drawn what the aims depend on."
    if diagrams:
        why = f"{count_of(len(diagrams), 'driver diagram is', 'driver diagrams are')} drawn"
        why += f", for {', '.join(for_aims)}." if for_aims else ", for the whole programme."
    return Answer(
        "Is there a driver diagram?",
        bool(diagrams),
        why,
        "See the driver diagrams" if diagrams else "Draw one from the national template",
        reverse("driver_diagrams"),
    )


def _active_pdsa(user: User, *, day: date) -> Answer:
    tests = TestOfChange.objects.visible_to(user).filter(begun_on__lte=day).prefetch_related("cycles")
    under_way, learned = [], 0
    for test in tests:
        if test.withdrawn_on is not None and test.withdrawn_on <= day:
            continue
        begun = [cycle for cycle in test.ramp if cycle.started_on is not None and cycle.started_on <= day]
        learned += sum(cycle.decided_on is not None and cycle.decided_on <= day for cycle in begun)
        if begun and (begun[-1].decided_on is None or begun[-1].decided_on > day):
            under_way.append(test)
    recorded = f"{count_of(learned, 'earlier cycle has', 'earlier cycles have')} a recorded outcome."
    why = (
        f"{count_of(len(under_way), 'test of change has', 'tests of change have')} a cycle under way; {recorded}"
        if under_way
        else f"No cycle is under way; {recorded}"
    )
    return Answer(
        "Is a PDSA cycle active?",
        bool(under_way),
        why,
        "See the tests of change" if under_way else "Begin a cycle, or start a test",
        reverse("improvement"),
    )


def _fresh_data(user: User, counted: Counted, *, day: date) -> Answer:
    """The last extract, or the last milestone that people recorded by hand, whichever is later."""
    extract = (
        ImportRun.objects.visible_to(user).taken_in().filter(extract_date__lte=day).aggregate(last=Max("extract_date"))
    )
    by_hand = Milestone.objects.filter(child__in=counted.children, happened_on__lte=day, voided_on=None)
    last = max(filter(None, [extract["last"], by_hand.aggregate(last=Max("happened_on"))["last"]]), default=None)
    fresh = last is not None and day - last <= A_MONTH
    why = "No extract was taken in and no milestone is recorded."
    if last is not None:
        why = f"The data reach to {british_date(last)}, {count_of((day - last).days, 'day', 'days')} before."
    return Answer(
        "Are there data of the last month?",
        fresh,
        why,
        "See the children between milestones" if fresh else "Record what happened, or take in an extract",
        reverse("stages") if fresh or not can(user, Permission.VIEW_CHILDREN) else reverse("caseload"),
    )


def _run_chart(active: list[AimCard]) -> Answer:
    counts = [
        (len(decided_in_order(card.now.outcomes.rows)), card) for card in active if not card.definition.is_backlog
    ]
    enough = [card for points, card in counts if points >= FEW_POINTS]
    most = max(counts, key=lambda each: each[0], default=None)
    if enough:
        codes = ", ".join(card.definition.code for card in enough)
        why = f"{count_of(len(enough), 'run chart has', 'run charts have')} {FEW_POINTS} points or more: {codes}."
    elif most is None:
        why = "No active aim has a run chart."
    else:
        why = f"The longest run chart, of {most[1].definition.code}, has {count_of(most[0], 'point', 'points')}: "
        why += f"{FEW_POINTS} are needed to see a signal."
    return Answer("Is there a run chart?", bool(enough), why, "See the run charts", reverse("aims"))
