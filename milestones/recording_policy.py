"""The recording policy: what is recorded, by whom, read from what, by when; and how far that is kept to.

It is made of the catalogue, the desks and what is expected, and says nothing of its own.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, ExpressionWrapper, IntegerField, QuerySet

from children.models import Child, Origin
from milestones.catalogue import BY_CODE, Kind, Precision, Source
from milestones.completeness import EXPECTED, Expected
from milestones.day_number import DayNumber
from milestones.desks import DESKS
from milestones.models import Milestone
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role

DAYS_MEASURED = 365
PER_CENT = 100


@dataclass(frozen=True)
class Adherence:
    """Of what people recorded by hand: how much within the days of the policy, and the median days it took."""

    recorded: int
    within: int
    median_days: int | None

    @property
    def percentage(self) -> Fraction | None:
        return Fraction(self.within * PER_CENT, self.recorded) if self.recorded else None


@dataclass(frozen=True)
class PolicyLine:
    """What is to be recorded of one kind of milestone."""

    kind: Kind
    roles: tuple[str, ...]
    expected: tuple[Expected, ...]
    adherence: Adherence

    @property
    def read_from(self) -> tuple[str, ...]:
        return tuple(Source(source).label for source in self.kind.read_from)


@dataclass(frozen=True)
class PolicyPart:
    """The kinds under one heading of the recording menu."""

    label: str
    lines: tuple[PolicyLine, ...]

    @property
    def recorded(self) -> int:
        """How many milestones of the part people recorded by hand."""
        return sum(line.adherence.recorded for line in self.lines)

    @property
    def within(self) -> int:
        return sum(line.adherence.within for line in self.lines)


def roles_with(permission: Permission) -> tuple[str, ...]:
    """The labels of the roles that hold a permission."""
    return tuple(role.label for role in Role if permission in ROLE_PERMISSIONS[role])


def recording_policy(children: QuerySet[Child], *, as_at: date) -> list[PolicyPart]:
    """The policy, with how far it was kept to over the year up to `as_at` for `children`; one query."""
    lags = _lags(children, as_at)
    return [
        PolicyPart(
            desk.label,
            tuple(
                PolicyLine(
                    kind=BY_CODE[code],
                    roles=roles_with(desk.permission),
                    expected=tuple(each for each in EXPECTED if each.kind == code),
                    adherence=adherence(lags[code], within=BY_CODE[code].within),
                )
                for code in desk.kinds
            ),
        )
        for desk in DESKS
    ]


def adherence(lags: Counter[int], *, within: int) -> Adherence:
    """`lags` counts how many were recorded so many days after they happened."""
    recorded = lags.total()
    return Adherence(recorded, sum(times for days, times in lags.items() if days <= within), _median(lags))


def _median(lags: Counter[int]) -> int | None:
    """The lower of the two in the middle."""
    left = (lags.total() + 1) // 2
    for days in sorted(lags):
        left -= lags[days]
        if left <= 0:
            return days
    return None


def _lags(children: QuerySet[Child], as_at: date) -> dict[str, Counter[int]]:
    """Days from happening to recording, by kind: of what was recorded by hand, with an exact day, in the last year."""
    day = date.fromordinal(as_at.toordinal() - DAYS_MEASURED)
    recorded = Milestone.objects.standing().filter(
        child__in=children.order_by().values("pk"),
        origin=Origin.HAND,
        precision=Precision.DAY,
        happened_on__gt=day,
        happened_on__lte=as_at,
        recorded_on__lte=as_at,
    )
    lag = ExpressionWrapper(DayNumber("recorded_on") - DayNumber("happened_on"), output_field=IntegerField())
    found: dict[str, Counter[int]] = defaultdict(Counter)
    rows = recorded.order_by().annotate(lag=lag).values_list("kind", "lag").annotate(times=Count("pk"))
    for kind, days, times in rows:
        found[kind][days] += times
    return found
