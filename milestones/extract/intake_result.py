"""What became of an extract, for whoever took it in or tried it."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from children.models import ExtractSource
from milestones.extract.differences import Counts, Difference
from milestones.extract.elsewhere import Elsewhere
from milestones.extract.rejects import Reject


@dataclass(frozen=True)
class IntakeResult:
    """What became of an extract. `refused`: it was rejected and nothing was written; `applied`: it was taken in."""

    authority: str
    extract_date: date
    dry_run: bool
    refused: bool
    files: dict[str, Counts]
    differences: list[Difference]
    missing_children: list[str]
    rejects: int
    rejected_rows: int
    first_rejects: list[Reject]
    rejects_file: Path | None
    warnings: list[str]
    source: ExtractSource
    elsewhere: Elsewhere

    @property
    def applied(self) -> bool:
        return not (self.dry_run or self.refused)

    @property
    def says_anything_new(self) -> bool:
        """True when the extract and what is recorded differ."""
        return any(counts.says_anything_new for counts in self.files.values())

    def as_json(self) -> dict[str, Any]:
        """The document that `import_extract --json` prints."""
        return {
            "authority": self.authority,
            "extract_date": self.extract_date.isoformat(),
            "dry_run": self.dry_run,
            "applied": self.applied,
            "files": {file: asdict(counts) for file, counts in self.files.items()},
            "differences": [difference.as_json() for difference in self.differences],
            "missing_children": self.missing_children,
            "rejects": self.rejects,
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
        }
