"""What a file of children by name says: who they are, and what is asked about each of them.

Whoever asks gets the children whom they may see by name, and no others; identity comes from the presenter alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aims.reports.columns import Value
from children.closed_records import Withheld
from children.models import Child
from children.presenter import PresentedChild, present
from pace_site.accounts.models import User


@dataclass(frozen=True)
class Column:
    """The heading of a column; `width` is in characters."""

    heading: str
    width: int


# Of every child, before what the list asks about it.
WHO = (
    Column("Name", 26),
    Column("Council reference", 16),
    Column("Date of birth", 18),
    Column("Pseudonym", 18),
    Column("Team", 18),
)


@dataclass(frozen=True)
class NamedList:
    """A list ready to be written: `facts` say what it is, `audited` the same for the trail."""

    title: str
    facts: tuple[tuple[str, str], ...]
    audited: dict[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    children: tuple[Child, ...]


@dataclass(frozen=True)
class Offered:
    """A part of a list that may be asked for alone: one figure of an aim."""

    key: str
    label: str
    children: int


def not_in(withheld: Withheld) -> tuple[tuple[str, str], ...]:
    """What a file says of records that it leaves out; nothing when there is none."""
    return (("Not in this list", f"{withheld}"),) if withheld else ()


def known_by_name(children: Sequence[Child], *, to: User, as_at: date) -> dict[int, PresentedChild]:
    """By key: the children whom `to` may see by name."""
    return {who.child.pk: who for who in present(children, to=to, as_at=as_at) if who.identified}


def who_cells(who: PresentedChild) -> tuple[Value, ...]:
    """The cells under `WHO`; of a child without a date of birth, what is known instead of it."""
    team = who.child.team.name if who.child.team else ""
    return (who.name or "not recorded", who.local_ref, who.born or who.age, who.code, team)


def without_empty(
    columns: Iterable[Column], rows: Sequence[tuple[Value, ...]]
) -> tuple[tuple[Column, ...], tuple[tuple[Value, ...], ...]]:
    """The columns that say something of at least one child, and the rows cut down to them."""
    columns = tuple(columns)
    kept = [place for place in range(len(columns)) if any(row[place] not in (None, "") for row in rows)]
    return tuple(columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows)
