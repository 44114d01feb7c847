"""The hash chain of the audit trail: what is hashed, and how (ADR 0015). Pure: values in, hashes out.

The seal of an entry is SHA-256 over the seal of the entry before it and its own content. What an entry keeps of people
(before, after, reason) is hashed by itself with a random salt, and only that hash is in the content: these values can
be erased with their salt, after the council's period, and the chain still holds.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

# What stands before the first entry.
NOTHING_BEFORE = "0" * 64
# A change of what is hashed needs a new word here, and the old way kept for what was sealed by it.
FORM = "pace-audit-1"

HASHED = (
    "id",
    "at",
    "authority_code",
    "actor_id",
    "actor",
    "action",
    "record_type",
    "record_id",
    "child_code",
    "address",
    "request_id",
)
PERSONAL = ("before", "after", "reason")
SEALING = ("position", "salt", "values_digest", "seal")


def digest_values(entry: Mapping[str, Any], salt: str) -> str:
    """Hash what an entry keeps of somebody's life, under its salt."""
    return _digest([salt, *(entry[name] for name in PERSONAL)])


def content_of(entry: Mapping[str, Any], values_digest: str) -> str:
    """Hash everything of an entry that its seal vouches for."""
    return _digest([FORM, *(_plain(entry[name]) for name in HASHED), values_digest])


def seal_after(before: str, content: str) -> str:
    """Return the seal of an entry with this content that follows the entry sealed with `before`."""
    return sha256(f"{before}\n{content}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _digest(values: list) -> str:
    """Hash values as JSON with sorted keys and no spaces: the same from either database."""
    return sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
