"""What an import makes of a recorded child's own fields: they are of the source that brought the child (ADR 0029)."""

from typing import Any

from milestones.extract.named_sources import Standing

# The columns of the file and where the model keeps them; family and team are compared by what people call them.
FIELDS = {
    "date_of_birth": "date_of_birth",
    "expected_on": "expected_on",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "disability": "disability",
    "locality": "locality",
    "family_ref": "family__ref",
    "team": "team__name",
}
# What says who a child is, or with whom it lives: of an adopted child it stays as it was (`domain.md` 8).
OF_THE_PERSON = ("date_of_birth", "expected_on", "sex", "locality", "family_ref")
# Under which `Child.filled_by` says who filled in the name.
NAME = "name"

# What the columns are to say, what else is written with them, and the columns that are told and left.
Wanted = tuple[dict[str, Any], dict[str, Any], list[str]]


def wanted_of(recorded: dict[str, Any], said: dict[str, Any], sources: Standing) -> Wanted:
    """Of a recorded child (`FIELDS`, `extract_source`, `filled_by`) and what a row says, by column."""
    filled = recorded["filled_by"] or {}
    if recorded["extract_source"] == sources.own.pk:
        return _by_the_owner(said, filled)
    if sources.outranks(recorded["extract_source"]):
        return _taken_over(recorded, said, filled, own=sources.own.pk)
    return _filled(recorded, said, filled, own=sources.own.pk)


def _by_the_owner(said: dict[str, Any], filled: dict[str, int]) -> Wanted:
    """What the own source leaves empty stays as another filled it."""
    if not filled:
        return said, {}, []
    wanted = {column: value for column, value in said.items() if value or column not in filled}
    left = {column: key for column, key in filled.items() if column not in wanted}
    return wanted, {} if left == filled else {"filled_by": left or None}, []


def _taken_over(recorded: dict[str, Any], said: dict[str, Any], filled: dict[str, int], *, own: int) -> Wanted:
    """The child is this source's from now on; what it leaves empty stays as whoever brought the child said."""
    wanted = {column: value for column, value in said.items() if value}
    left = {
        column: filled.get(column, recorded["extract_source"])
        for column, field in FIELDS.items()
        if recorded[field] and column not in wanted
    }
    left[NAME] = filled.get(NAME, recorded["extract_source"])
    return wanted, {"extract_source_id": own, "filled_by": left}, []


def _filled(recorded: dict[str, Any], said: dict[str, Any], filled: dict[str, int], *, own: int) -> Wanted:
    """Of a child of another source, what is empty and what this source itself filled before."""
    wanted, left, told = {}, dict(filled), []
    for column, value in said.items():
        before = recorded[FIELDS[column]]
        if filled.get(column) == own or (value and not before):
            wanted[column] = value
            left[column] = own
            if not value:
                del left[column]
        elif value:
            told.append(column)
    return wanted, {} if left == filled else {"filled_by": left or None}, told
