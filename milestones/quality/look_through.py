"""Look through all records of an authority, keep what was found, and count the ends of months.

Forty rules over twenty thousand children take a minute, so a page of an authority reads what the last look kept; for
children whose records changed since, it asks the rules again (`known_findings`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from children.models import Child
from milestones.models import KeptFinding, LookThrough, MonthOfFindings
from milestones.quality.accepted import Known, accepted_of
from milestones.quality.declaration import INFORMATION, About, Finding
from milestones.quality.records import load_records
from milestones.quality.rules import LATE, findings
from milestones.quality.whole_authority import BATCH
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.replica.reading import read_apart

MONTHS_COUNTED = 12
# Entries of the trail that say that a record changed; an import speaks of many children at once.
WRITES = (AuditEntry.Action.CREATE, AuditEntry.Action.CHANGE, AuditEntry.Action.VOID, AuditEntry.Action.REMOVE)
# The rules are asked again for so many changed children while a page waits; more need another look.
MOST_ASKED_AGAIN = 100


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


def month_ends_before(day: date, *, months: int = MONTHS_COUNTED) -> list[date]:
    """The last days of the months that were over on `day`, oldest first."""
    ends, first = [], day.replace(day=1)
    for _ in range(months):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends[::-1]


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


# What a finding is made of again; plain tuples, as there may be tens of thousands.
KEPT_COLUMNS = ("rule", "severity", "child_id", "message", "key", "about", "fingerprint")


def kept_findings(rows: QuerySet[KeptFinding]) -> list[Finding]:
    """The findings that rows were made of, in their order."""
    return [
        Finding(rule, severity, child, message, key, tuple(map(_about, about)), fingerprint)
        for rule, severity, child, message, key, about, fingerprint in rows.values_list(*KEPT_COLUMNS)
    ]


@dataclass(frozen=True)
class Looked:
    """What is known of some children: `findings` by child and rule, when it was found, and what came since.

    `asked_again` children changed since the look, and their findings are of now; of `not_asked_again` too many did.
    `look` is None when nobody has looked yet. `taken_in_since`: an extract was.
    """

    look: LookThrough | None
    findings: list[Finding]
    asked_again: int = 0
    not_asked_again: int = 0
    taken_in_since: bool = False


def known_findings(authority: Organisation, children: QuerySet[Child], *, doubtful_only: bool = False) -> Looked:
    """What the last look found of `children`, of one authority, with those asked again whose records changed since.

    `doubtful_only` reads no mere information, and nothing that is only late.
    """
    look = LookThrough.objects.filter(authority=authority).first()
    if look is None:
        return Looked(None, [])
    since = AuditEntry.objects.filter(authority_code=authority.code, pk__gt=look.last_entry).order_by()
    codes = set(since.filter(action__in=WRITES).exclude(child_code="").values_list("child_code", flat=True).distinct())
    changed = set(children.filter(code__in=codes).values_list("pk", flat=True)) if codes else set()
    taken_in = since.filter(action=AuditEntry.Action.IMPORT).exists()
    rows = KeptFinding.objects.filter(child__in=children.order_by().values("pk")).order_by("child__code", "rule", "pk")
    if doubtful_only:
        rows = rows.exclude(severity=INFORMATION).exclude(rule__in=LATE)
    found = kept_findings(rows)
    if not changed or len(changed) > MOST_ASKED_AGAIN:
        return Looked(look, found, not_asked_again=len(changed), taken_in_since=taken_in)
    anew = findings(load_records(Child.objects.filter(pk__in=changed)), as_at=look.as_at)
    found = [each for each in found if each.child_id not in changed] + anew
    return Looked(look, found, asked_again=len(changed), taken_in_since=taken_in)


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


def _about(told: list) -> About:
    field, since, until = told
    return About(field, _day(since), _day(until))


@lru_cache(maxsize=20_000)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
