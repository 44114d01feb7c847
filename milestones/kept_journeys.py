"""What was read and reckoned of a whole authority, kept in the memory of this process while its revision stands.

Nothing here can be stale: everything is kept under the marks of the revision (`revision_triggers.py`), which are read
anew by whoever asks, in their own transaction, before anything else. Marks are random and never come back: what a
transaction reckoned of rows that it then rolled back is found by nobody.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings

from milestones.models import RevisionMark
from milestones.revision_triggers import triggers_stand

Made = TypeVar("Made")


@dataclass(frozen=True)
class Revision:
    """One state of the rows of one authority: those that journeys are read from, or what else `part` names.

    `marks` are those that the database showed.
    """

    authority: int
    marks: frozenset[tuple[int, str]]
    part: str = "journeys"

    @property
    def rows(self) -> tuple[int, str]:
        """Of which rows it is a state."""
        return self.authority, self.part


class Kept:
    """Values by revision and name, the least lately used going first when all are worth more bytes than `most`.

    What is kept of one revision drives out what was kept of another of its rows.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: OrderedDict[tuple[Revision, Hashable], tuple[Any, int]] = OrderedDict()
        self.bytes = 0

    def find(self, revision: Revision, name: Hashable) -> Any | None:
        with self._lock:
            if (found := self._values.get((revision, name))) is None:
                return None
            self._values.move_to_end((revision, name))
            return found[0]

    def keep(self, revision: Revision, name: Hashable, value: Any, *, size: int, most: int) -> None:
        with self._lock:
            self._forget_others(revision)
            self._drop((revision, name))
            if size > most:
                return
            self._values[revision, name] = value, size
            self.bytes += size
            while self.bytes > most:
                self._drop(next(iter(self._values)))

    def knows(self, authority: int) -> bool:
        """Whether anything of an authority's journeys is kept, of whichever revision."""
        with self._lock:
            return any(revision.rows == (authority, Revision.part) for revision, _name in self._values)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self.bytes = 0

    def _forget_others(self, revision: Revision) -> None:
        for key in [key for key in self._values if key[0].rows == revision.rows and key[0] != revision]:
            self._drop(key)

    def _drop(self, key: tuple[Revision, Hashable]) -> None:
        if (dropped := self._values.pop(key, None)) is not None:
            self.bytes -= dropped[1]


KEPT = Kept()
# Databases of which this process has seen that the triggers stand.
_TRUSTED: set[str] = set()


def revision_of(authority: int, *, using: str) -> Revision | None:
    """The revision that this transaction sees; None where nothing vouches for it, or nothing is to be kept."""
    return revisions_of([authority], using=using).get(authority)


def revisions_of(authorities: Collection[int], *, using: str) -> dict[int, Revision]:
    """The revisions of some authorities, in one query; without those of which nothing vouches for one."""
    if not settings.KEPT_FIGURES_BYTES or not _trusted(using):
        return {}
    marks = RevisionMark.objects.using(using).filter(authority_id__in=authorities).order_by()
    found: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for authority, key, mark in marks.values_list("authority_id", "pk", "mark"):
        found[authority].add((key, mark))
    return {authority: Revision(authority, frozenset(marks)) for authority, marks in found.items()}


def once_of(
    revision: Revision | None, name: Hashable, make: Callable[[], Made], *, size: Callable[[Made], int]
) -> Made:
    """What `make` gives for this revision: made once, while there is room for it. Nobody changes what is kept."""
    if revision is None:
        return make()
    found: Made | None = KEPT.find(revision, name)
    if found is None:
        found = make()
        KEPT.keep(revision, name, found, size=size(found), most=settings.KEPT_FIGURES_BYTES)
    return found


def _trusted(using: str) -> bool:
    if using not in _TRUSTED and triggers_stand(using):
        _TRUSTED.add(using)
    return using in _TRUSTED
