"""What an aim may be begun from: the national templates and the published local aims of the register."""

from dataclasses import dataclass
from functools import lru_cache

from aims.aim_file import read_aim_file, registered_files
from aims.definition import AimDefinition

NATIONAL_FILE = "national"


@dataclass(frozen=True)
class AimTemplate:
    """One definition of the register, and whether it is one of the four national aims."""

    definition: AimDefinition
    is_national: bool

    @property
    def provenance(self) -> str:
        """What it is, as it stands beside it (`domain.md` 2.1)."""
        kind = "National template" if self.is_national else "Published local aim"
        wording = "wording as published" if self.definition.provenance == "sourced" else "wording inferred"
        return f"{kind}, {wording}"


@lru_cache(maxsize=1)
def aim_templates() -> dict[str, AimTemplate]:
    """The templates by code, the national ones first."""
    files = registered_files()
    names = [NATIONAL_FILE, *(name for name in files if name != NATIONAL_FILE)]
    return {
        definition.code: AimTemplate(definition, is_national=name == NATIONAL_FILE)
        for name in names
        for definition in read_aim_file(files[name])
    }
