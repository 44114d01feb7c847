"""The episodes of care and the placements that one row of a wide spreadsheet tells of.

Whoever is looked after and not accommodated away from home is at home with parents; that alone is deduced. The time
away begins on the day last accommodated (`domain.md` 4.2). An earlier first time away is an episode or placement of
its own where the sheet also says when it ended, and is otherwise not used: its end would be made up, and so would be
that the child was at home after it.
"""

from dataclasses import dataclass, field
from datetime import date

from children.codes import HOME_PARENT
from milestones.extract.cells import day_in_words
from milestones.sheets.sheet_rows import SheetRow

AWAY = "NOT_KNOWN"


@dataclass(frozen=True)
class Episode:
    """One period of being looked after, and the fields of the sheet that gave its days."""

    start: date
    start_by: str
    end: date | None = None
    end_by: str = ""
    destination: str = ""


@dataclass(frozen=True)
class Stay:
    """One placement. `assumed_since_start`: its type is known, and when the placement began is not."""

    start: date
    start_by: str
    end: date | None = None
    end_by: str = ""
    type: str = AWAY
    assumed_since_start: bool = False


@dataclass
class Care:
    """What one row says of a child's care. `first` is an earlier time away, `first_ended` when it ended."""

    first: date | None = None
    first_ended: date | None = None
    episodes: list[Episode] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)


def care_of(row: SheetRow, *, has_left_column: bool) -> Care | None:
    """Return the care that `row` tells of, None when it tells of none; what contradicts itself is refused on the row.

    Without a column for leaving care, the end of the accommodation is taken as the end of the episode.
    """
    days = _Days(row)
    if not days.started:
        _refuse_without_start(row)
        return None
    days.check(row)
    if row.refusals:
        return None
    if days.ended and not days.left and not has_left_column:
        days.left, days.left_by = days.ended, "accommodation_ended_on"
    if row.values.get("destination") and not days.left:
        row.refuse("destination", "empty-cell", "a destination, and no day on which the child left care")
        return None
    care = Care(first=days.first, first_ended=days.first_ended)
    care.episodes = _episodes(days, row)
    care.stays = _stays(days, row)
    return care


class _Days:
    """The days of one row, by what they are."""

    def __init__(self, row: SheetRow):
        first, last = self._day(row, "accommodated_on"), self._day(row, "last_accommodated_on")
        self.looked_after = self._day(row, "looked_after_on")
        self.away = last or first
        self.away_by = "last_accommodated_on" if last else "accommodated_on"
        self.first = first if first and last and first != last else None
        self.first_ended = self._day(row, "first_accommodation_ended_on")
        self.ended = self._day(row, "accommodation_ended_on")
        self.left = self._day(row, "left_care_on")
        self.left_by = "left_care_on"
        self.placed = self._day(row, "placement_started_on")
        self.type = row.values.get("placement_type", "")

    @staticmethod
    def _day(row: SheetRow, key: str) -> date | None:
        read = row.days.get(key)
        return read.day if read else None

    @property
    def started(self) -> date | None:
        return self.looked_after or self.away

    def check(self, row: SheetRow) -> None:
        """Refuse days that contradict each other."""
        for later, key, earlier, what in (
            (self.away, self.away_by, self.looked_after, "the child became looked after"),
            (self.away, self.away_by, self.first, "first accommodated"),
            (self.first_ended, "first_accommodation_ended_on", self.first, "first accommodated"),
            (self.away, self.away_by, self.first_ended, "the first accommodation ended"),
            (self.ended, "accommodation_ended_on", self.away, "accommodated"),
            (self.left, "left_care_on", self.away or self.looked_after, "the child came into care"),
            (self.left, "left_care_on", self.ended, "the accommodation ended"),
            (self.placed, "placement_started_on", self.started, "the child came into care"),
            (self.left, "left_care_on", self.placed, "the placement began"),
        ):
            # A first accommodation may lie in an earlier episode than the one that the sheet dates.
            if later and earlier and later < earlier:
                row.refuse(key, "end-before-start", f"this is before {what}, {day_in_words(earlier)}")
        if self.first_ended and not self.first:
            row.refuse(
                "first_accommodation_ended_on",
                "contradiction",
                "the first accommodation ended, and the sheet names no later one",
            )
        if self.ended and not self.away:
            row.refuse("accommodation_ended_on", "contradiction", "an end of accommodation without its start")
        self._check_type(row)

    def _check_type(self, row: SheetRow) -> None:
        if self.type == HOME_PARENT and self.away and not (self.ended or self.placed):
            row.refuse(
                "placement_type",
                "contradiction",
                "the placement is at home with parents, and the sheet does not say since when the child is back",
            )
        elif self.type and self.type != HOME_PARENT and not (self.away or self.placed):
            row.refuse("placement_type", "contradiction", "a placement away from home without the day of accommodation")
        elif self.type and self.type != HOME_PARENT and self.ended and not self.left:
            row.refuse(
                "placement_type", "contradiction", "a placement away from home, though the accommodation has ended"
            )


