"""Compare the rows of one file with those recorded, and make the recorded ones say what the extract says.

A row of the file answers to the recorded row of the same key: first to one that says exactly the same, else to the
next one of that key, so that repeats of a key keep their order and nothing is written for what is already there.
"""

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import models

from children.models import CareEpisode, LegalBasis, Origin, Placement
from milestones.extract.bulk import BATCH, batches, insert, update
from milestones.extract.cells import day_in_words
from milestones.extract.differences import CHANGED, GONE, Difference, Findings, plain
from milestones.extract.layout import EPISODES, EVENTS, LEGAL, PLACEMENTS
from milestones.extract.roll import Roll
from milestones.extract.traces import Traces
from milestones.models import Milestone
from pace_site.audit.models import AuditEntry

GONE_REASON = "No longer in the extract of "
# How a recorded row stands towards the extract, in the order in which rows of the file answer to it.
OF_THE_EXTRACT, OF_A_PERSON, GONE_BEFORE = range(3)


@dataclass(frozen=True)
class Sheet:
    """Where the rows of one file live: the model, the field of each column, and the columns that are the key."""

    file: str
    model: type[models.Model]
    fields: dict[str, str]
    key: tuple[str, ...]


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


class Ledger:
    """The rows of one file for the children on the roll, against the recorded ones (one query).

    Rows are tuples of the fields of the sheet in its order; a recorded one has (pk, child, standing) before them.
    """

    def __init__(self, sheet: Sheet, *, roll: Roll, columns: frozenset[str], findings: Findings, traces: Traces):
        self.sheet = sheet
        self._traces = traces
        self.extract_date = roll.extract_date
        self._children = {child.pk: child for child in roll.enrolled.values()}
        self._findings = findings
        self._counts = findings.of(sheet.file)
        self._fields = list(sheet.fields.values())
        self._blanks = [
            (name, sheet.model._meta.get_field(field).get_default()) for name, field in sheet.fields.items()
        ]
        self._key = itemgetter(*(list(sheet.fields).index(name) for name in sheet.key))
        # A column that the file does not have says nothing, and leaves what is recorded as it is.
        self._told = [i for i, name in enumerate(sheet.fields) if name in columns and name not in sheet.key]
        self._new: list[dict[str, Any]] = []
        self._unsettled: list[tuple[tuple, tuple]] = []
        self._changed: list[tuple[int, dict[str, Any]]] = []
        self._answered: set[int] = set()
        self._recorded = self._load(roll)

    def _load(self, roll: Roll) -> dict[tuple, list[tuple]]:
        recorded = defaultdict(list)
        rows = self.sheet.model.objects.filter(child__authority=roll.authority).order_by("pk")
        kept = rows.values_list("pk", "child_id", "origin", "voided_by_id", "extract_said", *self._fields)
        for pk, child_id, origin, voided_by, extract_said, *values in kept:
            if child_id in self._children:
                by_person = origin != Origin.EXTRACT or voided_by is not None
                row = (pk, child_id, OF_A_PERSON if by_person else self._standing(values), *values)
                for key in {self._key(values), self._key_said(extract_said) or self._key(values)}:
                    recorded[child_id, key].append(row)
        for rows in recorded.values():
            rows.sort(key=itemgetter(2))
        return recorded

    def _key_said(self, extract_said: dict[str, Any] | None) -> Any:
        """The key under which the extract knows a row that a person has corrected since; None for all others."""
        if extract_said is None:
            return None
        model = self.sheet.model
        fields = [model._meta.get_field(name) for name in self._fields]
        return self._key([field.to_python(extract_said.get(field.name)) for field in fields])

    def _standing(self, _values: list) -> int:
        return OF_THE_EXTRACT

    def take(self, child_id: int, values: dict[str, Any]) -> None:
        """Take one row of the file."""
        row = tuple(values.get(name, blank) for name, blank in self._blanks)
        key = (child_id, self._key(row))
        candidates = self._recorded.get(key)
        if not candidates:
            self._create(child_id, row)
            return
        for place, recorded in enumerate(candidates):
            if self._agree(recorded, row):
                del candidates[place]
                self._counts.unchanged += 1
                return
        self._unsettled.append((key, row))

    def _agree(self, recorded: tuple, row: tuple) -> bool:
        return recorded[2] == OF_THE_EXTRACT and not self._otherwise(recorded, row)

    def settle(self, *, refused_for: set[str], torn: bool) -> None:
        """Finish the file: change what it says otherwise, and take away what it no longer says.

        A row of the database is not gone when a row of its child was refused (or of nobody knows whom, `torn`).
        """
        for key, row in self._unsettled:
            # A row that a person corrected may stand under two keys, and answers once.
            candidates = self._recorded[key]
            while candidates and candidates[0][0] in self._answered:
                candidates.pop(0)
            if not candidates:
                self._create(key[0], row)
                continue
            recorded = candidates.pop(0)
            if recorded[2] == OF_A_PERSON:
                self._answered.add(recorded[0])
                self._counts.kept += 1
            else:
                self._change(recorded, row)
        gone = []
        for candidates in self._recorded.values():
            for recorded in candidates:
                if recorded[2] != OF_THE_EXTRACT or self._is_void(recorded) or not self._is_spoken_of(recorded):
                    continue
                if torn or self._children[recorded[1]].ref in refused_for:
                    self._counts.kept += 1
                else:
                    gone.append(recorded)
        self._flush()
        self._traces.note_changing(self.sheet.model, self._changed)
        update(self.sheet.model, self._changed)
        self._counts.gone = len(gone)
        for recorded in gone:
            self._note_gone(recorded)
        self._take_away([recorded[0] for recorded in gone])

    def _create(self, child_id: int, row: tuple) -> None:
        self._counts.new += 1
        fields = dict(zip(self._fields, row, strict=True))
        self._new.append({"child_id": child_id, "origin": Origin.EXTRACT.value, **fields, **self._dated(fields)})
        if len(self._new) == BATCH:
            self._flush()

    def _flush(self) -> None:
        self._traces.note_added(self.sheet.model, insert(self.sheet.model, self._new))
        self._new = []

    def _dated(self, _fields: dict[str, Any]) -> dict[str, Any]:
        """What else a new row needs."""
        return {}

    def _change(self, recorded: tuple, row: tuple) -> None:
        self._write_change(recorded, self._otherwise(recorded, row))

    def _otherwise(self, recorded: tuple, row: tuple) -> dict[str, Any]:
        """The fields of which the extract says something else."""
        return {self._fields[i]: row[i] for i in self._told if recorded[3 + i] != row[i]}

    def _write_change(self, recorded: tuple, after: dict[str, Any], **unlisted: Any) -> None:
        """Change the fields `after`; `unlisted` ones go with them and are not worth telling."""
        self._counts.changed += 1
        self._changed.append((recorded[0], {**after, **unlisted}))
        before = dict(zip(self._fields, recorded[3:], strict=False))
        names = {field: name for name, field in self.sheet.fields.items()}
        self._note(
            recorded,
            change=CHANGED,
            action=AuditEntry.Action.VOID if after.get("void_reason") else AuditEntry.Action.CHANGE,
            before={names[field]: plain(before[field]) for field in after},
            after={names[field]: plain(value) for field, value in after.items()},
        )

    def _note_gone(self, recorded: tuple) -> None:
        said = {name: plain(value) for name, value in zip(self.sheet.fields, recorded[3:], strict=False)}
        before = {name: value for name, value in said.items() if name not in self.sheet.key}
        self._note(recorded, change=GONE, action=AuditEntry.Action.REMOVE, before=before, after=None)

    def _take_away(self, pks: list[int]) -> None:
        self._traces.note_removing(self.sheet.model, pks)
        for part in batches(pks):
            self.sheet.model.objects.filter(pk__in=part).delete()

    def _is_void(self, _recorded: tuple) -> bool:
        return False

    def _is_spoken_of(self, _recorded: tuple) -> bool:
        """Whether the extract could have said it, so that its silence means something."""
        return True

    def _note(self, recorded: tuple, *, change: str, action: str, before: dict, after: dict | None) -> None:
        child = self._children[recorded[1]]
        said = dict(zip(self.sheet.fields, recorded[3:], strict=False))
        self._findings.differences.append(
            Difference(
                file=self.sheet.file,
                child_ref=child.ref,
                child_code=child.code,
                change=change,
                key={name: plain(said[name]) for name in self.sheet.key},
                before=before,
                after=after,
                record_type=self.sheet.model._meta.model_name,
                record_id=recorded[0],
                action=action,
            )
        )


class MilestoneLedger(Ledger):
    """Milestones are voided where other rows go, and a void that only the import made is lifted again.

    A void that a person made stands, whatever the extract says.
    """

    def __init__(self, sheet: Sheet, *, kinds: frozenset[str] | None, **what: Any):
        self._void_at = list(sheet.fields).index("void_reason")
        self._kind_at = list(sheet.fields).index("event_code")
        self._kinds = kinds
        super().__init__(sheet, **what)

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


def open_ledger(sheet: Sheet, *, kinds: frozenset[str] | None, **what: Any) -> Ledger:
    """Return the ledger for one file; `kinds` are the milestones that the extract can speak of, None means all."""
    return MilestoneLedger(sheet, kinds=kinds, **what) if sheet.model is Milestone else Ledger(sheet, **what)
