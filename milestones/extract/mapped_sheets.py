"""What a run of an import knows of its sheets: the mapping of their columns, and the cells that a person corrected."""

from collections.abc import Mapping as Named
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from children.keeping import NAME_WITHHELD
from children.models import Destination, LegalMeasure, PlacementType
from milestones.extract.run_models import ImportRun
from milestones.extract.upload_names import unnamed, unnamed_sheets
from milestones.sheets.code_books import CodeBook, code_books
from milestones.sheets.conversion import tables_from
from milestones.sheets.fields import NAME_FIELDS
from milestones.sheets.grids import UploadLimits
from milestones.sheets.mapping import Mapping, MappingProblem
from milestones.sheets.tables import Correction, Tables, Upload, UploadRefused
from pace_site.accounts.models import Organisation

WITHHELD = "(withheld)"
NAMES = frozenset(known.key for known in NAME_FIELDS)


@dataclass(frozen=True)
class Corrected:
    """One cell that a person corrected for this run: what it said, by whom and when (ISO), and whether it is a name."""

    correction: Correction
    was: str
    by: str
    at: str
    is_name: bool = False


@dataclass(frozen=True)
class MappedSheets:
    """The mapping of a run as its record keeps it. `told`: what is different from the last time, in words."""

    mapping: Mapping
    told: list[str] = field(default_factory=list)
    remembered: bool = False
    corrected: list[Corrected] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        """True when the sheets can be read."""
        return not self.mapping.problems() and not self.mapping.doubts()

    def as_json(self) -> dict[str, Any]:
        return {
            **self.mapping.as_json(),
            "told": self.told,
            "remembered": self.remembered,
            "corrected": [
                {**asdict(each.correction), "was": each.was, "by": each.by, "at": each.at, "is_name": each.is_name}
                for each in self.corrected
            ],
        }

    @classmethod
    def of(cls, run: ImportRun) -> "MappedSheets":
        kept = run.mapping
        corrected = [
            Corrected(
                Correction(each["file"], each["sheet"], each["cell"], each["value"]),
                each["was"],
                each["by"],
                each["at"],
                each["is_name"],
            )
            for each in kept["corrected"]
        ]
        return cls(Mapping.from_json(kept), kept["told"], kept["remembered"], corrected)


def upload_limits() -> UploadLimits:
    """How large a file may be."""
    return UploadLimits(file_bytes=settings.IMPORT_MAX_BYTES)


def books_of_the_site() -> dict[str, CodeBook]:
    """The code books, with the labels and the CLAS codes of the code tables (three queries)."""
    return code_books(
        {
            table: {code: tuple(filter(None, names)) for code, *names in rows}
            for table, rows in (
                ("placement_type", PlacementType.objects.values_list("code", "label", "clas_code")),
                ("legal_code", LegalMeasure.objects.values_list("code", "label", "clas_code")),
                ("destination", Destination.objects.values_list("code", "label", "clas_code")),
            )
        }
    )


def mapped_tables(run: ImportRun, contents: Named[str, bytes]) -> Tables:
    """What the sheets of a run say. Raise `ValidationError` in words when they cannot be read."""
    sheets = MappedSheets.of(run)
    uploads = [Upload(name, content) for name, content in contents.items()]
    try:
        return tables_from(
            uploads,
            sheets.mapping,
            corrections=[each.correction for each in sheets.corrected],
            books=books_of_the_site(),
            limits=upload_limits(),
        )
    except UploadRefused as refused:
        raise ValidationError(str(refused)) from refused
    except MappingProblem as problem:
        raise ValidationError(problem.problems) from problem


def forget_names(run: ImportRun) -> None:
    """Withhold the names of a run whose files are deleted: of children among its corrections, of files and of sheets.

    Which cells they were stays, in a file and sheet by number.
    """
    if not run.mapping:
        return
    sheets = MappedSheets.of(run)
    _keep(
        run,
        sheets,
        [_withheld(each, NAME_WITHHELD) if each.is_name else each for each in sheets.corrected],
    )


def forget_corrections(authority: Organisation) -> None:
    """Withhold what cells said and were made to say in all imports of an authority that are over.

    Of a child who is forgotten nobody can tell which cells they were, as the files are gone.
    """
    over = ImportRun.objects.filter(authority=authority, mapping__isnull=False).exclude(state__in=ImportRun.WAITING)
    for run in over:
        sheets = MappedSheets.of(run)
        if sheets.corrected:
            _keep(run, sheets, [_withheld(each, WITHHELD) for each in sheets.corrected])


def _withheld(corrected: Corrected, words: str) -> Corrected:
    return replace(corrected, correction=replace(corrected.correction, value=words), was=words)


def _keep(run: ImportRun, sheets: MappedSheets, corrected: list[Corrected]) -> None:
    """Keep the mapping and the corrections of a run that is over; what was told of its files names them, and goes."""
    instead = unnamed_sheets(sheets.mapping.sheets)
    unnamed_corrections = []
    for each in corrected:
        said = each.correction
        file, sheet = instead.get((said.file, said.sheet), (WITHHELD, ""))
        unnamed_corrections.append(replace(each, correction=replace(said, file=file, sheet=sheet)))
    kept = MappedSheets(unnamed(sheets.mapping), [], sheets.remembered, unnamed_corrections)
    run.mapping, run.failure = kept.as_json(), ""
    ImportRun.objects.filter(pk=run.pk).update(mapping=run.mapping, failure="")