def _refuse_without_start(row: SheetRow) -> None:
    for key in ("left_care_on", "accommodation_ended_on", "destination", "placement_type", "placement_started_on"):
        if row.values.get(key):
            row.refuse(key, "contradiction", "this says something of the child's care, and nothing says when it began")
            return


def _episodes(days: _Days, row: SheetRow) -> list[Episode]:
    start, start_by = (days.looked_after, "looked_after_on") if days.looked_after else (days.away, days.away_by)
    destination = row.values.get("destination", "")
    episodes = []
    if days.first and days.first_ended:
        if days.looked_after and days.looked_after <= days.first:
            return [Episode(start, start_by, days.left, days.left_by if days.left else "", destination)]
        if days.looked_after and days.looked_after < days.first_ended:
            row.refuse(
                "looked_after_on",
                "contradiction",
                "the child was accommodated before and still away on this day; one of the days is wrong",
            )
        episodes.append(Episode(days.first, "accommodated_on", days.first_ended, "first_accommodation_ended_on"))
    episodes.append(Episode(start, start_by, days.left, days.left_by if days.left else "", destination))
    return episodes


def _stays(days: _Days, row: SheetRow) -> list[Stay]:
    """The placements, in order; at home with parents wherever the child is looked after and not away."""
    stays = []
    at_home_since, at_home_by = days.looked_after, "looked_after_on"
    if days.first and days.first_ended:
        within = days.looked_after is not None and days.looked_after <= days.first
        if within and days.looked_after < days.first:
            stays.append(Stay(days.looked_after, "looked_after_on", days.first, "accommodated_on", HOME_PARENT))
        stays.append(Stay(days.first, "accommodated_on", days.first_ended, "first_accommodation_ended_on"))
        if within:
            at_home_since, at_home_by = days.first_ended, "first_accommodation_ended_on"
    if not days.away:
        return stays + _without_a_time_away(days)
    at_home_until, until_by = days.away, days.away_by
    if days.first and not days.first_ended and days.looked_after and days.looked_after <= days.first:
        # The child was away then, and nobody says for how long: what follows is not deduced to be at home.
        at_home_until, until_by = days.first, "accommodated_on"
    if at_home_since and at_home_since < at_home_until:
        stays.append(Stay(at_home_since, at_home_by, at_home_until, until_by, HOME_PARENT))
    return stays + _latest_time_away(days)


def _without_a_time_away(days: _Days) -> list[Stay]:
    """A child with no day of accommodation: only the type of placement can say where the child is."""
    end_by = days.left_by if days.left else ""
    if days.type == HOME_PARENT:
        since = (days.placed, "placement_started_on") if days.placed else (days.looked_after, "looked_after_on")
        return [Stay(*since, days.left, end_by, HOME_PARENT)]
    if days.type and days.placed:
        stays = [Stay(days.placed, "placement_started_on", days.left, end_by, days.type)]
        if days.looked_after < days.placed:
            stays.insert(
                0, Stay(days.looked_after, "looked_after_on", days.placed, "placement_started_on", HOME_PARENT)
            )
        return stays
    return []


def _latest_time_away(days: _Days) -> list[Stay]:
    ended, ended_by = days.ended, "accommodation_ended_on"
    if days.type == HOME_PARENT and not ended:
        ended, ended_by = days.placed, "placement_started_on"
    over, over_by = (ended, ended_by) if ended else (days.left, days.left_by if days.left else "")
    stays = []
    away_type = days.type if days.type != HOME_PARENT else ""
    if away_type and days.placed and days.placed > days.away:
        stays.append(Stay(days.away, days.away_by, days.placed, "placement_started_on"))
        stays.append(Stay(days.placed, "placement_started_on", over, over_by, away_type))
    else:
        assumed = bool(away_type) and not days.placed
        stays.append(Stay(days.away, days.away_by, over, over_by, away_type or AWAY, assumed))
    if ended and ended != days.left:
        stays.append(Stay(ended, ended_by, days.left, days.left_by if days.left else "", HOME_PARENT))
    return stays


def iso(day: date | None) -> str:
    """A day as the extract writes it, blank for none."""
    return day.isoformat() if day else ""
