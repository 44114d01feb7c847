"""One row of a wide spreadsheet becomes a child, episodes of care, placements and milestones (`design.md` 7).

The time away from home begins on the day accommodated: where the sheet has first and last accommodated, the last one
(`domain.md` 4.2), and the first is told and used only where the sheet also says when that first time ended. What a
sheet does not say is not made up: away placements are NOT_KNOWN, and a row that contradicts itself is refused whole.
"""

from collections import Counter
from dataclasses import dataclass, field

from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES, LEGAL, PLACEMENTS
from milestones.sheets.care import care_of, iso
from milestones.sheets.days import DayRead, Known
from milestones.sheets.fields import BY_KEY, CHILD_FIELDS, ROUTED, WIDE
from milestones.sheets.sheet_rows import SheetRow

CHILD_COLUMNS = tuple(known.key for known in CHILD_FIELDS)
FIRST_NOT_USED = (
    "{n} with a first and a later accommodation: clocks run from the last time, and the first is not used, for the "
    "sheet does not say when it ended."
)
TYPE_SINCE_START = (
    "{n} whose type of placement is taken to have been the same since accommodation, for the sheet does not say when "
    "the placement began."
)
NO_PLACEMENT = "{n} looked after, and the sheet says neither when accommodated nor where placed."


@dataclass
class Made:
    """A row of a file of the extract, and which field of the sheet gave each of its columns."""

    file: str
    values: dict[str, str]
    given_by: dict[str, str]


