"""Disclosure control of tables of counts: what may be shown of small numbers. Pure: counts in, hidden cells out.

Source of the rules: `domain.md` 8, "Small numbers"; what they protect against is in `docs/adr/0010-small-numbers.md`.
"""

from aims.disclosure.count_table import ALL, Cell, CountTable
from aims.disclosure.reader import Change, PublishedDay, never_falls
from aims.disclosure.series import SMALLEST_SHOWN, TableSeries
from aims.disclosure.successive import columns_to_hide
from aims.disclosure.suppression import Suppressed, common_pattern

__all__ = [
    "ALL",
    "SMALLEST_SHOWN",
    "Cell",
    "Change",
    "CountTable",
    "PublishedDay",
    "Suppressed",
    "TableSeries",
    "columns_to_hide",
    "common_pattern",
    "never_falls",
]
