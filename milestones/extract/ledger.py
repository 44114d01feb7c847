"""Compare the rows of one file with those recorded, and make the recorded ones say what the extract says.

A row of the file answers to the recorded row of the same key: first to one that says exactly the same, else to the
next one of that key, so that repeats of a key keep their order and nothing is written for what is already there.

Only rows of the extract's own source are replaced. What another source or a person says already is told and not
doubled; where that other has a part of the children and this one all of them, this one's word stands (ADR 0029).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import models

from children.models import Origin
from milestones.extract.bulk import BATCH, batches, insert, update
from milestones.extract.differences import CHANGED, GAVE_WAY, GONE, OF_SOURCE, Difference, Findings, plain
from milestones.extract.elsewhere import COVERED, DIFFERS, SAME, SaidElsewhere, overlap
from milestones.extract.named_sources import VOIDED_BY_HAND
from milestones.extract.roll import Roll
from milestones.extract.traces import Traces
from pace_site.audit.models import AuditEntry

# How a recorded row stands towards the extract, in the order in which rows of the file answer to it.
OF_THE_EXTRACT, OF_A_PERSON, GONE_BEFORE = range(3)


@dataclass(frozen=True)
class Sheet:
    """Where the rows of one file live: the model, the field of each column, and the columns that are the key."""

    file: str
    model: type[models.Model]
    fields: dict[str, str]
    key: tuple[str, ...]


class Ledger:
    """The rows of one file for the children on the roll, against the recorded ones (one query).

    Rows are tuples of the fields of the sheet in its order; a recorded one has (pk, child, standing) before them.
    """

    # Whether what a person voided is not written anew for another source; a stretch may be recorded otherwise.
    _voids_are_told = False

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
        self._spoken = [i for i, name in enumerate(sheet.fields) if name in columns]
        self._told = [i for i in self._spoken if list(sheet.fields)[i] not in sheet.key]
        self._new: list[dict[str, Any]] = []
        self._unsettled: list[tuple[tuple, tuple]] = []
        self._changed: list[tuple[int, dict[str, Any]]] = []
        self._answered: set[int] = set()
        self._sources = roll.sources
        # By child: rows of other sources and, for a source of some children, what people recorded; (pk, child,
        # key of the source or None, fields ...). What this extract says of these children is remembered beside them.
        self._others: dict[int, list[tuple]] = defaultdict(list)
        self._said: dict[int, list[tuple]] = defaultdict(list)
        self._recorded = self._load(roll)

    def _load(self, roll: Roll) -> dict[tuple, list[tuple]]:
        recorded = defaultdict(list)
        own, yields = self._sources.own.pk, not self._sources.own.is_whole
        rows = self.sheet.model.objects.filter(child__authority=roll.authority).order_by("pk")
        kept = rows.values_list(
            "pk", "child_id", "origin", "voided_on", "voided_by_id", "extract_said", "extract_source_id", *self._fields
        )
        for pk, child_id, origin, voided_on, voided_by, extract_said, source, *values in kept:
            if child_id not in self._children:
                continue
            by_person = origin != Origin.EXTRACT or voided_by is not None
            if not by_person and source != own:
                if voided_on is None:
                    self._others[child_id].append((pk, child_id, source, *values))
                continue
            if by_person and yields and (voided_on is None or self._voids_are_told):
                self._others[child_id].append((pk, child_id, None, *values))
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
        if child_id in self._others:
            self._said[child_id].append(row)
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
        gone = []
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
                if not self._sources.own.is_whole:
                    self._tell(row, (*recorded[:2], None, *recorded[3:]))
                self._counts.kept += 1
            elif recorded[2] == GONE_BEFORE and self._stands_elsewhere(key[0], row):
                continue
            elif self._grows_into_another(recorded, row):
                gone.append(recorded)
            else:
                self._change(recorded, row)
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
        self._let_give_way()

    def _create(self, child_id: int, row: tuple) -> None:
        if child_id in self._others and self._stands_elsewhere(child_id, row):
            return
        self._counts.new += 1
        fields = dict(zip(self._fields, row, strict=True))
        self._new.append(
            {
                "child_id": child_id,
                "origin": Origin.EXTRACT.value,
                "extract_source_id": self._sources.own.pk,
                **fields,
                **self._dated(fields),
            }
        )
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

    def _write_change(self, recorded: tuple, after: dict[str, Any], *, told: tuple = ({}, {}), **unlisted: Any) -> None:
        """Change the fields `after`; `unlisted` ones go with them, and `told` is said of them before and after."""
        self._counts.changed += 1
        self._changed.append((recorded[0], {**after, **unlisted}))
        before = dict(zip(self._fields, recorded[3:], strict=False))
        names = {field: name for name, field in self.sheet.fields.items()}
        self._note(
            recorded,
            change=CHANGED,
            action=AuditEntry.Action.VOID if after.get("void_reason") else AuditEntry.Action.CHANGE,
            before={**told[0], **{names[field]: plain(before[field]) for field in after}},
            after={**told[1], **{names[field]: plain(value) for field, value in after.items()}},
        )

    def _stands_elsewhere(self, child_id: int, row: tuple) -> bool:
        """True when a new row is not to be written: another says it already, or covers its time; that is told.

        A row of a source that this one outranks becomes this one's.
        """
        # Of several that may be meant, the one of the same key is.
        others = sorted(self._others.get(child_id, ()), key=lambda other: self._key(other[3:]) != self._key(row))
        for other in others:
            if self._sources.outranks(other[2]) and self._is_said_by(other[3:], row):
                self._others[child_id].remove(other)
                self._take_over(other, row)
                return True
        for other in others:
            if self._is_said_by(row, other[3:]):
                self._tell(row, other)
                self._counts.kept += 1
                return True
        cover = next(
            (other for other in others if not self._sources.outranks(other[2]) and self._share(row, other[3:])), None
        )
        if cover is not None:
            self._tell(row, cover, how=COVERED)
            self._counts.kept += 1
        return cover is not None

    def _grows_into_another(self, recorded: tuple, row: tuple) -> bool:
        """True when what a row is to say takes time of which another tells, and what it said did not; that is told."""
        for other in self._others.get(recorded[1], ()):
            if self._sources.outranks(other[2]) or self._share(recorded[3:], other[3:]):
                continue
            if self._share(row, other[3:]):
                self._tell(row, other, how=COVERED)
                self._counts.kept += 1
                return True
        return False

    def _is_said_by(self, row: tuple, other: tuple) -> bool:
        """True when `other` tells all that `row` does of when something was."""
        return self._key(row) == self._key(other)

    def _share(self, row: tuple, other: tuple) -> bool:
        """True when two rows that do not say the same cannot both be."""
        return overlap(row[0], row[1], other[0], other[1])

    def _take_over(self, other: tuple, row: tuple, **unlisted: Any) -> None:
        after = {self._fields[i]: row[i] for i in self._spoken if other[3 + i] != row[i]}
        told = ({OF_SOURCE: self._sources.name(other[2])}, {OF_SOURCE: self._sources.own.name})
        self._write_change(other, after, told=told, extract_source_id=self._sources.own.pk, **unlisted)

    def _let_give_way(self) -> None:
        """Take away what sources that this one outranks say of the time of which this one tells."""
        giving_way = [
            other
            for child_id, others in self._others.items()
            for other in others
            if self._sources.outranks(other[2]) and self._gives_way(other, self._said.get(child_id, ()))
        ]
        self._counts.gone += len(giving_way)
        for other in giving_way:
            said = {name: plain(value) for name, value in zip(self.sheet.fields, other[3:], strict=False)}
            before = {name: value for name, value in said.items() if name not in self.sheet.key}
            self._note(
                other,
                change=GAVE_WAY,
                action=AuditEntry.Action.REMOVE,
                before={**before, OF_SOURCE: self._sources.name(other[2])},
                after={OF_SOURCE: self._sources.own.name},
            )
        self._remove([other[0] for other in giving_way])

    def _gives_way(self, other: tuple, said: Sequence[tuple]) -> bool:
        return any(self._share(row, other[3:]) for row in said)

    def _tell(self, row: tuple, other: tuple, *, how: str = "") -> None:
        """Tell of a row of the file that another, of a source or a person (None), stands in its place."""
        names = list(self.sheet.fields)
        differing = self._differing(row, other[3:])
        child = self._children[other[1]]
        self._findings.elsewhere.note(
            SaidElsewhere(
                file=self.sheet.file,
                child_ref=child.ref,
                child_code=child.code,
                how=how or (DIFFERS if differing else SAME),
                by=VOIDED_BY_HAND if self._is_void(other) else self._sources.name(other[2]),
                key={name: plain(row[names.index(name)]) for name in self.sheet.key},
                recorded={names[i]: plain(other[3 + i]) for i in differing},
                said={names[i]: plain(row[i]) for i in differing},
            )
        )

    def _differing(self, row: tuple, other: tuple) -> list[int]:
        return [i for i in self._spoken if self._contradicts(i, row, other)]

    def _contradicts(self, i: int, row: tuple, other: tuple) -> bool:
        """Whether a cell says something else; an empty one says nothing, but for an end that is open."""
        return row[i] != other[i] and (self._fields[i] == "end" or row[i] != self._blanks[i][1])

    def _note_gone(self, recorded: tuple) -> None:
        said = {name: plain(value) for name, value in zip(self.sheet.fields, recorded[3:], strict=False)}
        before = {name: value for name, value in said.items() if name not in self.sheet.key}
        self._note(recorded, change=GONE, action=AuditEntry.Action.REMOVE, before=before, after=None)

    def _take_away(self, pks: list[int]) -> None:
        self._remove(pks)

    def _remove(self, pks: list[int]) -> None:
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
