"""Which roles were given lately, read from the audit trail: who got them, from whom, and who holds them still."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from pace_site.accounts.models import RoleMembership, Team, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.people.actions import opened_by

DAYS_BACK = 90
GIVEN = RoleMembership._meta.model_name


@dataclass(frozen=True)
class RoleGiven:
    """One role that somebody was given; `opens` says what of which PACE leads are told, if anything."""

    at: datetime
    person: str
    role: str
    team: str
    by: str
    opens: str
    is_held: bool


def given_lately(*, to: User) -> QuerySet[AuditEntry]:
    """The entries of roles given in the organisation of `to` in the last `DAYS_BACK` days, newest first."""
    since = timezone.now() - timedelta(days=DAYS_BACK)
    entries = AuditEntry.objects.visible_to(to).filter(action=AuditEntry.Action.CREATE, at__gte=since)
    return entries.filter(record_type=GIVEN).order_by("-at", "-pk")


def in_words(entries: Iterable[AuditEntry], *, to: User) -> list[RoleGiven]:
    """Three queries, whatever their number."""
    entries = [entry for entry in entries if entry.after]
    rows = RoleMembership.objects.visible_to(to).filter(pk__in=[int(entry.record_id) for entry in entries])
    held = {(str(row.pk), row.user_id, row.role, row.team_id) for row in rows}
    keys = {entry.after["user"] for entry in entries} | {entry.actor_id for entry in entries}
    people = User.objects.visible_to(to).in_bulk(keys - {None})
    teams = Team.objects.visible_to(to).in_bulk({entry.after["team"] for entry in entries} - {None})
    return [
        RoleGiven(
            at=entry.at,
            person=str(people.get(entry.after["user"], "somebody who has left the organisation")),
            role=Role(entry.after["role"]).label,
            team=str(teams.get(entry.after["team"], "")),
            by=str(people.get(entry.actor_id, entry.actor)),
            opens=" and ".join(opened_by(entry.after["role"])),
            is_held=(entry.record_id, *(entry.after[name] for name in ("user", "role", "team"))) in held,
        )
        for entry in entries
    ]
