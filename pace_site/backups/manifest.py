"""What a backup says of itself: in the encrypted file, and without any person's data in a small file beside it."""

import json
import tomllib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache

from django.conf import settings

from pace_site.backups.contents import KINDS, Contents
from pace_site.backups.refusal import BackupRefused

FORM = "pace-backup-1"


@dataclass(frozen=True)
class Manifest:
    """`made_at` is when the moment was held that the backup is of. The sums (SHA-256) are known once it is written."""

    version: str
    kind: str
    made_at: datetime
    contents: Contents
    database_sum: str = ""
    file_sum: str = ""

    def with_sums(self, *, database_sum: str, file_sum: str) -> "Manifest":
        return replace(self, database_sum=database_sum, file_sum=file_sum)

    def as_json(self) -> str:
        said = asdict(self) | {"form": FORM, "made_at": self.made_at.isoformat(timespec="microseconds")}
        return json.dumps(said, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Manifest":
        """Read a manifest; refuse what is none, or is of another form."""
        try:
            said = json.loads(text)
            if said.pop("form") != FORM or said["kind"] not in KINDS:
                raise BackupRefused("This backup was made by another version of the program, in a form unknown here.")
            contents = said.pop("contents")
            contents = Contents(**contents | {"migrations": tuple(contents["migrations"])})
            return cls(**said | {"contents": contents, "made_at": datetime.fromisoformat(said["made_at"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupRefused("The manifest of this backup cannot be read.") from None


@cache
def product_version() -> str:
    """The version that stands in pyproject.toml."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
