"""What taking in an extract did: counts per file, and every row that changed or went, before and after."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from milestones.extract.elsewhere import Elsewhere
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry

# The reasons that lines of the trail have which an import left, and its undoing; the day follows.
EXTRACT_OF, UNDONE = "Extract of ", "Undone: extract of "
CHANGED = "changed"
GONE = "gone"
# A row of another source, in whose place stands what the full list of children says of that time (ADR 0029).
GAVE_WAY = "gave way"
OF_SOURCE = "source of the row"


@dataclass
class Counts:
    """Rows of one file. `kept` are rows of the database left as people made them, or whose line could not be read."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    kept: int = 0
    rejected: int = 0

    @property
    def says_anything_new(self) -> bool:
        """True when the file and what is recorded differ."""
        return bool(self.new or self.changed or self.gone)


@dataclass(frozen=True)
class Difference:
    """One row of the database that the extract changed or that is gone from it; `after` is None when it was removed."""

    file: str
    child_ref: str
    child_code: str
    change: str
    key: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any] | None
    record_type: str
    record_id: int
    action: AuditEntry.Action

    def as_json(self) -> dict[str, Any]:
        """The difference as `--json` prints it."""
        return {
            "file": self.file,
            "child_ref": self.child_ref,
            "change": self.change,
            "key": self.key,
            "before": self.before,
            "after": self.after,
        }

    def as_audit_entry(self, *, authority: Organisation, by: User | None, reason: str) -> AuditEntry:
        """The difference for the audit trail, not yet saved."""
        return audit_entry(
            self.action,
            authority=authority,
            record_type=self.record_type,
            record_id=self.record_id,
            by=by,
            child_code=self.child_code,
            before={**self.key, **self.before},
            after=self.after and {**self.key, **self.after},
            reason=reason,
        )

    def __str__(self):
        key = " ".join(str(part) for part in self.key.values() if part)
        place = f"{self.file} {self.child_ref} {key}".rstrip()
        if self.change == GONE:
            return f"{place}: no longer in the extract"
        if self.change == GAVE_WAY:
            return f"{place}: {self.before[OF_SOURCE]} said it, and {self.after[OF_SOURCE]} tells of that time"
        parts = (f"{name} {said(self.before[name])} -> {said(self.after[name])}" for name in self.after)
        return f"{place}: {', '.join(parts)}"


@dataclass
class Findings:
    """What has been found so far, shared by everything that compares."""

    counts: dict[str, Counts] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    def of(self, file: str) -> Counts:
        return self.counts.setdefault(file, Counts())


def said(value: Any) -> str:
    """A value in a list of differences; an empty one is named."""
    return "(empty)" if value in (None, "") else str(value)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value.isoformat() if isinstance(value, date) else value
