"""What a run of an import knows of its sheets: the mapping of their columns, and what they say by it."""

from collections.abc import Mapping as Named
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from children.models import Destination, LegalMeasure, PlacementType
from milestones.extract.corrections import corrections_of
from milestones.extract.run_models import ImportRun
from milestones.sheets.code_books import CodeBook, code_books
from milestones.sheets.conversion import tables_from
from milestones.sheets.grids import UploadLimits
from milestones.sheets.mapping import Mapping, MappingProblem
from milestones.sheets.tables import Tables, Upload, UploadRefused


@dataclass(frozen=True)
class MappedSheets:
    """The mapping of a run as its record keeps it. `told`: what is different from the last time, in words."""

    mapping: Mapping
    told: list[str] = field(default_factory=list)
    remembered: bool = False

    @property
    def is_settled(self) -> bool:
        """True when the sheets can be read."""
        return not self.mapping.problems() and not self.mapping.doubts()

    def as_json(self) -> dict[str, Any]:
        return {**self.mapping.as_json(), "told": self.told, "remembered": self.remembered}

    @classmethod
    def of(cls, run: ImportRun) -> "MappedSheets":
        kept = run.mapping
        return cls(Mapping.from_json(kept), kept["told"], kept["remembered"])


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
            corrections=corrections_of(run),
            books=books_of_the_site(),
            limits=upload_limits(),
        )
    except UploadRefused as refused:
        raise ValidationError(str(refused)) from refused
    except MappingProblem as problem:
        raise ValidationError(problem.problems) from problem
