"""Published months with counts that a test chooses."""

from datetime import date

from aims.definition import AimDefinition
from aims.models import Aim, PublishedMonth
from pace_site.accounts.models import Organisation

LEAVES = {"met": 12, "late": 7, "left_undecided": 0, "overdue": 6, "waiting": 20}


def publish(
    of: Organisation,
    code: str,
    *,
    month_end: str = "2026-09-30",
    title: str = "Decided in time",
    hidden: tuple[str, ...] = (),
    **counts: int,
) -> PublishedMonth:
    """Publish one aim of an authority in a month; counts that are not said are ordinary."""
    aim, _new = Aim.objects.get_or_create(authority=of, code=code)
    definition = AimDefinition.from_mapping(
        {
            "code": code,
            "title": title,
            "start_event": "ACCOM_START",
            "stop_event": ["PERM_REC"],
            "limit": "26 weeks",
            "target_pct": 80,
        }
    )
    version, _new = aim.versions.get_or_create(number=2, defaults={"data": definition.to_mapping()})
    month, _new = PublishedMonth.objects.get_or_create(
        authority=of, month_end=date.fromisoformat(month_end), defaults={"smallest_shown": 5}
    )
    month.aims.create(version=version, counts=LEAVES | counts, hidden=sorted(hidden))
    return month
