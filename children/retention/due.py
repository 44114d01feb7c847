"""Whose period is over: children no longer looked after for longer than their council keeps a record as it is.

A list and no more: nothing here changes a record, and no job does (`domain.md` 8).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from children.models import CareEpisode, Child
from children.retention.births import GROWN_UP, birthday
from children.retention.models import KeptLonger, Pseudonymisation
from pace_site.look.words import british_date, count_of

LEAP_DAY = (2, 29)


@dataclass(frozen=True)
class Reviewed:
    """A child whose period is over. `waits` says why the record cannot be pseudonymised now; empty when it can."""

    child: Child
    ended_on: date
    over_on: date
    waits: str

    @property
    def is_due(self) -> bool:
        return not self.waits


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; of 29 February, the 28th."""
    if (day.month, day.day) == LEAP_DAY:
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)


def no_longer_looked_after(children: QuerySet[Child], *, on: date) -> QuerySet[Child]:
    """Those of `children` whom nobody looks after on a day; `ended_on`: of the last care, or the day of birth."""
    standing = CareEpisode.objects.standing().filter(child=OuterRef("pk"))
    open_care = standing.filter(Q(end__isnull=True) | Q(end__gt=on))
    return (
        children.filter(~Exists(open_care), pseudonymised_on__isnull=True)
        .annotate(
            ended_on=Coalesce(
                Max("episodes__end", filter=Q(episodes__voided_on__isnull=True)), F("expected_on"), F("date_of_birth")
            )
        )
        .filter(ended_on__isnull=False)
    )


def period_over(children: QuerySet[Child], *, years: int, on: date) -> QuerySet[Child]:
    """Those of `children` whose period is over on a day."""
    return no_longer_looked_after(children, on=on).filter(ended_on__lte=years_before(on, years))


def over(children: QuerySet[Child], *, years: int, on: date) -> list[Reviewed]:
    """Those of `children`, of one authority and open to the reader, whose period is over on a day, longest first.

    Six queries in all. Brothers and sisters outside `children` are never named, and adopted ones in neither direction
    (ADR 0020).
    """
    found = list(period_over(children, years=years, on=on).order_by("ended_on", "code"))
    waits = _why_they_wait(found, among=children, on=on)
    return [
        Reviewed(child, child.ended_on, birthday(child.ended_on, years), waits.get(child.pk, "")) for child in found
    ]


def _why_they_wait(found: Collection[Child], *, among: QuerySet[Child], on: date) -> dict[int, str]:
    """By child: why its record cannot be pseudonymised now."""
    keys = [child.pk for child in found]
    waits: dict[int, str] = {}
    proposed = Pseudonymisation.children.through.objects.filter(
        child__in=keys, pseudonymisation__state=Pseudonymisation.State.PROPOSED
    )
    for pk in proposed.values_list("child_id", flat=True):
        waits[pk] = "proposed: waits for a second person"
    for pk, until in KeptLonger.objects.filter(child__in=keys, until__gt=on).values_list("child_id", "until"):
        waits.setdefault(pk, f"kept until {british_date(until)}")
    past = _looked_after_past_18(found)
    waits |= dict.fromkeys(
        past - waits.keys(), "the record says that care went on past the 18th birthday: correct its end first"
    )
    free = {child.pk for child in found} - waits.keys()
    families = {child.family_id for child in found if child.family_id}
    held = defaultdict(list)
    siblings = Child.objects.filter(family__in=families, pseudonymised_on__isnull=True).exclude(pk__in=free)
    for family, key, code in siblings.order_by("code").values_list("family_id", "pk", "code"):
        held[family].append((key, code))
    tellable = told_apart(among, families=families)
    for child in found:
        if child.pk in free and child.family_id in held:
            waits[child.pk] = _waits_for(held[child.family_id], tellable if child.pk in tellable else frozenset())
    return waits


def told_apart(children: QuerySet[Child], *, families: Collection[int]) -> frozenset[int]:
    """Those of `children` who may be named as brothers and sisters of each other: no adopted one."""
    rows = Child.objects.not_adopted().filter(pk__in=children.order_by().values("pk"), family__in=families)
    return frozenset(rows.values_list("pk", flat=True))


def _waits_for(siblings: Sequence[tuple[int, str]], tellable: Collection[int]) -> str:
    codes = [code for key, code in siblings if key in tellable]
    words = ", ".join(codes)
    if untold := len(siblings) - len(codes):
        words += f"{' and ' if codes else ''}{count_of(untold, 'record', 'records')} not shown here,"
    return f"waits for {words} of the same family"


def _looked_after_past_18(found: Collection[Child]) -> set[int]:
    births = {child.pk: child.date_of_birth or child.expected_on for child in found}
    grown_up = {pk: birthday(born, GROWN_UP) for pk, born in births.items() if born}
    stays = CareEpisode.objects.standing().filter(child__in=grown_up)
    return {
        pk
        for pk, start, end in stays.values_list("child_id", "start", "end")
        if start < grown_up[pk] and (end is None or end > grown_up[pk])
    }
