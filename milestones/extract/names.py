"""The names of an extract's children, which are read, compared and told apart from everything else."""

from dataclasses import dataclass

from children.keeping import NAME_WITHHELD
from children.models import Identity, Origin
from milestones.extract.bulk import insert, update
from milestones.extract.differences import CHANGED, Counts, Difference, Findings
from milestones.extract.layout import IDENTITIES
from milestones.extract.reading import ExtractFile, Row
from milestones.extract.roll import ADOPTED, Enrolled, Roll
from pace_site.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class NewName:
    """A name to write. Without a `key` and a `difference`, of a child who had none on record."""

    child: Enrolled
    row: Row
    key: int | None
    names: dict[str, str]
    difference: Difference | None


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
        elif origin != Origin.EXTRACT or not self._roll.may_rename(child.ref):
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
        for each in (*self._new, *self._changed):
            self._roll.note_name(each.child.ref)
        changes = [(each.key, each.names) for each in self._changed]
        traces.note_changing(Identity, changes)
        update(Identity, changes)
        self._findings.differences[:0] = [each.difference for each in self._changed]
