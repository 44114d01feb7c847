"""Take in a file of the national dataset: stored whole or not at all, and the same file again changes nothing."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from aims.models import NationalClock, NationalFile
from aims.national.actions import check_sees_aggregates
from aims.national_dataset.columns import month_code
from aims.national_dataset.reading import Dataset, DatasetRefused, Fault, read_dataset
from aims.national_dataset.records import FIELDS, ClockRecord
from aims.national_dataset.sending import RECORD_TYPE
from children.models import Child
from pace_site.accounts.authorities import NATIONAL_CODE
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import count_of

AT_ONCE = 1_000


@dataclass(frozen=True)
class TakenIn:
    """What became of a file: how many rows of it are new, differ, or are no longer there."""

    file: NationalFile
    is_first: bool
    new: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def differs(self) -> int:
        return self.new + self.changed + self.gone

    @property
    def in_words(self) -> str:
        rows = count_of(self.file.rows, "row", "rows")
        if self.is_first:
            return f"{self.file}: {rows} taken in."
        if not self.differs:
            return f"{self.file}: this file is here already. Nothing was changed."
        return (
            f"{self.file}: corrected. {count_of(self.differs, 'row differs', 'rows differ')} from the file before: "
            f"{self.new:,} new, {self.changed:,} changed, {self.gone:,} gone."
        )


@transaction.atomic
def take_in_dataset(body: bytes, *, by: User | None) -> TakenIn:
    """Store what a file says in place of what the authority sent of that month before.

    `by` is None when a command acts. Raises `PermissionDenied`, and `DatasetRefused` with every fault of the file.
    """
    if by is not None:
        check_can(by, Permission.RECEIVE_NATIONAL)
        check_sees_aggregates(by)
    dataset = read_dataset(body)
    authority = _authority(dataset)
    _check_month(dataset)
    earlier = NationalFile.objects.filter(authority=authority, month_end=dataset.month_end).first()
    before = _stored(earlier) if earlier else {}
    after = {each.key: each for each in dataset.records}
    taken = TakenIn(
        file=earlier or NationalFile(authority=authority, month_end=dataset.month_end),
        is_first=earlier is None,
        new=len(after.keys() - before.keys()),
        changed=sum(before[key] != after[key] for key in after.keys() & before.keys()),
        gone=len(before.keys() - after.keys()),
    )
    if taken.differs:
        _store(taken.file, dataset, body, by=by)
        _trail(taken, by=by)
    return taken


def _authority(dataset: Dataset) -> Organisation:
    """The authority that the file is of; of two who send its file at once, the second waits for the first."""
    authority = (
        Organisation.objects.select_for_update()
        .filter(code=dataset.authority_code, kind=Organisation.Kind.LOCAL_AUTHORITY)
        .first()
    )
    if authority is None:
        _refuse("authority", dataset.authority_code, "there is no authority with this code here")
    if authority.fictional != dataset.fictional:
        is_here = "fictional" if authority.fictional else "real"
        said = "1" if dataset.fictional else "0"
        _refuse("fictional", said, f"{authority} is {is_here} here, and the file says otherwise")
    if authority.fictional and _holds_real_data():
        _refuse("fictional", "1", f"{authority} is fictional, and data of real authorities are kept here")
    return authority


def _holds_real_data() -> bool:
    return (
        NationalFile.objects.filter(authority__fictional=False).exists()
        or Child.objects.filter(authority__fictional=False).exists()
    )


def _check_month(dataset: Dataset) -> None:
    if dataset.month_end >= timezone.localdate():
        _refuse("month", month_code(dataset.month_end), "this month is not over yet")


def _refuse(column: str, value: str, message: str) -> None:
    raise DatasetRefused([Fault(2, column, value, message)])


def _stored(file: NationalFile) -> dict[tuple[str, int], ClockRecord]:
    records = (ClockRecord(*values) for values in file.clocks.values_list(*FIELDS))
    return {each.key: each for each in records}


def _store(file: NationalFile, dataset: Dataset, body: bytes, *, by: User | None) -> None:
    if file.pk:
        file.corrections += 1
        file.clocks.all().delete()
    file.sha256 = sha256(body).hexdigest()
    file.rows = len(dataset.records)
    file.received_by = by
    file.save()
    NationalClock.objects.bulk_create(
        (NationalClock(file=file, **{name: getattr(each, name) for name in FIELDS}) for each in dataset.records),
        batch_size=AT_ONCE,
    )


def _trail(taken: TakenIn, *, by: User | None) -> None:
    file = taken.file
    record(
        AuditEntry.Action.IMPORT,
        authority=by.organisation if by else Organisation.objects.get(code=NATIONAL_CODE),
        record_type=RECORD_TYPE,
        record_id=f"{file.authority.code} {month_code(file.month_end)}",
        by=by,
        after={
            "rows": file.rows,
            "sha256": file.sha256,
            "new": taken.new,
            "changed": taken.changed,
            "gone": taken.gone,
        },
    )
