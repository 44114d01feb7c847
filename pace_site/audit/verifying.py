"""Whether the audit trail is as it was sealed: the first entry that does not fit, and why (ADR 0015)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from pace_site.audit.chain import (
    HASHED,
    NOTHING_BEFORE,
    PERSONAL,
    SEALING,
    content_of,
    digest_values,
    seal_after,
)
from pace_site.audit.guards import missing_guards
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.sealing import Head, seal_waiting
from pace_site.audit.trail import is_found_by

CHUNK = 2000
# An entry is dated when it is written, and sealed when its transaction ends: no transaction takes longer.
LATEST_SEALING = timedelta(days=1)
ALL = (*HASHED, *PERSONAL, *SEALING)


@dataclass(frozen=True)
class Fault:
    """The first place at which the trail is not as it was sealed. `entry_id` is empty of an entry that is gone."""

    kind: str
    position: int
    entry_id: int | None
    why: str


@dataclass(frozen=True)
class Verdict:
    """What was read, up to the end or to the first fault; `sealed_now` entries of it had waited for that (ADR 0015).

    Whoever wrote those was stopped between commit and seal: they are no fault. `unguarded` names triggers that are
    not there.
    """

    read: int
    head: Head
    erased: int
    sealed_now: int
    fault: Fault | None
    unguarded: list[str]

    @property
    def holds(self) -> bool:
        return self.fault is None and not self.unguarded


class Broken(Exception):
    def __init__(self, kind: str, entry: dict, why: str, *, position: int | None = None):
        super().__init__(why)
        place = entry["position"] if position is None else position
        self.fault = Fault(kind, place, entry["id"] if entry["position"] == place else None, why)


def verify(*, from_id: int | None = None, expected_head: str = "") -> Verdict:
    """Seal what waits, and read the chain from its first entry or from the entry `from_id`.

    `expected_head` is a seal that was kept elsewhere: it must still be in the part of the chain that is read. Raises
    `AuditEntry.DoesNotExist` when there is no sealed entry `from_id`.
    """
    sealed_now = seal_waiting()
    reading = _Reading(_start(from_id), expected_head)
    fault = None
    try:
        for chunk in _chunks(reading.head.position):
            for entry in chunk:
                reading.take(entry)
            _check_mentioned(chunk)
        reading.close()
    except Broken as broken:
        fault = broken.fault
    return Verdict(reading.read, reading.head, reading.erased, sealed_now, fault, missing_guards())


def _start(from_id: int | None) -> Head:
    """What stands before the first entry to read."""
    if from_id is None:
        return Head(0, NOTHING_BEFORE)
    first = AuditEntry.objects.exclude(position=None).get(pk=from_id)
    before = AuditEntry.objects.filter(position__lt=first.position).order_by("-position").first()
    return Head(before.position, before.seal) if before else Head(0, NOTHING_BEFORE)


def _chunks(after: int) -> Iterator[list[dict]]:
    """The sealed entries behind a place, in their order; those with a place that cannot be come first."""
    rows = AuditEntry.objects.exclude(position=None).order_by("position").values(*ALL)
    if after:
        rows = rows.filter(position__gt=after)
    chunk = []
    for entry in rows.iterator(chunk_size=CHUNK):
        chunk.append(entry)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Reading:
    """Takes one entry after the other, and raises `Broken` at the first that does not fit."""

    def __init__(self, start: Head, expected_head: str):
        self.head, self.expected_head = start, expected_head
        self.is_expected_found = expected_head in ("", start.seal)
        self.read = self.erased = 0
        self.latest = None
        self.unexplained: dict[tuple[str, str], dict] = {}

    def take(self, entry: dict) -> None:
        self._check_place(entry)
        self._check_values(entry)
        content = content_of(entry, entry["values_digest"])
        if seal_after(self.head.seal, content) != entry["seal"]:
            raise self._why_unsealed(entry, content)
        if self.latest and entry["at"] < self.latest - LATEST_SEALING:
            words = f"dated {entry['at']:%d %B %Y %H:%M}, but sealed after one of {self.latest:%d %B %Y %H:%M}"
            raise Broken("added", entry, f"It is {words}: it was added later than it says.")
        if entry["action"] == AuditEntry.Action.ERASE:
            self.unexplained.pop(_whose(entry), None)
        self.head, self.latest = Head(entry["position"], entry["seal"]), entry["at"]
        self.is_expected_found |= entry["seal"] == self.expected_head
        self.read += 1

    def close(self) -> None:
        """Check what only the end tells."""
        for entry in self.unexplained.values():
            raise Broken("changed", entry, "Its values were erased, and no entry after it says that they were.")
        if not self.is_expected_found:
            gone = {"id": None, "position": self.head.position + 1}
            raise Broken(
                "missing", gone, "The expected head is no longer in the chain: what it sealed is gone or changed."
            )

    def _check_place(self, entry: dict) -> None:
        expected = self.head.position + 1
        if entry["position"] < expected:
            raise Broken("reordered", entry, f"It stands at a place where place {expected} was to come.")
        if entry["position"] > expected:
            gone = entry["position"] - expected
            places = f"the entry at place {expected} is" if gone == 1 else f"{gone} entries from place {expected} are"
            raise Broken("missing", entry, f"Before entry {entry['id']}, {places} gone.", position=expected)

    def _check_values(self, entry: dict) -> None:
        if entry["salt"]:
            if digest_values(entry, entry["salt"]) != entry["values_digest"]:
                raise Broken("changed", entry, "Its before, its after or its reason is not what was sealed.")
            return
        if any(entry[name] for name in PERSONAL):
            raise Broken("changed", entry, "Its values are said to be erased, and it has some.")
        self.erased += 1
        self.unexplained.setdefault(_whose(entry), entry)

    def _why_unsealed(self, entry: dict, content: str) -> Broken:
        """An entry with its own content fits behind some other; one that fits nowhere was changed."""
        if seal_after(NOTHING_BEFORE, content) == entry["seal"]:
            return Broken("added", entry, "It was the first entry, and others stand before it now.")
        for position, seal in AuditEntry.objects.exclude(position=None).values_list("position", "seal").iterator():
            if seal_after(seal, content) == entry["seal"]:
                if position < self.head.position:
                    return Broken(
                        "added", entry, f"It was sealed behind place {position}: what stands between was added."
                    )
                return Broken("reordered", entry, f"It was sealed behind what now stands at place {position}.")
        return Broken("changed", entry, "It is not what was sealed, or what stood before it is gone.")


def _whose(entry: dict) -> tuple[str, str]:
    """Whose values an erasure takes: pseudonyms are the same in two authorities."""
    return entry["authority_code"], entry["child_code"]


def _check_mentioned(chunk: list[dict]) -> None:
    """Compare the children by whom the entries are found with those in their lists, one entry's after another's."""
    rows = MentionedChild.objects.filter(entry_id__in=[entry["id"] for entry in chunk]).order_by("entry_id")
    pairs = rows.values_list("entry_id", "child_code").iterator(chunk_size=CHUNK)
    entries = {entry["id"]: entry for entry in chunk}
    for key, mentioned in groupby(pairs, key=itemgetter(0)):
        _check_found_by(entries.pop(key), [code for _key, code in mentioned])
    for entry in entries.values():
        _check_found_by(entry, [])


def _check_found_by(entry: dict, codes: list[str]) -> None:
    if entry["salt"] and not is_found_by(entry["after"], codes):
        raise Broken("changed", entry, "It is found by other children than those in its list.")
