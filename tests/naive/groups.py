"""Which group each clock is in: the second, slow implementation of the comparison's dimensions."""

from datetime import date

import pandas as pd

from aims.definition import AimDefinition
from tests.naive.dates import birthday
from tests.naive.histories import ChildHistory
from tests.naive.outcomes import naive_outcomes
from tests.naive.spells import known_at

BANDS = [("0", 0, 0), ("1-4", 1, 4), ("5-11", 5, 11), ("12-15", 12, 15), ("16-17", 16, 17), ("18", 18, 99)]


def naive_groups(
    aim: AimDefinition, children: list[ChildHistory], as_at: date, *, by: str, given: dict[str, str]
) -> pd.DataFrame:
    """How many clocks of each state are in each group; `given` is the team or locality of each child by reference."""
    history_of = {child.ref: known_at(child, as_at) for child in children}
    found = []
    for row in naive_outcomes(aim, children, as_at).rows:
        history = history_of[row.child_ref]
        group = given.get(row.child_ref, "")
        if by == "placement":
            group = latest_placement(history)
        elif by == "age":
            group = age_band(history, row.start)
        elif by == "route":
            group = row.route or latest_route(history)
        found.append({"group": group, "state": row.state, "due": row.state in ("MET", "MISSED", "OVERDUE"), "n": 1})
    frame = pd.DataFrame(found, columns=["group", "state", "due", "n"])
    counts = frame.pivot_table(index="group", columns="state", values="n", aggfunc="sum", fill_value=0)
    return counts.assign(due=frame.groupby("group")["due"].sum(), all=frame.groupby("group")["n"].sum())


def latest_placement(history: ChildHistory) -> str:
    lasting = [placement for placement in history.placements if not placement.short_break]
    latest = ""
    begun = None
    for placement in lasting:
        if begun is None or placement.start >= begun:
            begun, latest = placement.start, placement.type
    return latest


def latest_route(history: ChildHistory) -> str:
    latest = ""
    on = None
    for event in history.events:
        tells = event.kind in ("PERM_REC", "PPM_DECISION") and event.route and event.on is not None
        if tells and (on is None or event.on >= on):
            on, latest = event.on, event.route
    return latest


def age_band(history: ChildHistory, day: date) -> str:
    if history.born is None:
        return ""
    age = 0
    while day >= birthday(history.born, age + 1):
        age += 1
    return next(key for key, youngest, oldest in BANDS if youngest <= age <= oldest)
