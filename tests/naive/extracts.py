"""Read an extract of five CSV files (`domain.md` 3.6) as histories, trusting every cell."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from tests.naive.histories import ChildHistory, Episode, Event, Legal, Placement


def read_histories(folder: Path) -> list[ChildHistory]:
    episodes, placements, legal, events = (defaultdict(list) for _ in range(4))
    for row in rows_of(folder / "episodes.csv"):
        episodes[row["child_ref"]].append(Episode(day_in(row, "start"), day_in(row, "end")))
    for row in rows_of(folder / "placements.csv"):
        placements[row["child_ref"]].append(
            Placement(day_in(row, "start"), day_in(row, "end"), row["placement_type"], row["short_break"] == "1")
        )
    for row in rows_of(folder / "legal.csv"):
        legal[row["child_ref"]].append(Legal(day_in(row, "start"), day_in(row, "end"), row["legal_code"]))
    for row in rows_of(folder / "events.csv"):
        events[row["child_ref"]].append(
            Event(row["event_code"], day_in(row, "date"), row["precision"], row["route"], row["outcome"])
        )
    return [
        ChildHistory(
            ref=row["child_ref"],
            family=row["family_ref"] or None,
            born=day_in(row, "date_of_birth"),
            episodes=tuple(episodes[row["child_ref"]]),
            placements=tuple(placements[row["child_ref"]]),
            legal=tuple(legal[row["child_ref"]]),
            events=tuple(events[row["child_ref"]]),
        )
        for row in rows_of(folder / "children.csv")
    ]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_in(row: dict[str, str], column: str) -> date | None:
    return date.fromisoformat(row[column]) if row[column] else None
