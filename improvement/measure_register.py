"""The register of measures that PACE areas keep (`domain.md` 6.4), as data."""

from functools import cache
from pathlib import Path

from aims.definition_file import Written, read_definition_file
from improvement.measure_definition import MeasureDefinition

REGISTER = Path(__file__).parent / "register" / "measures.yaml"
MEASURE = Written("measure", "a", "code: two-week-meeting", MeasureDefinition.from_mapping)


@cache
def registered_measures() -> dict[str, MeasureDefinition]:
    """The shipped measures by code, in the file's order."""
    return {each.code: each for each in read_definition_file(REGISTER, MEASURE)}
