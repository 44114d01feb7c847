"""Turn uploads and a confirmed mapping into the tables of an extract."""

from collections.abc import Sequence

from milestones.extract.files import CHILDREN, EVENTS, IDENTITIES, LAYOUT_FILES
from milestones.sheets.code_books import CodeBook, code_books
from milestones.sheets.field_kinds import Reading
from milestones.sheets.fields import FIELDS, IDENTITY_KINDS, NAMES, WIDE
from milestones.sheets.grids import LIMITS, Grid, UploadLimits
from milestones.sheets.looks import problems_of
from milestones.sheets.mapping import Mapping, MappingProblem, SheetUse
from milestones.sheets.sheet_rows import Refusal, SheetReader, SheetRow
from milestones.sheets.table_extent import extent_of
from milestones.sheets.tables import CellReject, Correction, Source, Table, TableRow, Tables, Upload
from milestones.sheets.text import plain_words
from milestones.sheets.uploads import read_uploads
from milestones.sheets.values import as_text
from milestones.sheets.wide import WideReading


def tables_from(
    uploads: Sequence[Upload],
    mapping: Mapping,
    *,
    corrections: Sequence[Correction] = (),
    books: dict[str, CodeBook] | None = None,
    limits: UploadLimits = LIMITS,
) -> Tables:
    """Return what the uploads say, by a mapping in which nothing is in doubt.

    Raises UploadRefused for a file that cannot be read, and MappingProblem when the mapping is not confirmed or does
    not fit the sheets: a column moved or renamed, a sheet that is not there, merged cells in the data.
    """
    waiting = [*mapping.problems(), *mapping.doubts()]
    if waiting:
        raise MappingProblem(waiting)
    grids = {(grid.file, grid.sheet): grid for grid in read_uploads(uploads, limits=limits)}
    conversion = _Conversion(books or code_books(), corrections)
    for use in mapping.sheets:
        if use.kind:
            conversion.take(use, grids.pop((use.file, use.sheet), None))
    conversion.finish()
    return conversion.tables


