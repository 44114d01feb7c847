"""What a dry run found, as it is kept until the extract is taken in or cancelled."""

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field
from typing import Any

from milestones.extract.differences import Counts, Difference
from milestones.extract.elsewhere import MOST_TOLD, SaidElsewhere
from milestones.extract.intake_result import IntakeResult
from milestones.extract.rejects import Reject
from milestones.extract.run_models import ImportPreview, ImportRun
from pace_site.defences.closed_bytes import closed, opened

PURPOSE = "dry run of an import"
# So many differences are kept to be shown; the trail has all of them once the extract is taken in.
MOST_DIFFERENCES = 200


@dataclass(frozen=True)
class Preview:
    """`usable` is False when a file as a whole is refused; `missing` and `differences` name children by pseudonym.

    `elsewhere` counts what other sources and people say already, by how and by whom; `told` lists what they say
    otherwise.
    """

    usable: bool
    files: dict[str, Counts]
    rejects: Sequence[Reject]
    reject_count: int
    warnings: Sequence[str]
    missing: Sequence[str]
    differences: Sequence[dict[str, Any]]
    difference_count: int
    effects: dict[str, Any] = field(default_factory=dict)
    rejected_rows: int = 0
    elsewhere: dict[str, dict[str, int]] = field(default_factory=dict)
    told: Sequence[dict[str, Any]] = ()

    @property
    def says_anything_new(self) -> bool:
        return any(counts.says_anything_new for counts in self.files.values())

    @property
    def total(self) -> Counts:
        counts = [asdict(each) for each in self.files.values()]
        return Counts(**{name: sum(each[name] for each in counts) for name in asdict(Counts())})


def preview_of(result: IntakeResult, *, missing: Sequence[str], effects: dict[str, Any]) -> Preview:
    """What is kept of a dry run; `missing` are the pseudonyms of the children that `result` names by reference."""
    return Preview(
        usable=not result.refused,
        files=result.files,
        rejects=result.first_rejects,
        reject_count=result.rejects,
        warnings=result.warnings,
        missing=missing,
        differences=[_shown(each) for each in result.differences[:MOST_DIFFERENCES]],
        difference_count=len(result.differences),
        effects=effects,
        rejected_rows=result.rejected_rows,
        elsewhere=result.elsewhere.as_json(),
        told=[_told(each) for each in result.elsewhere.listed[:MOST_TOLD]],
    )


def keep_preview(preview: Preview, *, of: ImportRun) -> None:
    said = {
        **{
            name: getattr(preview, name)
            for name in ("usable", "reject_count", "difference_count", "effects", "rejected_rows", "elsewhere")
        },
        **{name: list(getattr(preview, name)) for name in ("warnings", "missing", "differences", "told")},
        "files": {file: asdict(counts) for file, counts in preview.files.items()},
        "rejects": [astuple(reject) for reject in preview.rejects],
    }
    body = closed(json.dumps(said, ensure_ascii=False).encode(), purpose=PURPOSE)
    ImportPreview.objects.update_or_create(run=of, defaults={"body": body})


def kept_preview(run: ImportRun) -> Preview | None:
    """The dry run of an import, None when there is none. Raises `Unopenable` when its key is lost."""
    kept = ImportPreview.objects.filter(run=run).first()
    if kept is None:
        return None
    said = json.loads(opened(kept.body, purpose=PURPOSE))
    said["files"] = {file: Counts(**counts) for file, counts in said["files"].items()}
    said["rejects"] = [Reject(*each, cell=tuple(cell)) for *each, cell in said["rejects"]]
    return Preview(**said)


def _shown(difference: Difference) -> dict[str, Any]:
    return {**difference.as_json(), "child_ref": "", "child": difference.child_code}


def _told(told: SaidElsewhere) -> dict[str, Any]:
    return {**asdict(told), "child_ref": "", "child": told.child_code}
