"""Take in an extract: read, check and compare its files, and apply them in one transaction or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from children.models import CareEpisode, Child, ExtractSource, default_source
from milestones.extract.bulk import tell_planner
from milestones.extract.cells import day_in_words
from milestones.extract.differences import EXTRACT_OF, Counts, Difference, Findings
from milestones.extract.intake_result import IntakeResult
from milestones.extract.layout import CHILDREN, EPISODES, IDENTITIES, layouts
from milestones.extract.ledger import Sheet
from milestones.extract.ledgers import SHEETS, open_ledger
from milestones.extract.named_sources import Standing, extract_in_words
from milestones.extract.names import Names
from milestones.extract.reading import ExtractFile, Row
from milestones.extract.rejects import FiledRejects, Rejects
from milestones.extract.roll import Roll
from milestones.extract.run_models import ImportRun
from milestones.extract.sources import Extract, FolderExtract
from milestones.extract.stopping import Stopped
from milestones.extract.traces import Traces, keep_traces
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record, record_all

REJECTS_FILE = "rejects.csv"
MANY_ROWS = 10_000
# Of what rules of data quality ask the trail: rules 11 and 12 of `domain.md` 3.7.
READ_BY_RULES = (Child._meta.model_name, CareEpisode._meta.model_name)


def take_in_extract(
    folder: Path | str,
    *,
    authority: Organisation,
    extract_date: date,
    source: ExtractSource | None = None,
    by: User | None = None,
    dry_run: bool = False,
    skip_rejects: bool = False,
    rejects_file: Path | None = None,
    progress: Callable[[int], None] | None = None,
    rng: Random | None = None,
) -> IntakeResult:
    """Make the rows that come from extracts of a source say what the files in `folder` say (`design.md` 7).

    Without a `source` they are those of the case system, the default one of the authority.
    With any reject nothing is written, unless `skip_rejects` leaves the rejected rows out; a file or column that is
    missing is refused in any case. `progress` is told how many more bytes have been read; `rng` makes the pseudonyms
    of a demo repeatable. Raises OSError when the rejects file cannot be written; nothing is written then either.
    """
    folder = Path(folder)
    return take_in(
        FolderExtract(folder, settings.IMPORT_MAX_BYTES),
        authority=authority,
        extract_date=extract_date,
        source=source,
        by=by,
        dry_run=dry_run,
        skip_rejects=skip_rejects,
        rejects=FiledRejects(rejects_file or place_for_rejects(folder)),
        progress=progress,
        rng=rng,
    )


def take_in(
    extract: Extract,
    *,
    authority: Organisation,
    extract_date: date,
    rejects: Rejects,
    source: ExtractSource | None = None,
    by: User | None = None,
    dry_run: bool = False,
    skip_rejects: bool = False,
    progress: Callable[[int], None] | None = None,
    rng: Random | None = None,
    run: ImportRun | None = None,
    at_the_end: Callable[[IntakeResult], None] | None = None,
) -> IntakeResult:
    """Take in an extract wherever its files come from, in one transaction or not at all.

    `run` is the record of an upload, to be signed instead of a new one. `at_the_end` is called inside the transaction
    when everything is written, or refused; it sees what the extract makes of the records, also in a dry run, and what
    it raises, as what `progress` raises, takes everything back.
    """
    with ExitStack() as open_files:
        open_files.callback(rejects.close)
        open_files.enter_context(transaction.atomic())
        # One import at a time for one authority: two would create the same rows twice.
        Organisation.objects.select_for_update(no_key=True).get(pk=authority.pk)
        intake = _Intake(
            authority=authority,
            extract_date=extract_date,
            sources=Standing.of(source or default_source(authority)),
            by=by,
            skip_rejects=skip_rejects,
            rejects=rejects,
            progress=progress,
            rng=rng,
            event_codes=extract.event_codes,
        )
        for layout in layouts(extract_date).values():
            file = extract.file(layout, rejects=rejects, warn=intake.warnings.append)
            intake.files[layout.file] = open_files.enter_context(file)
        intake.read()
        if sum(map(len, intake.traces.added.values())) > MANY_ROWS:
            tell_planner(intake.traces.added)
        result = intake.result(dry_run=dry_run)
        if result.applied:
            intake.sign(run)
        elif at_the_end and intake.is_writing:
            intake.sign_for_a_look()
        if at_the_end:
            at_the_end(result)
        if not result.applied:
            transaction.set_rollback(True)
    return result


def place_for_rejects(folder: Path) -> Path:
    """The rejects lie beside the files they speak of, or in the current folder when that one cannot be written."""
    return (folder if os.access(folder, os.W_OK) else Path.cwd()) / REJECTS_FILE


@dataclass
class _Intake:
    """One run under way, inside its transaction."""

    authority: Organisation
    extract_date: date
    sources: Standing
    by: User | None
    skip_rejects: bool
    rejects: Rejects
    progress: Callable[[int], None] | None
    rng: Random | None
    event_codes: frozenset[str] | None
    traces: Traces = field(default_factory=Traces)
    files: dict[str, ExtractFile] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    missing: list[str] = field(default_factory=list)
    moved_the_date: bool = False

    @property
    def is_writing(self) -> bool:
        """False from the first reject that stops the run: what follows is read only to say what else is wrong."""
        if any(file.unusable for file in self.files.values()):
            return False
        return self.skip_rejects or not self.rejects.count

    def read(self) -> None:
        """Read every file in its order, children first."""
        self._warn_of_dates()
        roll = self._read_children()
        names = None if self.files[IDENTITIES].absent else self._read_names(roll)
        adopted = roll.adopted()
        for sheet in SHEETS:
            self._read_sheet(sheet, roll)
        # Who was adopted before, and who is by what this very extract says: neither becomes somebody else.
        adopted |= roll.adopted()
        roll.hold_back(adopted, self.files[CHILDREN])
        if names:
            names.hold_back(adopted, self.files[IDENTITIES])
        if self.is_writing:
            if names:
                names.write()
            roll.write_changes()

    def sign(self, run: ImportRun | None) -> None:
        """Leave the record of a run that changed something: what it was, and every row it changed or took away."""
        if run is None and not (self.moved_the_date or self._says_anything_new):
            return
        summary = {
            "files": {file: asdict(counts) for file, counts in self._counts().items()},
            "missing_children": len(self.missing),
            "rejects": self.rejects.count,
        }
        if self.findings.elsewhere.counts:
            summary["elsewhere"] = self.findings.elsewhere.as_json()
        if run is None:
            run = ImportRun(
                authority=self.authority, extract_date=self.extract_date, source=self.sources.own, by=self.by
            )
        else:
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if run.state != ImportRun.State.APPLYING:
                raise Stopped
        run.state, run.applied_at, run.summary = ImportRun.State.APPLIED, timezone.now(), summary
        run.save()
        keep_traces(self.traces, of=run)
        reason = self._record_differences(self.findings.differences)
        record(
            AuditEntry.Action.IMPORT,
            authority=self.authority,
            record_type=ImportRun._meta.model_name,
            record_id=run.pk,
            by=self.by,
            after=summary,
            reason=reason,
        )
        # Whatever is recorded later than this was recorded after it.
        ImportRun.objects.filter(pk=run.pk).update(applied_at=timezone.now())

    def sign_for_a_look(self) -> None:
        """Leave in a dry run what rules of data quality read of extracts, so that it finds what taking in would find.

        All of it is taken back with the rest.
        """
        ImportRun.objects.create(
            authority=self.authority,
            extract_date=self.extract_date,
            source=self.sources.own,
            by=self.by,
            state=ImportRun.State.APPLIED,
            applied_at=timezone.now(),
        )
        self._record_differences([each for each in self.findings.differences if each.record_type in READ_BY_RULES])

    def _record_differences(self, differences: list[Difference]) -> str:
        """Leave a line for each in the trail; return the reason that all have."""
        reason = f"{EXTRACT_OF}{extract_in_words(self.extract_date, self.sources.own)}"
        record_all([each.as_audit_entry(authority=self.authority, by=self.by, reason=reason) for each in differences])
        return reason

    def result(self, *, dry_run: bool) -> IntakeResult:
        """Sum the run up."""
        return IntakeResult(
            authority=self.authority.code,
            extract_date=self.extract_date,
            dry_run=dry_run,
            refused=not self.is_writing,
            files=self._counts(),
            differences=self.findings.differences if self.is_writing else [],
            missing_children=self.missing,
            rejects=self.rejects.count,
            rejected_rows=self.rejects.row_count,
            first_rejects=self.rejects.first,
            rejects_file=self.rejects.path,
            warnings=self.warnings,
            source=self.sources.own,
            elsewhere=self.findings.elsewhere,
        )

    @property
    def _says_anything_new(self) -> bool:
        return any(counts.says_anything_new for counts in self._counts().values())

    def _counts(self) -> dict[str, Counts]:
        """The counts of each file that is there; a refused run changes nothing, so only its rejects count."""
        counts = {}
        for name, file in self.files.items():
            if not file.absent:
                counts[name] = self.findings.of(name) if self.is_writing else Counts()
                counts[name].rejected = file.rejected
        return counts

    def _warn_of_dates(self) -> None:
        if self.extract_date > timezone.localdate():
            self.warnings.append(f"The extract date, {day_in_words(self.extract_date)}, is in the future.")
        latest = ImportRun.objects.taken_in().filter(source=self.sources.own, extract_date__gt=self.extract_date)
        if (run := latest.order_by("extract_date").last()) is not None:
            self.warnings.append(
                f"This extract is older than one already taken in, of {day_in_words(run.extract_date)}: "
                "what it says replaces what that one said."
            )

    def _warn_of_forgotten(self, roll: Roll) -> None:
        """Say which children are left out: their records were pseudonymised, and an extract does not undo that."""
        for ref, year in sorted(roll.forgotten.items()):
            self.warnings.append(
                f"{ref}: the record of this reference was pseudonymised in {year}, so nothing of it is taken in. If "
                "the child is looked after again, let the reference in on the page Retention first."
            )

    def _read_children(self) -> Roll:
        file = self.files[CHILDREN]
        roll = Roll(
            authority=self.authority,
            extract_date=self.extract_date,
            sources=self.sources,
            columns=file.columns,
            findings=self.findings,
            traces=self.traces,
        )
        for row in self._rows_of_each_child_once(file):
            roll.take(row)
        self._warn_of_forgotten(roll)
        if not file.unusable:
            self.missing = roll.missing(file.refused_for)
        if self.is_writing:
            self.moved_the_date = roll.write(rng=self.rng)
        return roll

    def _read_names(self, roll: Roll) -> Names:
        """The names of the file, compared and not yet written."""
        file = self.files[IDENTITIES]
        names = Names(roll, counts=self.findings.of(IDENTITIES), findings=self.findings)
        for row in self._rows_of_each_child_once(file):
            if not self._is_on(roll, row, file) or not self.is_writing:
                continue
            if row.values["child_ref"] in roll.given_up:
                self.findings.of(IDENTITIES).kept += 1
            else:
                names.take(row)
        return names

    def _read_sheet(self, sheet: Sheet, roll: Roll) -> None:
        file = self.files[sheet.file]
        if file.absent:
            return
        ledger = None
        if self.is_writing:
            ledger = open_ledger(
                sheet,
                roll=roll,
                columns=file.columns,
                findings=self.findings,
                traces=self.traces,
                kinds=self.event_codes,
            )
        several, said = roll.of_several_references(), set()
        for row in file.rows(progress=self.progress):
            if not self._is_on(roll, row, file) or (sheet.file == EPISODES and not self._is_born(roll, row, file)):
                continue
            child = roll.enrolled[row.values["child_ref"]].pk if self.is_writing else None
            if child in several:
                # Two references of one child: what both say is said once.
                facts = (
                    child,
                    *sorted((name, str(value)) for name, value in row.values.items() if name != "child_ref"),
                )
                if facts in said:
                    continue
                said.add(facts)
            if ledger and self.is_writing:
                ledger.take(child, row.values)
        if ledger and self.is_writing:
            ledger.settle(refused_for=roll.kept_references(file.refused_for), torn=file.torn)

    def _rows_of_each_child_once(self, file: ExtractFile) -> Iterator[Row]:
        """Yield the first row of each child; a second one is refused."""
        lines: dict[str, int] = {}
        for row in file.rows(progress=self.progress):
            ref = row.values["child_ref"]
            if ref in lines:
                file.refuse(
                    row,
                    column="child_ref",
                    value=ref,
                    rule="duplicate-child",
                    message=f"this child already has line {lines[ref]}",
                )
            else:
                lines[ref] = row.line
                yield row

    def _is_on(self, roll: Roll, row: Row, file: ExtractFile) -> bool:
        """True when the child of the row is in children.csv; else the row is refused, or left out when forgotten."""
        ref = row.values["child_ref"]
        children = self.files[CHILDREN]
        if ref in roll.births:
            return True
        if children.unusable or ref in roll.forgotten:
            return False
        if ref not in children.refused_for:
            file.refuse(row, column="child_ref", value=ref, rule="unknown-child", message=f"not in {CHILDREN}")
        elif self.skip_rejects:
            # In a run that is refused anyway, these would bury the one row that is wrong.
            message = f"not in {CHILDREN}, because the child's own row was rejected"
            file.refuse(row, column="child_ref", value=ref, rule="unknown-child", message=message)
        return False

    def _is_born(self, roll: Roll, row: Row, file: ExtractFile) -> bool:
        """True unless the episode starts before the child's birth; then it is refused."""
        birth, start = roll.births[row.values["child_ref"]], row.values["start"]
        if birth is None or start >= birth:
            return True
        message = "this is before the child's date of birth"
        # The recorded day may be of a child whose record is closed to whoever brings the extract.
        message += " on record" if row.values["child_ref"] in roll.births_on_record else f", {birth}"
        file.refuse(row, column="start", value=str(start), rule="before-birth", message=message)
        return False