class _Conversion:
    """Tables being made, sheet by sheet."""

    def __init__(self, books: dict[str, CodeBook], corrections: Sequence[Correction]):
        self.tables = Tables()
        self._books = books
        self._corrections = {(one.file, one.sheet, one.cell): one for one in corrections}
        self._first: dict[tuple[str, str], TableRow] = {}
        self._has_tall_events = False
        self._wide_events: set[str] = set()

    def take(self, use: SheetUse, grid: Grid | None) -> None:
        """Read one sheet into the tables."""
        if grid is None:
            raise MappingProblem([f"{use.name} is not among the files."])
        extent = extent_of(grid, use.header_line)
        if extent is None:
            raise MappingProblem([f"{use.name}: row {use.header_line} is empty, where the names of the columns were."])
        header = [as_text(cell) for cell in extent.header.cells]
        moved = [
            f"{use.name}: column {column.letter} was “{column.header}”, and now is "
            f"“{header[column.index] if column.index < len(header) else ''}”."
            for column in use.columns
            if column.index >= len(header) or plain_words(header[column.index]) != plain_words(column.header)
        ]
        rows = extent.rows(hidden=bool(use.hidden_lines))
        if problems := moved + problems_of(grid, extent.header, rows):
            raise MappingProblem(problems)
        reader = SheetReader(grid, use, extent, rows, books=self._books, corrections=self._corrections)
        self.tables.warnings += [f"{use.name}: {remark}" for remark in grid.remarks]
        if extent.left_out:
            shown = "; ".join(extent.left_out[:5])
            more = f"; and {len(extent.left_out) - 5} more" if len(extent.left_out) > 5 else ""
            self.tables.warnings.append(f"{use.name}: not read: {shown}{more}.")
        if use.kind == WIDE:
            self._take_wide(use, reader)
        else:
            self._take_tall(use, reader)

    def finish(self) -> None:
        """Put the tables in the order of the extract, and note of which events they can say something."""
        tables = self.tables
        tables.tables = {file: tables.tables[file] for file in LAYOUT_FILES if file in tables.tables}
        if not self._has_tall_events:
            tables.event_codes = frozenset(self._wide_events)

    def _take_tall(self, use: SheetUse, reader: SheetReader) -> None:
        fields = FIELDS[use.kind]
        columns = [known.key for known in fields if known.key in use.used]
        with_precision = use.kind == EVENTS and "precision" not in columns
        whole_name = "full_name" in columns
        if with_precision:
            columns.append("precision")
        if whole_name:
            columns = ["child_ref", "given_name", "family_name"]
        table = self._table(use.kind, tuple(columns))
        self._has_tall_events |= use.kind == EVENTS
        source = Source(reader.grid.file, reader.grid.sheet, reader.columns)
        dates = [known.key for known in fields if known.reading is Reading.DAY and known.months]
        for row in reader.rows():
            if with_precision and (read := next((row.days[key] for key in dates if key in row.days), None)):
                row.values["precision"] = read.known.value
            if whole_name:
                _part_name(row)
            if row.refusals:
                self._refuse(row, reader, (use.kind,))
                continue
            made = TableRow({column: row.values.get(column, "") for column in columns}, source, row.line)
            if self._is_first(use.kind, made, row, reader, (use.kind,)):
                table.rows.append(made)

    def _take_wide(self, use: SheetUse, reader: SheetReader) -> None:
        reading = WideReading(frozenset(use.used))
        files = tuple(file for file in LAYOUT_FILES if reading.columns(file))
        tables = {file: self._table(file, reading.columns(file)) for file in files}
        self._wide_events |= reading.event_codes()
        sources: dict[tuple, Source] = {}
        for row in reader.rows():
            made = reading.make(row)
            if row.refusals:
                self._refuse(row, reader, files)
                continue
            rows = []
            for one in made:
                key = (one.file, *sorted(one.given_by.items()))
                if key not in sources:
                    given = {column: reader.columns[by] for column, by in one.given_by.items() if by in reader.columns}
                    sources[key] = Source(reader.grid.file, reader.grid.sheet, given)
                rows.append((one.file, TableRow(one.values, sources[key], row.line)))
            if self._is_first(CHILDREN, rows[0][1], row, reader, files):
                for file, made_row in rows:
                    tables[file].rows.append(made_row)
        for words, count in reading.told.items():
            children = "1 child" if count == 1 else f"{count:,} children"
            self.tables.warnings.append(f"{use.name}: {words.format(n=children)}")

    def _table(self, file: str, columns: tuple[str, ...]) -> Table:
        """The table of a file, with `columns` added to those that other sheets gave it."""
        table = self.tables.tables.setdefault(file, Table(file, columns))
        table.columns = tuple(dict.fromkeys((*table.columns, *columns)))
        return table

    def _is_first(self, file: str, made: TableRow, row: SheetRow, reader: SheetReader, files: tuple[str, ...]) -> bool:
        """True unless the child already has a row where each child has one; then the row is refused."""
        if file not in IDENTITY_KINDS:
            return True
        first = self._first.setdefault((file, row.ref), made)
        if first is made:
            return True
        row.refuse("child_ref", "duplicate-child", f"this child already has a row: {first.place('child_ref')}")
        self._refuse(row, reader, files)
        return False

    def _refuse(self, row: SheetRow, reader: SheetReader, files: tuple[str, ...]) -> None:
        """Note everything that is wrong with a row, and which children and files lack it."""
        for refusal in row.refusals:
            # A row of a wide sheet is missing from several files, and told of once.
            file = IDENTITIES if refusal.says in NAMES and IDENTITIES in files else files[0]
            self.tables.rejects.append(self._reject(refusal, row, reader, file))
        for file in files:
            if row.ref:
                self.tables.refused_for.setdefault(file, set()).add(row.ref)
            else:
                self.tables.torn.add(file)

    def _reject(self, refusal: Refusal, row: SheetRow, reader: SheetReader, file: str) -> CellReject:
        return CellReject(
            file,
            reader.place(row.line, refusal.says),
            refusal.says,
            refusal.value,
            refusal.rule,
            refusal.message,
            row.ref,
        )


def _part_name(row: SheetRow) -> None:
    """Part a whole name into the two that are kept."""
    whole = row.values.pop("full_name", "")
    if "," in whole:
        family, _, given = whole.partition(",")
    else:
        given, _, family = whole.rpartition(" ")
    row.values["given_name"], row.values["family_name"] = given.strip(), family.strip()
