"""The facts of two records in words, side by side."""

from collections.abc import Iterable, Sequence
from datetime import date

from children.models import CareEpisode, Kept, LegalBasis, Placement
from children.presenter import PresentedChild
from milestones.models import Milestone
from pace_site.look.words import british_date

NOTHING = "not recorded"


def facts_told(shown: Sequence[PresentedChild]) -> list[tuple[str, list[str], bool]]:
    """What each record says of the child itself: label, the words of each record, and whether they differ."""
    told = {
        "Name": [who.name for who in shown],
        "Council reference": [who.local_ref for who in shown],
        "Born": [british_date(who.born) for who in shown],
        "Sex": [who.child.get_sex_display() for who in shown],
        "Family": [who.child.family.ref if who.child.family else "" for who in shown],
        "Team": [who.child.team.name if who.child.team else "" for who in shown],
        "Last extract": [british_date(who.child.last_extract_on) for who in shown],
    }
    return [(label, [words or NOTHING for words in each], len(set(each)) > 1) for label, each in told.items()]


def rows_told(rows: Iterable[Kept]) -> list[str]:
    """Rows of care and milestones in a line each, the earliest first."""
    return [row_told(row) for row in sorted(rows, key=_day)]


def _day(row: Kept) -> date:
    days = (row.happened_on, row.planned_on) if isinstance(row, Milestone) else (row.start,)
    return next((day for day in days if day), date.max)


def row_told(row: Kept) -> str:
    """One row of care or one milestone in a line."""
    if isinstance(row, Milestone):
        if row.happened_on:
            return f"{row.get_kind_display()}, {british_date(row.happened_on)}"
        day = f"planned for {british_date(row.planned_on)}" if row.planned_on else "date not known"
        return f"{row.get_kind_display()}, {day}"
    until = f"to {british_date(row.end)}" if row.end else "and since then"
    what = {
        CareEpisode: lambda: "Looked after",
        Placement: lambda: str(row.placement_type),
        LegalBasis: lambda: str(row.measure),
    }
    return f"{what[type(row)]()}, {british_date(row.start)} {until}"
