"""The axis of a timeline: days to places along it, and the ticks under it. Pure.

Places are per cent of the width, so that a wider drawing shows the same story at a larger scale without a new layout.
"""

from dataclasses import dataclass
from datetime import date

# The narrowest width of a drawing, in pixels; every label fits at this width, and so at any wider one.
NARROWEST = 900
# How many times as wide each zoom is; the style sheet has a class for each, numbered from 1.
ZOOMS = (1, 1.5, 2, 3, 4, 6)
NEVER = len(ZOOMS) + 1
# Room on either side, in per cent, so that the shape of a mark on the first or last day stays inside.
MARGIN = 2.0
SHORTEST = 180  # days: on a shorter axis a milestone known by its month would fill the drawing
TICK_ROOM = 46
QUARTER_ROOM = 34


@dataclass(frozen=True)
class Tick:
    """A line and a label under the axis; `from_zoom` is the first zoom at which the label has room."""

    place: float
    label: str
    is_major: bool
    from_zoom: int = 1


@dataclass(frozen=True)
class Axis:
    """Days from `first` to `last` as ordinals: of the calendar, or counted from the start of a spell."""

    first: int
    last: int

    @classmethod
    def of_dates(cls, first: date, last: date) -> "Axis":
        return cls(first.toordinal(), max(last.toordinal(), first.toordinal() + SHORTEST))

    def place(self, day: int | date) -> float:
        """Where a day lies, in per cent of the width."""
        number = day.toordinal() if isinstance(day, date) else day
        return MARGIN + (100 - 2 * MARGIN) * (number - self.first) / (self.last - self.first)

    def width(self, days: float) -> float:
        """How wide so many days are, in pixels of the narrowest drawing."""
        return NARROWEST / 100 * (100 - 2 * MARGIN) * days / (self.last - self.first)

    def calendar_ticks(self) -> list[Tick]:
        """Each year, or every few where many years stand close; and each quarter from the zoom that has room for it."""
        first, last = date.fromordinal(self.first), date.fromordinal(self.last)
        step = next((step for step in (1, 2, 5, 10, 25, 100) if self.width(365 * step) >= TICK_ROOM), 1000)
        from_zoom = zoom_for(self.width(90), QUARTER_ROOM)
        # The first year is named where the drawing begins, if the next one leaves room for it.
        until_next = (date(first.year + 1, 1, 1) - first).days
        names_first = self.width(until_next) >= TICK_ROOM and (first.month, first.day) != (1, 1)
        ticks = [Tick(self.place(first), str(first.year), is_major=True)] if names_first else []
        for year in range(first.year, last.year + 1):
            if first <= date(year, 1, 1) and year % step == 0:
                ticks.append(Tick(self.place(date(year, 1, 1)), str(year), is_major=True))
            for day in (date(year, month, 1) for month in (4, 7, 10) if from_zoom < NEVER):
                if first <= day <= last:
                    named = not names_first or self.width((day - first).days) >= TICK_ROOM
                    ticks.append(
                        Tick(self.place(day), f"{day:%b}" if named else "", is_major=False, from_zoom=from_zoom)
                    )
        return ticks

    def week_ticks(self) -> list[Tick]:
        """Weeks from the start of the spell: each quarter of a year, half, or more where they stand close."""
        step = next(step for step in (4, 13, 26, 52, 104, 260, 1040) if self.width(7 * step) >= TICK_ROOM)
        from_zoom = {13: 4, 26: 13, 52: 26, 104: 52, 260: 104, 1040: 260}.get(step)
        ticks = []
        for week in range((self.last - self.first) // 7 + 1):
            place = self.place(self.first + 7 * week)
            if week % step == 0:
                ticks.append(Tick(place, str(week), is_major=True))
            elif from_zoom and week % from_zoom == 0:
                ticks.append(Tick(place, str(week), is_major=False, from_zoom=zoom_for(self.width(7 * from_zoom), 40)))
        return ticks


def zoom_for(width: float, room: float) -> int:
    """The first zoom at which something `width` wide at the narrowest has `room` pixels; `NEVER` for none."""
    return next((number for number, times in enumerate(ZOOMS, start=1) if width * times >= room), NEVER)
