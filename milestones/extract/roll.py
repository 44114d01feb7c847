"""The roll: which children the extract names, and what it says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from children.keeping import NAME_WITHHELD
from children.models import Child, Family, Identity, Origin
from children.pseudonyms import new_codes
from children.retention.references import Forgotten
from milestones.extract.bulk import batches, insert, update
from milestones.extract.differences import CHANGED, Counts, Difference, Findings, plain
from milestones.extract.layout import CHILDREN, IDENTITIES
from milestones.extract.reading import ExtractFile, Row
from milestones.extract.traces import Traces
from pace_site.accounts.models import Organisation, Team
from pace_site.audit.models import AuditEntry

# The columns of the file and where the model keeps them; family and team are compared by what people call them.
FIELDS = {
    "date_of_birth": "date_of_birth",
    "expected_on": "expected_on",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "disability": "disability",
    "locality": "locality",
    "family_ref": "family__ref",
    "team": "team__name",
}
# What says who a child is, or with whom it lives: of an adopted child it stays as it was (`domain.md` 8).
OF_THE_PERSON = ("date_of_birth", "expected_on", "sex", "locality", "family_ref")
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
    """A row of the file that says something else than what is recorded, in the columns `differing`."""

    recorded: dict[str, Any]
    row: Row
    differing: list[str]
    difference: Difference


@dataclass(frozen=True, slots=True)
class NewName:
    """A name to write. Without a `key` and a `difference`, of a child who had none on record."""

    child: Enrolled
    row: Row
    key: int | None
    names: dict[str, str]
    difference: Difference | None


class Roll:
    """The children of one extract, compared with those recorded (three queries), then written."""

    def __init__(
        self,
        *,
        authority: Organisation,
        extract_date: date,
        columns: frozenset[str],
        findings: Findings,
        traces: Traces,
    ):
        self.authority = authority
        self.extract_date = extract_date
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
            "pk", "code", "local_ref", "origin", "last_extract_on", "pseudonymised_on", *FIELDS.values()
        )
        self._recorded = {row["local_ref"]: row for row in rows}
        self._forgotten = Forgotten(authority)
        self._families = dict(Family.objects.filter(authority=authority).values_list("ref", "pk"))
        self._teams = dict(Team.objects.filter(organisation=authority).values_list("name", "pk"))
        self._new: list[dict[str, Any]] = []
        self._changed: list[ChangedChild] = []

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
            return
        told = "date_of_birth" in self._compared
        self.births[ref] = values["date_of_birth"] if told else recorded["date_of_birth"]
        if not told:
            self.births_on_record.add(ref)
        before = {column: recorded[FIELDS[column]] for column in self._compared}
        changed = [column for column in self._compared if (before[column] or "") != (values[column] or "")]
        if not changed:
            self._counts.unchanged += 1
            return
        self._counts.changed += 1
        difference = Difference(
            file=CHILDREN,
            child_ref=ref,
            child_code=recorded["code"],
            change=CHANGED,
            key={},
            before={column: plain(before[column]) for column in changed},
            after={column: plain(values[column]) for column in changed},
            record_type=Child._meta.model_name,
            record_id=recorded["pk"],
            action=AuditEntry.Action.CHANGE,
        )
        self._changed.append(ChangedChild(recorded, row, changed, difference))

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

    def missing(self, refused: set[str]) -> list[str]:
        """Children of earlier extracts whom this one does not name; `refused` are named in rows that were refused."""
        return sorted(
            ref
            for ref, row in self._recorded.items()
            if ref not in self.births
            and ref not in self._named_by_another
            and ref not in refused
            and row["pseudonymised_on"] is None
            and (row["origin"] == Origin.EXTRACT or row["last_extract_on"])
        )

    def write(self, *, rng: Random | None) -> bool:
        """Write who is new; True when there is somebody, or the date of the last extract moved for any child."""
        self._open_families_and_teams(self._new)
        codes = new_codes(self.authority, len(self._new), rng=rng) if self._new else []
        rows = [
            {
                "authority_id": self.authority.pk,
                "code": code,
                "local_ref": values["child_ref"],
                "origin": Origin.EXTRACT.value,
                "last_extract_on": self.extract_date,
                **self._kept_as(values),
            }
            for code, values in zip(codes, self._new, strict=True)
        ]
        keys = insert(Child, rows)
        self.traces.note_added(Child, keys)
        for key, row in zip(keys, rows, strict=True):
            self.enrolled[row["local_ref"]] = Enrolled(key, row["local_ref"], row["code"], is_new=True)
        return self._date_the_extract() or bool(rows)

    def write_changes(self) -> None:
        """Write what the extract says otherwise of recorded children."""
        if not self._changed:
            return
        self._open_families_and_teams([changed.row.values for changed in self._changed])
        changes = [(each.recorded["pk"], self._kept_as(each.row.values)) for each in self._changed]
        self.traces.note_changing(Child, changes)
        update(Child, changes)
        self._findings.differences[:0] = [changed.difference for changed in self._changed]

    def _kept_as(self, values: dict[str, Any]) -> dict[str, Any]:
        kept = {column: values[column] for column in self._compared if column not in ("family_ref", "team")}
        if "family_ref" in self._compared:
            kept["family_id"] = self._families.get(values["family_ref"])
        if "team" in self._compared:
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
        """Note this extract as the last that had its children, where it is; an older extract moves nothing back.

        A reference that was given up dates its own record: once the merge is undone, each has its own date again.
        """
        behind = []
        for ref in self.births:
            recorded = self._on_record_given_up.get(ref) or self._recorded.get(ref)
            if recorded is None or (recorded["last_extract_on"] or date.min) >= self.extract_date:
                continue
            behind.append(recorded["pk"])
            self.traces.dated[recorded["last_extract_on"]].append(recorded["pk"])
        for part in batches(behind):
            Child.objects.filter(pk__in=part).update(last_extract_on=self.extract_date)
        return bool(behind)


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


class Names:
    """The names of the extract's children, kept apart from everything else; differences never show them."""

    def __init__(self, roll: Roll, *, counts: Counts, findings: Findings):
        self._roll = roll
        self._counts = counts
        self._findings = findings
        rows = Identity.objects.filter(child__authority=roll.authority)
        self._recorded = {
            child_id: (pk, origin, {"given_name": given, "family_name": family})
            for pk, child_id, origin, given, family in rows.values_list(
                "pk", "child_id", "child__origin", "given_name", "family_name"
            )
        }
        self._new: list[NewName] = []
        self._changed: list[NewName] = []

    def take(self, row: Row) -> None:
        """Take the name of one child, once."""
        values = row.values
        child = self._roll.enrolled[values["child_ref"]]
        names = {"given_name": values["given_name"], "family_name": values["family_name"]}
        pk, origin, recorded = self._recorded.get(child.pk, (None, None, None))
        if pk is None:
            self._counts.new += 1
            self._new.append(NewName(child, row, None, names, None))
        elif recorded == names:
            self._counts.unchanged += 1
        elif origin != Origin.EXTRACT:
            self._counts.kept += 1
        else:
            self._counts.changed += 1
            withheld = {name: NAME_WITHHELD for name in names if recorded[name] != names[name]}
            difference = Difference(
                file=IDENTITIES,
                child_ref=child.ref,
                child_code=child.code,
                change=CHANGED,
                key={},
                before=withheld,
                after=withheld,
                record_type=Identity._meta.model_name,
                record_id=pk,
                action=AuditEntry.Action.CHANGE,
            )
            self._changed.append(NewName(child, row, pk, names, difference))

    def hold_back(self, adopted: set[int], file: ExtractFile) -> None:
        """Refuse later names of adopted children; a child whom this extract made has the name that came with it."""
        for rows, is_change in ((self._new, False), (self._changed, True)):
            held = [each for each in rows if each.child.pk in adopted and not each.child.is_new]
            for each in held:
                rows.remove(each)
                self._counts.changed -= is_change
                self._counts.new -= not is_change
                file.refuse(
                    each.row,
                    column="family_name",
                    rule=ADOPTED,
                    message="this child was adopted, and the record keeps the name it had, or none: a later name is "
                    "never tied to it. Leave the child out of this file; a data lead corrects a mistake by hand",
                )

    def write(self) -> None:
        """Write the names."""
        traces = self._roll.traces
        new = [{"child_id": each.child.pk, **each.names} for each in self._new]
        traces.note_added(Identity, insert(Identity, new))
        changes = [(each.key, each.names) for each in self._changed]
        traces.note_changing(Identity, changes)
        update(Identity, changes)
        self._findings.differences[:0] = [each.difference for each in self._changed]