@dataclass
class WideReading:
    """What the rows of one wide sheet become; `told` counts what a person should know of all of them."""

    used: frozenset[str]
    told: Counter = field(default_factory=Counter)

    def columns(self, file: str) -> tuple[str, ...]:
        """The columns of a file of which the sheet can say something; none when it says nothing of that file."""
        if file == CHILDREN:
            return ("child_ref", *(key for key in CHILD_COLUMNS if key in self.used))
        if file == IDENTITIES:
            named = self.used & {"given_name", "family_name", "full_name"}
            return ("child_ref", "given_name", "family_name") if named else ()
        if file in (EPISODES, PLACEMENTS):
            if not self.used & {"looked_after_on", "accommodated_on", "last_accommodated_on"}:
                return ()
            if file == EPISODES:
                return ("child_ref", "start", "end", "destination")
            return ("child_ref", "start", "end", "placement_type")
        if file == LEGAL:
            return ("child_ref", "start", "legal_code") if {"legal_code", "legal_started_on"} <= self.used else ()
        if not self.event_codes():
            return ()
        columns = ["child_ref", "event_code", "date", "precision", "route", "outcome"]
        if any(key.startswith("REVIEW:") for key in self.used):
            columns.append("review_kind")
        if any(key.startswith("ORDER_GRANTED") for key in self.used):
            columns.append("order_type")
        return tuple(columns)

    def event_codes(self) -> frozenset[str]:
        """The milestones of which the sheet has a date."""
        known = BY_KEY[WIDE]
        return frozenset(known[key].event for key in self.used if known[key].event and known[key].months)

    def make(self, row: SheetRow) -> list[Made]:
        """Return what `row` becomes; nothing when any of its cells was refused, here or before."""
        made = [self._child(row), *self._names(row), *self._care(row), *self._legal(row), *self._events(row)]
        return [] if row.refusals else made

    def _child(self, row: SheetRow) -> Made:
        keys = ("child_ref", *(key for key in CHILD_COLUMNS if key in self.used))
        return Made(CHILDREN, {key: row.values.get(key, "") for key in keys}, {key: key for key in keys})

    def _names(self, row: SheetRow) -> list[Made]:
        given, family = row.values.get("given_name", ""), row.values.get("family_name", "")
        given_by = {"child_ref": "child_ref", "given_name": "given_name", "family_name": "family_name"}
        if whole := row.values.get("full_name", ""):
            given_by |= {"given_name": "full_name", "family_name": "full_name"}
            if "," in whole:
                family, _, given = (part.strip() for part in whole.partition(","))
            else:
                given, _, family = whole.rpartition(" ")
        if not (given or family):
            return []
        if not family:
            row.refuse("given_name", "empty-cell", "a first name without a surname")
        values = {"child_ref": row.ref, "given_name": given, "family_name": family}
        return [Made(IDENTITIES, values, given_by)]

    def _care(self, row: SheetRow) -> list[Made]:
        """The episodes of care and the placements in them."""
        care = care_of(row, has_left_column="left_care_on" in self.used)
        if care is None or row.refusals:
            return []
        if care.first and not care.first_ended:
            self.told[FIRST_NOT_USED] += 1
        if care.stays and care.stays[-1].assumed_since_start:
            self.told[TYPE_SINCE_START] += 1
        if not care.stays:
            self.told[NO_PLACEMENT] += 1
        made = [
            Made(
                EPISODES,
                {
                    "child_ref": row.ref,
                    "start": iso(episode.start),
                    "end": iso(episode.end),
                    "destination": episode.destination,
                },
                {
                    "child_ref": "child_ref",
                    "start": episode.start_by,
                    "end": episode.end_by,
                    "destination": "destination",
                },
            )
            for episode in care.episodes
        ]
        made += [
            Made(
                PLACEMENTS,
                {
                    "child_ref": row.ref,
                    "start": iso(stay.start),
                    "end": iso(stay.end),
                    "placement_type": stay.type,
                },
                {
                    "child_ref": "child_ref",
                    "start": stay.start_by,
                    "end": stay.end_by,
                    "placement_type": "placement_type",
                },
            )
            for stay in care.stays
        ]
        return made

    def _legal(self, row: SheetRow) -> list[Made]:
        code, start = row.values.get("legal_code", ""), row.values.get("legal_started_on", "")
        if not code or not self.columns(LEGAL):
            return []
        if not start:
            row.refuse("legal_code", "empty-cell", "a legal basis without the day from which it held")
        values = {"child_ref": row.ref, "start": start, "legal_code": code}
        return [
            Made(LEGAL, values, {"child_ref": "child_ref", "start": "legal_started_on", "legal_code": "legal_code"})
        ]

    def _events(self, row: SheetRow) -> list[Made]:
        made = []
        known = BY_KEY[WIDE]
        for key in known:
            if key not in self.used or not (known[key].event and known[key].months):
                continue
            read = row.days.get(key)
            if read is None or read.known is Known.BLANK:
                self._check_alone(row, key)
                continue
            made.append(self._event(row, key, read))
        return made

    def _event(self, row: SheetRow, key: str, read: DayRead) -> Made:
        known = BY_KEY[WIDE][key]
        values = {
            "child_ref": row.ref,
            "event_code": known.event,
            "date": read.iso,
            "precision": read.known.value,
            "route": "",
            "outcome": "",
        }
        given_by = {"child_ref": "child_ref", "event_code": key, "date": key, "precision": key}
        for attribute in ("route", "outcome", "order_type"):
            own = f"{known.event}.{attribute}"
            if row.values.get(own):
                values[attribute], given_by[attribute] = row.values[own], own
        if not values["route"] and known.event in ROUTED and row.values.get("route"):
            values["route"], given_by["route"] = row.values["route"], "route"
        values |= known.fixed
        if known.event == "ADM_DECISION" and values["outcome"] != "approved" and given_by.get("route") == "route":
            # What was refused or put off has no agreed route.
            values["route"] = ""
        return Made(EVENTS, values, given_by)

    def _check_alone(self, row: SheetRow, key: str) -> None:
        """Refuse an outcome without the date of its decision."""
        event = BY_KEY[WIDE][key].event
        own = f"{event}.outcome"
        dates = [other for other in self.used if BY_KEY[WIDE][other].event == event and BY_KEY[WIDE][other].months]
        has_a_date = any(row.days.get(other, DayRead(Known.BLANK)).known is not Known.BLANK for other in dates)
        if row.values.get(own) and not has_a_date and key == min(dates):
            row.refuse(own, "empty-cell", "an outcome without its date; write the date, or “not known”")
