"""Aim files: definitions as YAML, one list item per aim (`design.md` 4)."""

from pathlib import Path

from aims.definition import AimDefinition
from aims.definition_file import DefinitionFileError, Written, read_definition_file, read_definitions

REGISTER = Path(__file__).parent / "register"
AIM = Written("aim", "an", "code: NAT-2", AimDefinition.from_mapping)

AimFileError = DefinitionFileError


def registered_files() -> dict[str, Path]:
    """The shipped aim files by name."""
    return {path.stem: path for path in sorted(REGISTER.glob("*.yaml"))}


def read_aim_file(path: Path) -> list[AimDefinition]:
    """Return the definitions of a file, in its order, or raise `AimFileError` on the first fault."""
    return read_definition_file(path, AIM)


def read_aims(text: str, *, file: str) -> list[AimDefinition]:
    """Return the definitions in the text of an aim file, which messages call `file`."""
    return read_definitions(text, AIM, file=file)
