"""Make an authority's dataset as a file, check it by reading it back, and leave word of it in the audit trail."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from aims.national_dataset.clocks import dataset_records
from aims.national_dataset.columns import COLUMNS, month_code
from aims.national_dataset.pseudonyms import codes_behind
from aims.national_dataset.reading import Dataset, DatasetRefused, read_dataset
from aims.national_dataset.records import ClockRecord
from aims.reports.csv_file import csv_bytes
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.months import end_of_month

RECORD_TYPE = "national dataset"


@dataclass(frozen=True)
class DatasetFile:
    """The file to send: its name, its bytes, and how many clocks it holds."""

    name: str
    body: bytes
    rows: int
    content_type = "text/csv; charset=utf-8"


def send_dataset(authority: Organisation, *, month_end: date, by: User | None) -> DatasetFile:
    """The authority's dataset as at the end of a month that is over.

    `by` is None when a command asks. Raises `PermissionDenied`, and `ValidationError` when the month is not over, when
    there is no clock to tell of, and when a row would not be taken in, with that row's fault.
    """
    if by is not None:
        check_can(by, Permission.SEND_NATIONAL)
        if not scope_of(by).whole_authority or by.organisation_id != authority.pk:
            raise PermissionDenied("Only who opens the records of the whole authority can send its dataset.")
    if month_end != end_of_month(month_end):
        raise ValidationError("The dataset speaks of the end of a month.")
    if month_end >= timezone.localdate():
        raise ValidationError(f"{month_end:%B %Y} is not over yet: choose a month that is.")
    records = dataset_records(authority, month_end=month_end)
    if not records:
        raise ValidationError(f"{authority} had no child accommodated away from home by the end of {month_end:%B %Y}.")
    body = dataset_body(authority, records, month_end=month_end)
    _check(body, Dataset(authority.code, authority.fictional, month_end, records))
    record(
        AuditEntry.Action.EXPORT,
        authority=authority,
        record_type=RECORD_TYPE,
        record_id=month_code(month_end),
        by=by,
        after={"month": month_code(month_end), "rows": len(records), "sha256": sha256(body).hexdigest()},
        listed=codes_behind({each.child for each in records}, of=authority),
    )
    return DatasetFile(f"national_{authority.code}_{month_code(month_end)}.csv", body, len(records))


def dataset_body(authority: Organisation, records: tuple[ClockRecord, ...], *, month_end: date) -> bytes:
    """The rows as CSV."""
    same = [authority.code, "1" if authority.fictional else "0", month_code(month_end)]
    return csv_bytes([column.name for column in COLUMNS], ([*same, *each.cells()] for each in records))


def _check(body: bytes, meant: Dataset) -> None:
    """Read the file back as whoever takes it in would."""
    try:
        read = read_dataset(body)
    except DatasetRefused as refused:
        more = f" There are {refused.count} such faults." if refused.count > 1 else ""
        raise ValidationError(
            f"The records cannot be sent as they are: {refused.faults[0]}.{more} Nothing was exported."
        ) from refused
    if read != meant:
        raise ValidationError("The file does not read as it was written. Nothing was exported.")
