"""What came in of the national dataset: by authority and month, and what is missing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from aims.models import NationalFile
from pace_site.accounts.models import Organisation, User


@dataclass(frozen=True)
class Arrival:
    """The files of one authority, the latest first, and the ends of the months of which one is missing.

    `counts_from_records`: it has children here, so that its files are kept and not counted, and none is missing.
    """

    authority: Organisation
    files: tuple[NationalFile, ...]
    missing: tuple[date, ...]
    counts_from_records: bool


@dataclass(frozen=True)
class Arrivals:
    of_authorities: tuple[Arrival, ...]
    silent: tuple[Organisation, ...]

    @property
    def counted(self) -> tuple[Arrival, ...]:
        """Those that are counted from their files."""
        return tuple(each for each in self.of_authorities if not each.counts_from_records)

    @property
    def without_latest(self) -> int:
        """How many of those have not sent the file of the last month yet."""
        return sum(bool(each.missing) and each.missing[0] > each.files[0].month_end for each in self.counted)


def arrivals(user: User, *, months: Sequence[date], here: Collection[int]) -> Arrivals:
    """The files of each authority over `months` (the latest first); missing is what should have followed the first.

    `here` are the keys of the authorities with children here. Silent are the real authorities of which there is
    nothing at all.
    """
    by_authority = defaultdict(list)
    for file in NationalFile.objects.visible_to(user).select_related("authority", "received_by").order_by("-month_end"):
        by_authority[file.authority].append(file)
    found = []
    for authority, files in sorted(by_authority.items(), key=lambda pair: (pair[0].name, pair[0].code)):
        came = {file.month_end for file in files}
        first = min(came)
        is_here = authority.pk in here
        missing = () if is_here else tuple(end for end in months if end > first and end not in came)
        found.append(Arrival(authority, tuple(files), missing, is_here))
    heard = {authority.pk for authority in by_authority} | set(here)
    others = Organisation.objects.filter(kind=Organisation.Kind.LOCAL_AUTHORITY, fictional=False)
    silent = tuple(each for each in others.order_by("name") if each.pk not in heard)
    return Arrivals(tuple(found), silent)
