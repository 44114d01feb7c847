"""The files of an extract beside those of children: where their rows live, and what is particular to each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from children.models import CareEpisode, LegalBasis, Origin, Placement
from milestones.catalogue import Precision
from milestones.extract.bulk import update
from milestones.extract.cells import day_in_words
from milestones.extract.differences import GONE
from milestones.extract.elsewhere import COVERED, overlap, tells_nothing_new
from milestones.extract.layout import EPISODES, EVENTS, LEGAL, PLACEMENTS
from milestones.extract.ledger import GONE_BEFORE, OF_THE_EXTRACT, Ledger, Sheet
from milestones.models import Milestone
from pace_site.audit.models import AuditEntry

GONE_REASON = "No longer in the extract of "
NOT_KNOWN = "NOT_KNOWN"
# Not what happened but how it came to be written down: two sources may say it otherwise.
BOOKKEEPING = frozenset({"precision", "source", "note", "recorder", "void_reason"})
SHEETS = (
    Sheet(EPISODES, CareEpisode, {"start": "start", "end": "end", "destination": "destination_id"}, ("start",)),
    Sheet(
        PLACEMENTS,
        Placement,
        {
            "start": "start",
            "end": "end",
            "placement_type": "placement_type_id",
            "provider": "provider",
            "short_break": "short_break",
            "carer": "carer",
        },
        ("start", "placement_type"),
    ),
    Sheet(LEGAL, LegalBasis, {"start": "start", "end": "end", "legal_code": "measure_id"}, ("start", "legal_code")),
    Sheet(
        EVENTS,
        Milestone,
        {
            "event_code": "kind",
            "date": "happened_on",
            "precision": "precision",
            "route": "route",
            "outcome": "outcome",
            "source": "source",
            "note": "note",
            "review_kind": "review_kind",
            "order_type": "order_type",
            "planned_on": "planned_on",
            "pre_birth": "pre_birth",
            "change_reason": "change_reason",
            "recorded_by": "recorder",
            "first_accommodated_on": "first_accommodated_on",
            "void_reason": "void_reason",
        },
        ("event_code", "date", "route"),
    ),
)


class MilestoneLedger(Ledger):
    """Milestones are voided where other rows go, and a void that only the import made is lifted again.

    A void that a person made stands, whatever the extract says, and whichever source with some children says it.
    """

    _voids_are_told = True

    def __init__(self, sheet: Sheet, *, kinds: frozenset[str] | None, **what: Any):
        self._void_at = list(sheet.fields).index("void_reason")
        self._kind_at = list(sheet.fields).index("event_code")
        self._kinds = kinds
        self._inexact: list[tuple[int, dict[str, Any]]] = []
        super().__init__(sheet, **what)

    def take(self, child_id: int, values: dict[str, Any]) -> None:
        if child_id in self._others and values.get("precision", Precision.DAY) != Precision.DAY:
            # After the exact days: whose row says so is settled then, and the same files again find it so.
            self._inexact.append((child_id, values))
        else:
            super().take(child_id, values)

    def settle(self, *, refused_for: set[str], torn: bool) -> None:
        for child_id, values in self._inexact:
            super().take(child_id, values)
        super().settle(refused_for=refused_for, torn=torn)

    def _standing(self, values: list) -> int:
        return GONE_BEFORE if values[self._void_at].startswith(GONE_REASON) else OF_THE_EXTRACT

    def _agree(self, recorded: tuple, row: tuple) -> bool:
        if recorded[2] == GONE_BEFORE:
            # Unless the extract itself voids it in these words, the row has come back.
            return recorded[3 + self._void_at] == row[self._void_at] and not self._otherwise(recorded, row)
        return super()._agree(recorded, row)

    def _dated(self, fields: dict[str, Any]) -> dict[str, Any]:
        voided_on = self.extract_date if fields["void_reason"] else None
        return {"recorded_on": self.extract_date, "voided_on": voided_on}

    def _change(self, recorded: tuple, row: tuple) -> None:
        after = self._otherwise(recorded, row)
        if recorded[2] == GONE_BEFORE:
            # It came back, whether or not the extract has a column for voids.
            after["void_reason"] = row[self._void_at]
        if "void_reason" in after:
            self._write_change(recorded, after, voided_on=self.extract_date if after["void_reason"] else None)
        else:
            self._write_change(recorded, after)

    def _stands_elsewhere(self, child_id: int, row: tuple) -> bool:
        # What the extract itself voids takes nobody's place.
        return not row[self._void_at] and super()._stands_elsewhere(child_id, row)

    def _is_said_by(self, row: tuple, other: tuple) -> bool:
        said, recorded = (dict(zip(self._fields, each, strict=True)) for each in (row, other))
        if recorded["void_reason"] and said["precision"] != recorded["precision"]:
            # What was voided is that day, and not whatever else may have been.
            return False
        return tells_nothing_new(said, recorded)

    def _share(self, _row: tuple, _other: tuple) -> bool:
        return False

    def _gives_way(self, other: tuple, said: Sequence[tuple]) -> bool:
        # Of several that tell less than this extract only one is taken over.
        return any(not row[self._void_at] and self._is_said_by(other[3:], row) for row in said)

    def _differing(self, row: tuple, other: tuple) -> list[int]:
        # What is void says nothing but that.
        return [self._void_at] if other[self._void_at] else super()._differing(row, other)

    def _contradicts(self, i: int, row: tuple, other: tuple) -> bool:
        if self._fields[i] == "happened_on":
            return not self._is_said_by(row, other)
        return self._fields[i] not in BOOKKEEPING and super()._contradicts(i, row, other)

    def _take_over(self, other: tuple, row: tuple, **unlisted: Any) -> None:
        # The day may be later than the extract of the other source.
        super()._take_over(other, row, recorded_on=self.extract_date, **unlisted)

    def _is_void(self, recorded: tuple) -> bool:
        return bool(recorded[3 + self._void_at])

    def _is_spoken_of(self, recorded: tuple) -> bool:
        return self._kinds is None or recorded[3 + self._kind_at] in self._kinds

    def _note_gone(self, recorded: tuple) -> None:
        self._note(
            recorded,
            change=GONE,
            action=AuditEntry.Action.VOID,
            before={"void_reason": ""},
            after={"void_reason": self._gone_reason},
        )

    def _take_away(self, pks: list[int]) -> None:
        voided = {"void_reason": self._gone_reason, "voided_on": self.extract_date}
        changes = [(pk, voided) for pk in pks]
        self._traces.note_changing(self.sheet.model, changes)
        update(self.sheet.model, changes)

    @property
    def _gone_reason(self) -> str:
        return f"{GONE_REASON}{day_in_words(self.extract_date)}"


class PlacementLedger(Ledger):
    """Short breaks are beside other placements. That a child was away, and no more, is known where an episode is."""

    def __init__(self, sheet: Sheet, **what: Any):
        names = list(sheet.fields)
        self._type_at, self._break_at = names.index("placement_type"), names.index("short_break")
        super().__init__(sheet, **what)
        self._episodes = self._load_episodes()

    def _load_episodes(self) -> dict[int, list[tuple]]:
        """By child, (start, end, key of the source or None): of others when they cover this source's, else its own."""
        own = Q(origin=Origin.EXTRACT, extract_source=self._sources.own)
        if self._sources.own.is_whole and not self._others:
            return {}
        rows = CareEpisode.objects.standing().filter(child__authority=self._sources.own.authority_id).order_by("pk")
        rows = rows.filter(own) if self._sources.own.is_whole else rows.exclude(own)
        found = defaultdict(list)
        for child_id, start, end, origin, source in rows.values_list(
            "child_id", "start", "end", "origin", "extract_source_id"
        ):
            if child_id in self._children:
                found[child_id].append((start, end, source if origin == Origin.EXTRACT else None))
        if not self._sources.own.is_whole:
            for child_id in found:
                self._others.setdefault(child_id, [])
        return found

    def _share(self, row: tuple, other: tuple) -> bool:
        return row[self._break_at] == other[self._break_at] and super()._share(row, other)

    def _stands_elsewhere(self, child_id: int, row: tuple) -> bool:
        if super()._stands_elsewhere(child_id, row):
            return True
        if self._sources.own.is_whole or row[self._type_at] != NOT_KNOWN:
            return False
        for start, end, source in self._episodes.get(child_id, ()):
            if overlap(row[0], row[1], start, end):
                self._tell(row, (None, child_id, source, *row), how=COVERED)
                self._counts.kept += 1
                return True
        return False

    def _gives_way(self, other: tuple, said: Sequence[tuple]) -> bool:
        if super()._gives_way(other, said):
            return True
        start, end = other[3], other[4]
        return other[3 + self._type_at] == NOT_KNOWN and any(
            overlap(start, end, *episode[:2]) for episode in self._episodes.get(other[1], ())
        )


def open_ledger(sheet: Sheet, *, kinds: frozenset[str] | None, **what: Any) -> Ledger:
    """Return the ledger for one file; `kinds` are the milestones that the extract can speak of, None means all."""
    if sheet.model is Milestone:
        return MilestoneLedger(sheet, kinds=kinds, **what)
    return PlacementLedger(sheet, **what) if sheet.model is Placement else Ledger(sheet, **what)
