"""What is handed out: the rows and the dictionary, each as JSON and as CSV."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from aims.feed.columns import COLUMNS
from aims.published.figures import PublishedRow
from aims.reports.csv_file import csv_bytes
from pace_site.accounts.models import Organisation


@dataclass(frozen=True)
class Document:
    """An answer: its kind, its bytes, and when what it says was last changed."""

    media_type: str
    body: bytes
    changed_at: datetime | None = None

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset=utf-8"


@dataclass(frozen=True)
class Format:
    """One way to write the two documents."""

    media_type: str
    rows: Callable[[Organisation, Sequence[PublishedRow]], bytes]
    dictionary: Callable[[], bytes]


def rows_document(
    authority: Organisation, rows: Iterable[PublishedRow], *, changed_at: datetime | None, as_format: Format
) -> Document:
    """Published rows of one authority, by aim and month."""
    in_order = sorted(rows, key=lambda row: (row.code, row.month_end))
    return Document(as_format.media_type, as_format.rows(authority, in_order), changed_at)


def dictionary_document(*, as_format: Format) -> Document:
    """What every column means."""
    return Document(as_format.media_type, as_format.dictionary())


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _rows_as_json(authority: Organisation, rows: Sequence[PublishedRow]) -> bytes:
    told = {"code": authority.code, "name": authority.name, "fictional": authority.fictional}
    lines = [{column.name: column.value(row) for column in COLUMNS} for row in rows]
    return _json({"authority": told, "rows": lines})


def _rows_as_csv(authority: Organisation, rows: Sequence[PublishedRow]) -> bytes:
    whose = [authority.code, "yes" if authority.fictional else "no"]
    header = ["authority", "fictional", *(column.name for column in COLUMNS)]
    return csv_bytes(header, ([*whose, *(_cell(column.value(row)) for column in COLUMNS)] for row in rows))


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


def _dictionary() -> Iterable[tuple[str, str, str]]:
    yield "authority", "Official code of the authority; in JSON it stands once, with the name.", "text"
    yield "fictional", "Whether the authority and its children are made up; in JSON it stands once.", "yes or no"
    for column in COLUMNS:
        yield column.name, column.meaning, column.unit


def _dictionary_as_json() -> bytes:
    columns = [{"column": name, "meaning": meaning, "unit": unit} for name, meaning, unit in _dictionary()]
    return _json({"columns": columns})


def _dictionary_as_csv() -> bytes:
    return csv_bytes(["column", "meaning", "unit"], _dictionary())


FORMATS = {
    "json": Format("application/json", _rows_as_json, _dictionary_as_json),
    "csv": Format("text/csv", _rows_as_csv, _dictionary_as_csv),
}
