"""Look through all records of an authority, keep what was found, and count the ends of months.

Forty rules over twenty thousand children take a minute, so a page of an authority reads what the last look kept
(`known.py`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from children.models import Child
from milestones.models import KeptFinding, LookThrough, MonthOfFindings
from milestones.quality.accepted import Known, accepted_of
from milestones.quality.declaration import Finding
from milestones.quality.records import load_records
from milestones.quality.rules import findings
from milestones.quality.whole_authority import BATCH
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.look.months import month_ends_before
from pace_site.replica.reading import read_apart

MONTHS_COUNTED = 12


def look_through(
    authority: Organisation,
    *,
    as_at: date,
    months: int = MONTHS_COUNTED,
    progress: Progress = UNWATCHED,
    by: User | None = None,
    recount_since: date | None = None,
) -> LookThrough:
    """Find everything anew as at a day, keep it instead of what was kept, and count the months not counted yet.

    `months` is how many ends of months before `as_at` are to be counted. Months that were counted on `recount_since`
    or later, from records that were undone, are counted again. Where nobody is recorded yet nothing is counted.
    """
    last_entry = _newest_entry(authority)
    everybody = Child.objects.filter(authority=authority, merged_into=None)
    keys = list(everybody.order_by("pk").values_list("pk", flat=True))
    counted = MonthOfFindings.objects.filter(authority=authority)
    if recount_since:
        counted = counted.filter(counted_on__lt=recount_since)
    stays = set(counted.values_list("month_end", flat=True))
    to_count = [day for day in month_ends_before(as_at, months=months) if day not in stays] if keys else []
    known = accepted_of(everybody)
    kept, by_month = [], {day: Counter() for day in to_count}
    progress.expect(-(-len(keys) // BATCH) + 1)
    for start in range(0, len(keys), BATCH):
        progress.step(f"Looking at children {start + 1:,} to {min(start + BATCH, len(keys)):,} of {len(keys):,}")
        batch = keys[start : start + BATCH]
        records = read_apart(lambda batch=batch: load_records(Child.objects.filter(pk__in=batch)))
        teams = {record.child.pk: record.child.team_id for record in records}
        kept += [as_kept(found) for found in findings(records, as_at=as_at)]
        for day in to_count:
            _count(by_month[day], findings(records, as_at=day), teams, known)
    progress.step("Keeping what was found")
    with transaction.atomic():
        # One at a time: of two, each would take away what was there before and leave the other's.
        Organisation.objects.select_for_update(no_key=True).get(pk=authority.pk)
        look, _created = LookThrough.objects.update_or_create(
            authority=authority,
            defaults={"as_at": as_at, "at": timezone.now(), "last_entry": last_entry, "children": len(keys)},
        )
        KeptFinding.objects.filter(child__authority=authority).delete()
        still_there = set(everybody.values_list("pk", flat=True))
        KeptFinding.objects.bulk_create([row for row in kept if row.child_id in still_there], batch_size=1000)
        if recount_since:
            MonthOfFindings.objects.filter(authority=authority, counted_on__gte=recount_since).delete()
        for day, counts in by_month.items():
            told = [[*key, *numbers] for key, numbers in sorted(_both(counts).items(), key=str)]
            MonthOfFindings.objects.get_or_create(authority=authority, month_end=day, defaults={"counts": told})
        record(
            AuditEntry.Action.CHANGE,
            authority=authority,
            record_type=LookThrough._meta.model_name,
            record_id=look.pk,
            by=by,
            after={"as_at": as_at.isoformat(), "looked_at": len(keys)},
        )
    return look


def as_kept(found: Finding) -> KeptFinding:
    """The row of a finding, not yet saved."""
    return KeptFinding(
        child_id=found.child_id,
        rule=found.rule,
        severity=found.severity,
        message=found.message,
        key=found.key,
        about=[
            [each.field, *(day.isoformat() if day else None for day in (each.since, each.until))]
            for each in found.about
        ],
        fingerprint=found.fingerprint,
    )


def _count(counts: Counter, found: Sequence[Finding], teams: dict[int, int | None], known: Known) -> None:
    for each in found:
        accepted = (each.child_id, each.rule, each.fingerprint) in known
        counts[teams[each.child_id], each.rule, accepted] += 1


def _both(counts: Counter) -> dict[tuple[int | None, int], tuple[int, int]]:
    """(findings, of them accepted) by team and rule."""
    return {
        (team, rule): (counts[team, rule, False] + counts[team, rule, True], counts[team, rule, True])
        for team, rule, _accepted in counts
    }


def _newest_entry(authority: Organisation) -> int:
    newest = AuditEntry.objects.filter(authority_code=authority.code).aggregate(newest=Max("pk"))
    return newest["newest"] or 0
