"""What is known of children's records: what the last look found, and what the rules say of those that changed since.

Of most of an authority the findings stay in the memory of this process while the look stands that found them: what is
written to the records makes none of them other (`_state_of`), and there may be tens of thousands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from children.models import Child
from milestones.kept_journeys import Revision, once_of
from milestones.models import KeptFinding, LookThrough
from milestones.quality.declaration import INFORMATION, About, Finding
from milestones.quality.records import load_records
from milestones.quality.rules import LATE, findings
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry

# Entries of the trail that say that a record changed; an import speaks of many children at once.
WRITES = (AuditEntry.Action.CREATE, AuditEntry.Action.CHANGE, AuditEntry.Action.VOID, AuditEntry.Action.REMOVE)
# The rules are asked again for so many changed children while a page waits; more need another look.
MOST_ASKED_AGAIN = 100
# By measurement, of one finding without its message.
BYTES_OF_A_FINDING = 500
# What a finding is made of again; plain tuples, as there may be tens of thousands.
KEPT_COLUMNS = ("rule", "severity", "child_id", "message", "key", "about", "fingerprint")


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
    found = _found_by(look, children, doubtful_only=doubtful_only)
    if not changed or len(changed) > MOST_ASKED_AGAIN:
        return Looked(look, found, not_asked_again=len(changed), taken_in_since=taken_in)
    anew = findings(load_records(Child.objects.filter(pk__in=changed)), as_at=look.as_at)
    found = [each for each in found if each.child_id not in changed] + anew
    return Looked(look, found, asked_again=len(changed), taken_in_since=taken_in)


def kept_findings(rows: QuerySet[KeptFinding]) -> list[Finding]:
    """The findings that rows were made of, in their order."""
    return [
        Finding(rule, severity, child, message, key, tuple(_about(*each) for each in about), fingerprint)
        for rule, severity, child, message, key, about, fingerprint in rows.values_list(*KEPT_COLUMNS)
    ]


def _found_by(look: LookThrough, children: QuerySet[Child], *, doubtful_only: bool) -> list[Finding]:
    """What a look found of `children`, by pseudonym and rule: of few read as rows, of most chosen from all."""
    keys = set(children.order_by().values_list("pk", flat=True))
    if 2 * len(keys) < look.children:
        return kept_findings(_rows(children.order_by().values("pk"), doubtful_only=doubtful_only))
    everybody = Child.objects.filter(authority=look.authority_id).values("pk")
    found = once_of(
        _state_of(look, everybody),
        ("findings", doubtful_only),
        lambda: kept_findings(_rows(everybody, doubtful_only=doubtful_only)),
        size=_bytes_of,
    )
    return [each for each in found if each.child_id in keys]


def _state_of(look: LookThrough, everybody: QuerySet) -> Revision:
    """The state of what a look found: its rows are made once, and then only taken away, as with a child's record."""
    left = KeptFinding.objects.filter(child__in=everybody).count()
    return Revision(look.authority_id, frozenset({(left, look.at.isoformat())}), part="findings")


def _rows(children: QuerySet, *, doubtful_only: bool) -> QuerySet[KeptFinding]:
    rows = KeptFinding.objects.filter(child__in=children).order_by("child__code", "rule", "pk")
    return rows.exclude(severity=INFORMATION).exclude(rule__in=LATE) if doubtful_only else rows


def _bytes_of(found: Collection[Finding]) -> int:
    return sum(BYTES_OF_A_FINDING + len(each.message) for each in found)


@lru_cache(maxsize=20_000)
def _about(field: str, since: str | None, until: str | None) -> About:
    """The same fields and days are in doubt again and again: one object for all of them."""
    return About(field, *(date.fromisoformat(day) if day else None for day in (since, until)))
