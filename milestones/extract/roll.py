"""The roll: which children the extract names, and what it says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from children.models import Child, Family, Listed, Origin
from children.pseudonyms import new_codes
from children.retention.references import Forgotten
from milestones.extract.bulk import batches, insert, update
from milestones.extract.child_fields import FIELDS, NAME, OF_THE_PERSON, wanted_of
from milestones.extract.differences import CHANGED, OF_SOURCE, Difference, Findings, plain
from milestones.extract.elsewhere import DIFFERS, SAME, SaidElsewhere
from milestones.extract.layout import CHILDREN
from milestones.extract.named_sources import BY_HAND, Standing
from milestones.extract.reading import ExtractFile, Row
from milestones.extract.traces import Traces
from pace_site.accounts.models import Organisation, Team
from pace_site.audit.models import AuditEntry

ADOPTED = "adopted-child"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A child of the extract as the rest of the import needs it. `is_new` of one whom this extract made."""

    pk: int
    ref: str
    code: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ChangedChild:
    """A row of the file that says something else than what is recorded, in the columns `differing`.

    `more` are values of other fields that are written with them.
    """

    recorded: dict[str, Any]
    row: Row
    differing: list[str]
    difference: Difference
    more: dict[str, Any]


class Roll:
    """The children of one extract, compared with those recorded (four queries), then written.

    What a child says of itself belongs to the source that brought it. Another fills what is empty, and what it filled
    it may correct (`Child.filled_by`); a source of all children takes over those that one of some has brought.
    """

    def __init__(
        self,
        *,
        authority: Organisation,
        extract_date: date,
        sources: Standing,
        columns: frozenset[str],
        findings: Findings,
        traces: Traces,
    ):
        self.authority = authority
        self.extract_date = extract_date
        self.sources = sources
        self.enrolled: dict[str, Enrolled] = {}
        self.births: dict[str, date | None] = {}
        # Whose birth the extract does not say: it is taken from the records, and not told.
        self.births_on_record: set[str] = set()
        # Of whom nothing is taken in: the reference, and the year in which its child was pseudonymised.
        self.forgotten: dict[str, int] = {}
        # References of records that were merged into another, and the reference of that one (ADR 0026).
        self.given_up, self._on_record_given_up = _references_given_up(authority)
        self._named_by_another: set[str] = set()
        self.traces = traces
        self._compared = [column for column in FIELDS if column in columns]
        self._findings = findings
        self._counts = findings.of(CHILDREN)
        rows = Child.objects.filter(authority=authority, merged_into__isnull=True).values(
            "pk",
            "code",
            "local_ref",
            "origin",
            "extract_source",
            "filled_by",
            "last_extract_on",
            "pseudonymised_on",
            *FIELDS.values(),
        )
        self._recorded = {row["local_ref"]: row for row in rows}
        listed = Listed.objects.filter(source=sources.own).values_list("child", "pk", "last_on")
        self._listed = {child: (key, day) for child, key, day in listed}
        self._forgotten = Forgotten(authority)
        self._families = dict(Family.objects.filter(authority=authority).values_list("ref", "pk"))
        self._teams = dict(Team.objects.filter(organisation=authority).values_list("name", "pk"))
        self._new: list[dict[str, Any]] = []
        self._changed: list[ChangedChild] = []
        self._told: list[tuple[int, str, SaidElsewhere]] = []
        # By reference: who filled in a name, None when the own source of the child has said one.
        self._named: dict[str, int | None] = {}

    def take(self, row: Row) -> None:
        """Take one child of the file, once."""
        values = row.values
        ref = values["child_ref"]
        if ref in self.given_up:
            self._take_by_another_reference(ref)
            return
        recorded = self._recorded.get(ref)
        if recorded is None and (year := self._forgotten.year_of(ref)):
            self.forgotten[ref] = year
            return
        if recorded is None:
            self._new.append(values)
            self.births[ref] = values["date_of_birth"]
            self._counts.new += 1
            return
        self.enrolled[ref] = Enrolled(recorded["pk"], ref, recorded["code"])
        if recorded["origin"] != Origin.EXTRACT:
            self.births[ref] = recorded["date_of_birth"]
            self.births_on_record.add(ref)
            self._counts.kept += 1
            if not self.sources.own.is_whole:
                for column in self._compared:
                    if values[column]:
                        self._tell(recorded, column, recorded[FIELDS[column]], values[column])
            return
        wanted, more, told = wanted_of(recorded, {name: values[name] for name in self._compared}, self.sources)
        for column in told:
            self._tell(recorded, column, recorded[FIELDS[column]], values[column])
        self.births[ref] = wanted.get("date_of_birth", recorded["date_of_birth"])
        if "date_of_birth" not in self._compared or self.births[ref] != values["date_of_birth"]:
            self.births_on_record.add(ref)
        before = {column: recorded[FIELDS[column]] for column in self._compared}
        changed = [column for column in wanted if (before[column] or "") != (wanted[column] or "")]
        if not changed and not more:
            self._counts.unchanged += 1
            return
        told = ({}, {})
        if "extract_source_id" in more:
            old, own = self.sources.name(recorded["extract_source"]), self.sources.own.name
            told = ({OF_SOURCE: old}, {OF_SOURCE: own})
        self._counts.changed += 1
        difference = Difference(
            file=CHILDREN,
            child_ref=ref,
            child_code=recorded["code"],
            change=CHANGED,
            key={},
            before={**told[0], **{column: plain(before[column]) for column in changed}},
            after={**told[1], **{column: plain(wanted[column]) for column in changed}},
            record_type=Child._meta.model_name,
            record_id=recorded["pk"],
            action=AuditEntry.Action.CHANGE,
        )
        self._changed.append(ChangedChild(recorded, row, changed, difference, more))

    def _tell(self, recorded: dict[str, Any], column: str, before: Any, said: Any) -> None:
        """Tell of a cell that the record of another source, or of a person, stands in its place."""
        by_hand = recorded["origin"] != Origin.EXTRACT
        told = SaidElsewhere(
            file=CHILDREN,
            child_ref=recorded["local_ref"],
            child_code=recorded["code"],
            how=SAME if before == said else DIFFERS,
            by=BY_HAND if by_hand else self.sources.name(recorded["extract_source"]),
            key={},
            recorded={column: plain(before)},
            said={column: plain(said)},
        )
        self._told.append((recorded["pk"], column, told))

    def _take_by_another_reference(self, ref: str) -> None:
        """What the row says of the child itself is left: the kept record says it."""
        kept = self.given_up[ref]
        recorded = self._recorded[kept]
        self.enrolled[ref] = Enrolled(recorded["pk"], kept, recorded["code"])
        self.births[ref] = recorded["date_of_birth"]
        self.births_on_record.add(ref)
        self._named_by_another.add(kept)
        self._counts.kept += 1

    def of_several_references(self) -> set[int]:
        """The keys of the children whom this extract names by a reference that was given up."""
        return {self.enrolled[ref].pk for ref in self.given_up if ref in self.enrolled}

    def kept_references(self, refs: set[str]) -> set[str]:
        """These references, and the kept one of each that was given up."""
        return refs | {self.given_up[ref] for ref in refs if ref in self.given_up}

    def adopted(self) -> set[int]:
        """The keys of the recorded children who are adopted, as the rows stand now."""
        adopted = Child.objects.filter(authority=self.authority).exclude(
            pk__in=Child.objects.not_adopted().values("pk")
        )
        return {*adopted.values_list("pk", flat=True)}

    def hold_back(self, adopted: set[int], file: ExtractFile) -> None:
        """Refuse the rows that would make somebody else of an adopted child."""
        going = []
        for changed in self._changed:
            said = [column for column in changed.differing if column in OF_THE_PERSON]
            if changed.recorded["pk"] not in adopted or not said:
                going.append(changed)
                continue
            self._counts.changed -= 1
            file.refuse(
                changed.row,
                column=said[0],
                rule=ADOPTED,
                message="this child was adopted, and the record keeps what it said before: a later identity is never "
                f"tied to it. Send {', '.join(said)} as recorded, or leave the child out; a data lead corrects a "
                "mistake by hand",
            )
        self._changed = going
        for key, column, told in self._told:
            # What a later identity of an adopted child says is not even told.
            if key not in adopted or column not in OF_THE_PERSON:
                self._findings.elsewhere.note(told)

    def missing(self, refused: set[str]) -> list[str]:
        """Children of earlier extracts of the source whom this one does not name; `refused` are in refused rows."""
        by_another = {self.given_up[ref] for ref, row in self._on_record_given_up.items() if row["pk"] in self._listed}
        return sorted(
            ref
            for ref, row in self._recorded.items()
            if ref not in self.births
            and ref not in self._named_by_another
            and ref not in refused
            and row["pseudonymised_on"] is None
            and (row["pk"] in self._listed or ref in by_another)
        )

    def write(self, *, rng: Random | None) -> bool:
        """Write who is new; True when there is somebody, or the source has anybody on a later day than before."""
        self._open_families_and_teams(self._new)
        codes = new_codes(self.authority, len(self._new), rng=rng) if self._new else []
        rows = [
            {
                "authority_id": self.authority.pk,
                "code": code,
                "local_ref": values["child_ref"],
                "origin": Origin.EXTRACT.value,
                "extract_source_id": self.sources.own.pk,
                "last_extract_on": self.extract_date if self.sources.own.is_whole else None,
                **self._kept_as(values, self._compared),
            }
            for code, values in zip(codes, self._new, strict=True)
        ]
        keys = insert(Child, rows)
        self.traces.note_added(Child, keys)
        for key, row in zip(keys, rows, strict=True):
            self.enrolled[row["local_ref"]] = Enrolled(key, row["local_ref"], row["code"], is_new=True)
        return self._date_the_extract()

    def may_rename(self, ref: str) -> bool:
        """Whether the name of a recorded child is this source's: it brought the child, or filled the name in."""
        recorded = self._recorded[ref]
        owner = recorded["extract_source"]
        filled = (recorded["filled_by"] or {}).get(NAME, owner)
        return self.sources.own.pk in (owner, filled) or self.sources.outranks(owner)

    def note_name(self, ref: str) -> None:
        """Remember that this source has said a name of a child that another brought, or of its own child at last."""
        recorded = self._recorded.get(ref)
        if recorded is None or recorded["origin"] != Origin.EXTRACT:
            return
        own, owner = self.sources.own.pk, recorded["extract_source"]
        by = None if owner == own or self.sources.outranks(owner) else own
        known = NAME in (recorded["filled_by"] or {}) or self.sources.outranks(owner)
        if by is not None or known:
            self._named[ref] = by

    def write_changes(self) -> None:
        """Write what the extract says otherwise of recorded children."""
        self._open_families_and_teams([changed.row.values for changed in self._changed])
        by_key = {
            each.recorded["pk"]: {**self._kept_as(each.row.values, each.differing), **each.more}
            for each in self._changed
        }
        for ref, source in self._named.items():
            recorded = self._recorded[ref]
            before = recorded["filled_by"] or {}
            filled = by_key.get(recorded["pk"], {}).get("filled_by", before) or {}
            filled = {key: value for key, value in filled.items() if key != NAME} | ({NAME: source} if source else {})
            if filled != before or recorded["pk"] in by_key:
                by_key.setdefault(recorded["pk"], {})["filled_by"] = filled or None
        if not by_key:
            return
        changes = list(by_key.items())
        self.traces.note_changing(Child, changes)
        update(Child, changes)
        self._findings.differences[:0] = [changed.difference for changed in self._changed]

    def _kept_as(self, values: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
        kept = {column: values[column] for column in columns if column not in ("family_ref", "team")}
        if "family_ref" in columns:
            kept["family_id"] = self._families.get(values["family_ref"])
        if "team" in columns:
            kept["team_id"] = self._teams.get(values["team"])
        return kept

    def _open_families_and_teams(self, wanted: Sequence[dict[str, Any]]) -> None:
        self._open_families({values["family_ref"] for values in wanted})
        self._open_teams({values["team"] for values in wanted})

    def _open_families(self, refs: set[str]) -> None:
        new = sorted(refs - set(self._families) - {""})
        keys = insert(Family, [{"authority_id": self.authority.pk, "ref": ref} for ref in new])
        self.traces.note_added(Family, keys)
        self._families.update(zip(new, keys, strict=True))

    def _open_teams(self, names: set[str]) -> None:
        new = sorted(names - set(self._teams) - {""})
        keys = insert(Team, [{"organisation_id": self.authority.pk, "name": name} for name in new])
        self.traces.note_added(Team, keys)
        self._teams.update(zip(new, keys, strict=True))

    def _date_the_extract(self) -> bool:
        """Note this extract as the source's last that had its children; an older extract moves nothing back.

        A reference that was given up dates its own record: once the merge is undone, each has its own date again.
        """
        day, behind, listed, new = self.extract_date, [], [], []
        for ref in self.births:
            recorded = self._on_record_given_up.get(ref) or self._recorded.get(ref)
            key = recorded["pk"] if recorded else self.enrolled[ref].pk
            last = recorded and recorded["last_extract_on"]
            if recorded and self.sources.own.is_whole and (last or date.min) < day:
                behind.append(key)
                self.traces.dated[last].append(key)
            of_source, last_on = self._listed.get(key, (None, None))
            if of_source is None:
                new.append({"child_id": key, "source_id": self.sources.own.pk, "last_on": day})
            elif last_on < day:
                listed.append(of_source)
                self.traces.listed[last_on].append(of_source)
        for part in batches(behind):
            Child.objects.filter(pk__in=part).update(last_extract_on=day)
        for part in batches(listed):
            Listed.objects.filter(pk__in=part).update(last_on=day)
        self.traces.note_added(Listed, insert(Listed, new))
        return bool(behind or listed or new)


def _references_given_up(authority: Organisation) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """By the reference of each record that was merged into another: that of the record that stands, and its own row."""
    rows = list(
        Child.objects.filter(authority=authority, merged_into__isnull=False).values(
            "pk", "local_ref", "last_extract_on", "merged_into__local_ref"
        )
    )
    merged = {row["local_ref"]: row["merged_into__local_ref"] for row in rows}
    for ref, kept in merged.items():
        while kept in merged:
            kept = merged[kept]
        merged[ref] = kept
    return merged, {row["local_ref"]: row for row in rows}
