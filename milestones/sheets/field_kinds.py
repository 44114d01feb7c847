"""How a field of a sheet is described, and how its cells are read."""

from dataclasses import dataclass
from enum import StrEnum


class Reading(StrEnum):
    """How the cells of a column are read."""

    REF = "reference"
    WORDS = "words"
    DAY = "date"
    CODE = "code"
    FLAG = "yes or no"


@dataclass(frozen=True)
class Field:
    """One thing that a column can say.

    `codes`   the code table of a CODE
    `months`  a DAY may be a month, or not known
    `event`   on a wide spreadsheet, the milestone whose date (or, for a CODE, route or outcome) this is
    `fixed`   what the column's own meaning adds to the event
    """

    key: str
    label: str
    reading: Reading = Reading.WORDS
    names: tuple[str, ...] = ()
    codes: str = ""
    must_fill: bool = False
    must_exist: bool = False
    months: bool = False
    event: str = ""
    fixed: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return (self.key.replace("_", " ").lower(), self.label.lower(), *self.names)
