"""Names of uploaded files and their sheets: a child's name may be among them, so only what kind they are is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from milestones.sheets.mapping import Mapping, SheetUse

KNOWN_KINDS = (".csv", ".tsv", ".txt", ".xlsx")


def unnamed_files(names: Iterable[str]) -> dict[str, str]:
    """What stands for each name where a name must not stand, as "file 2 (.xlsx)"; by the name, in their order."""
    return {name: f"file {number} ({_kind(name)})" for number, name in enumerate(dict.fromkeys(names), start=1)}


def unnamed_sheets(sheets: Sequence[SheetUse]) -> dict[tuple[str, str], tuple[str, str]]:
    """What stands for the name of each file and sheet; a CSV file has no sheet."""
    files = unnamed_files(use.file for use in sheets)
    instead, counts = {}, dict.fromkeys(files, 0)
    for use in sheets:
        counts[use.file] += 1
        sheet = f"sheet {counts[use.file]}" if use.sheet else ""
        instead[use.file, use.sheet] = (files[use.file], sheet)
    return instead


def unnamed(mapping: Mapping) -> Mapping:
    """The mapping without the names of its files and sheets."""
    instead = unnamed_sheets(mapping.sheets)
    sheets = []
    for use in mapping.sheets:
        file, sheet = instead[use.file, use.sheet]
        sheets.append(replace(use, file=file, sheet=sheet))
    return Mapping(tuple(sheets))


def _kind(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in KNOWN_KINDS else "of another kind"
