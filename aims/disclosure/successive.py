"""Choose what the next of successive tables of one group hides, when the earlier ones are out and cannot be changed."""

from collections.abc import Collection, Mapping, Sequence

from aims.disclosure.count_table import CountTable
from aims.disclosure.reader import GROUP, Change, PublishedDay, Reader
from aims.disclosure.series import TableSeries
from aims.disclosure.suppression import common_pattern


def columns_to_hide(
    leaves: Mapping[str, int],
    earlier: Sequence[PublishedDay],
    *,
    smallest_shown: int,
    parts: Mapping[str, tuple[str, ...]],
    changes: Collection[Change],
) -> frozenset[str]:
    """The columns to hide in the next table, of those without parts `leaves`, after `earlier` ones, earliest first.

    First what must fall in the table by itself. If a reader of all of them could find out a small count by that, of
    this table or of an earlier one, then more, one column after another, the smallest first. A table that shows nothing
    tells nothing new, so there is always an end.
    """
    table = CountTable(parts, {GROUP: leaves})
    hidden = {cell.column for cell in common_pattern(TableSeries((table,), smallest_shown)) if cell.row == GROUP}
    counts = table.row(GROUP)
    for column in (None, *sorted(set(counts) - hidden, key=lambda each: (counts[each].bit_length(), each))):
        if column is not None:
            hidden.add(column)
        days = (*earlier, PublishedDay(leaves, frozenset(hidden), smallest_shown))
        if Reader(days, parts=parts, changes=changes).finds_none_out():
            break
    return frozenset(hidden)
