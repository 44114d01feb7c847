"""Cells that a person corrected for one import: kept with its run, withheld once it is over or a child is forgotten."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from children.keeping import NAME_WITHHELD
from milestones.extract.run_models import ImportRun
from milestones.extract.upload_names import unnamed, unnamed_sheets
from milestones.sheets.mapping import Mapping
from milestones.sheets.tables import Correction
from pace_site.accounts.models import Organisation

WITHHELD = "(withheld)"


@dataclass(frozen=True)
class Corrected:
    """One cell that a person corrected for this run: what it said, by whom and when (ISO), and whether it is a name."""

    correction: Correction
    was: str
    by: str
    at: str
    is_name: bool = False


def corrected_in(run: ImportRun) -> list[Corrected]:
    """What was corrected for a run, in the order in which it was."""
    return [
        Corrected(
            Correction(each["file"], each["sheet"], each["cell"], each["value"]),
            each["was"],
            each["by"],
            each["at"],
            each["is_name"],
        )
        for each in run.corrected
    ]


def corrections_of(run: ImportRun) -> list[Correction]:
    return [each.correction for each in corrected_in(run)]


def with_corrections(run: ImportRun, corrected: Iterable[Corrected]) -> ImportRun:
    """The run with these corrections besides those of other cells that it has, not yet saved."""
    anew = {each.correction.place: each for each in corrected}
    before = [each for each in corrected_in(run) if each.correction.place not in anew]
    run.corrected = [_as_json(each) for each in (*before, *anew.values())]
    return run


def forget_names(run: ImportRun) -> None:
    """Withhold the names of a run whose files are deleted: of children among its corrections, of files and of sheets.

    Which cells they were stays, in a file and sheet by number.
    """
    _keep_unnamed(run, [_withheld(each, NAME_WITHHELD) if each.is_name else each for each in corrected_in(run)])


def forget_corrections(authority: Organisation) -> None:
    """Withhold what cells said and were made to say in all imports of an authority that are over.

    Of a child who is forgotten nobody can tell which cells they were, as the files are gone.
    """
    over = ImportRun.objects.filter(authority=authority).exclude(state__in=ImportRun.WAITING).exclude(corrected=[])
    for run in over:
        _keep_unnamed(run, [_withheld(each, WITHHELD) for each in corrected_in(run)])


def _keep_unnamed(run: ImportRun, corrected: list[Corrected]) -> None:
    """Keep the corrections of a run that is over, and nothing that names its files; those of an extract have no names
    of their own."""
    changed = {}
    if run.mapping:
        mapping = Mapping.from_json(run.mapping)
        instead = unnamed_sheets(mapping.sheets)
        corrected = [_elsewhere(each, *instead.get(each.correction.place[:2], (WITHHELD, ""))) for each in corrected]
        changed = {"mapping": {**run.mapping, **unnamed(mapping).as_json(), "told": []}, "failure": ""}
    changed["corrected"] = [_as_json(each) for each in corrected]
    for name, value in changed.items():
        setattr(run, name, value)
    ImportRun.objects.filter(pk=run.pk).update(**changed)


def _withheld(corrected: Corrected, words: str) -> Corrected:
    return replace(corrected, correction=replace(corrected.correction, value=words), was=words)


def _elsewhere(corrected: Corrected, file: str, sheet: str) -> Corrected:
    return replace(corrected, correction=replace(corrected.correction, file=file, sheet=sheet))


def _as_json(each: Corrected) -> dict[str, str | bool]:
    return {**asdict(each.correction), "was": each.was, "by": each.by, "at": each.at, "is_name": each.is_name}
