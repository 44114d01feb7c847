"""Disclosure control of tables of counts: what may be shown of small numbers. Pure: counts in, frozen marks out.

Source of the rules: `domain.md` 8, "Small numbers"; what they protect against is in `docs/adr/0010-small-numbers.md`.
"""

from aims.disclosure.count_table import ALL, Cell, CountTable
from aims.disclosure.marks import HIDDEN, SHOWN, SMALL, Mark
from aims.disclosure.suppression import Suppressed, suppress

__all__ = ["ALL", "HIDDEN", "SHOWN", "SMALL", "Cell", "CountTable", "Mark", "Suppressed", "suppress"]
