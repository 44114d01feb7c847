"""Which made-up staff work with which made-up children, as their histories suggest."""

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any

from django.db.models import Min

from children.models import Allocation, CareEpisode, Child
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role

SHARE_OF_IRO = 0.4  # of the children in care: the others have other reviewing officers
SHARE_OF_PRACTITIONER = 0.5  # of the children in care in the practitioner's team
# A role that meets a child when one of these first happens.
MET_AT = {
    Role.PANEL_ADMINISTRATOR: ("PERM_REC", "PANEL_PRESENTED"),
    Role.ADM: ("PANEL_PRESENTED", "ADM_DECISION"),
    Role.LEGAL: ("LEGAL_ADVICE_REQ", "COURT_LODGED"),
}


def allocate(organisation: Organisation, people: dict[Role, User], *, seed: int) -> int:
    """Allocate children to the people of `organisation` who work by allocation; return how many allocations."""
    rng = Random(seed)  # nosec B311 # repeatable made-up lives, and no secret
    episodes = list(
        CareEpisode.objects.filter(child__authority=organisation)
        .order_by("child__local_ref", "start")
        .values_list("child_id", "start", "end")
    )
    last_end = {child: end for child, _start, end in episodes}
    in_care = [(child, start) for child, start, end in episodes if end is None]
    rows = []
    if Role.IRO in people:
        chosen = [(child, start) for child, start in in_care if rng.random() < SHARE_OF_IRO]
        rows += _rows(people[Role.IRO], chosen, last_end)
    if Role.PRACTITIONER in people:
        team = people[Role.PRACTITIONER].memberships.get(role=Role.PRACTITIONER).team
        own = set(Child.objects.filter(team=team).values_list("pk", flat=True))
        chosen = [(child, start) for child, start in in_care if rng.random() < SHARE_OF_PRACTITIONER and child in own]
        rows += _rows(people[Role.PRACTITIONER], chosen, last_end)
    for role, kinds in MET_AT.items():
        if role in people:
            rows += _rows(people[role], first_met(organisation, kinds), last_end)
    Allocation.objects.bulk_create(rows)
    return len(rows)


def first_met(organisation: Organisation, kinds: Iterable[str]) -> list[tuple[int, date]]:
    """Each child to whom one of `kinds` happened, and when first."""
    return list(
        Milestone.objects.filter(
            child__authority=organisation, kind__in=kinds, happened_on__isnull=False, voided_on__isnull=True
        )
        .order_by("child__local_ref")
        .values("child__local_ref", "child_id")
        .annotate(first=Min("happened_on"))
        .values_list("child_id", "first")
    )


def allocation(child: int, user: int, *, start: date, end: date | None) -> dict[str, Any]:
    """The row of an allocation from the day they met until the child left care."""
    return {"child_id": child, "user_id": user, "start": start, "end": end and max(start, end)}


def _rows(user: User, met: Iterable[tuple[int, date]], last_end: dict[int, date | None]) -> list[Allocation]:
    return [Allocation(**allocation(child, user.pk, start=start, end=last_end.get(child))) for child, start in met]
