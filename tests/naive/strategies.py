"""Invented histories and aims for property tests: tangled, but such as a council's records might hold.

All dates come from one small pool of days that lie limits, months and single days apart, so that ties and boundaries
are common: 26 weeks, 6 months clamped, 3 months, 13 weeks and 24 months each fall on another day of the pool.
"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from aims.definition import AimDefinition
from tests.naive.clocks import ALIASES
from tests.naive.histories import ChildHistory, Episode, Event, Legal, Placement

ANCHORS = [
    date(2018, 1, 1),
    date(2018, 3, 1),
    date(2018, 6, 1),
    date(2018, 8, 31),
    date(2018, 11, 30),
    date(2019, 2, 28),
    date(2019, 3, 1),
    date(2019, 6, 1),
    date(2019, 8, 31),
    date(2019, 11, 30),
    date(2020, 2, 29),
    date(2020, 6, 1),
    date(2020, 8, 31),
]
ONE_DAY = timedelta(days=1)
POOL = sorted({anchor + n * ONE_DAY for anchor in ANCHORS for n in (0, 1)} | {date(2018, 5, 31), date(2018, 8, 30)})
MONTHS = sorted({day.replace(day=1) for day in POOL})

# Around a start on the anchors: newborn, one, five, twelve and eighteen; and 29 February.
BIRTHS = [
    *(date(2018, 6, 1) - n * ONE_DAY for n in (-30, 0, 1, 30)),
    date(2017, 6, 1),
    date(2017, 6, 2),
    date(2018, 3, 1),
    date(2018, 9, 10),
    date(2014, 3, 1),
    date(2013, 8, 31),
    date(2007, 6, 1),
    date(2006, 8, 31),
    date(2013, 8, 30),
    date(2012, 2, 29),
    date(2016, 2, 29),
    date(2001, 6, 1),
    date(2000, 2, 29),
]

REFS = ["C4", "C1", "C10", "C2", "C3", "C11", "C5", "C6", "C7", "C8", "C9", "C12"]
ROUTES = ["HOME", "KINSHIP", "PO", "POA"]
LIMITS = [
    "1 days",
    "91 days",
    "65 working_days",
    "5 working_days",
    "13 weeks",
    "26 weeks",
    "2.5 weeks",
    "3 months",
    "6 months",
    "7.5 months",
    "1 years",
    "0.5 years",
    "1.5 years",
]
THRESHOLDS = ["24 months", "6 months", "3 months", "13 weeks", "1 years", "1 days", "20 working_days"]
STARTS = [
    *["ACCOM_START"] * 4,
    *["PERM_REC"] * 2,
    *["ADM_APPROVED"] * 3,
    *["AT_HOME_2Y"] * 2,
    "PPM_DECISION",
    "LAC_START",
    "AT_HOME_CSO_START",
    "PANEL_PRESENTED",
    "PLAN_AGREED",
    "COURT_LODGED",
    "RETURN_HOME",
]
STOPS = [
    "PERM_REC",
    "PERM_DECISION",
    "PLAN_AGREED",
    "PPM_DECISION",
    "PANEL_PRESENTED",
    "ADM_DECISION",
    "ADM_APPROVED",
    "COURT_LODGED",
    "AT_HOME_AUDIT",
    "RETURN_HOME",
    "LAC_START",
    "LAC_END",
    "ACCOM_START",
    "ACCOM_END",
    "AT_HOME_CSO_START",
    "AT_HOME_CSO_END",
    "DEATH",
]
# Often those that start and end clocks, seldom those that end everything.
KINDS = [
    *["PERM_REC"] * 5,
    *["ADM_DECISION"] * 5,
    *["PPM_DECISION"] * 2,
    *["RETURN_HOME"] * 2,
    *["PANEL_PRESENTED"] * 2,
    "PERM_DECISION",
    "COURT_LODGED",
    "AT_HOME_AUDIT",
    "LA_TRANSFER_IN",
    "LA_TRANSFER_OUT",
    "DEATH",
]
ROUTED_KINDS = {"PERM_REC", "PERM_DECISION", "PPM_DECISION", "ADM_DECISION", "COURT_LODGED"}

days = st.sampled_from(POOL)


def seldom(draw: st.DrawFn, times: int) -> bool:
    """True once in so many times, and never in the simplest example."""
    return draw(st.integers(1, times)) == times


@st.composite
def stretches(draw):
    """Start and end, the end on or after the start or open."""
    start = draw(days)
    if draw(st.booleans()):
        return start, None
    other = draw(days)
    return min(start, other), max(start, other)


@st.composite
def chains(draw, *, start: date, length: int):
    """Stretches one after the other from `start`: each ends on the day of the next, or one or two days before it."""
    following = st.sampled_from([day for day in POOL if day >= start])
    cuts = [start, *sorted(draw(st.lists(following, min_size=length, max_size=length)))]
    links = []
    for begun, cut in zip(cuts, cuts[1:], strict=False):
        gap = draw(st.sampled_from([0, 0, 1, 1, 2]))
        links.append((begun, max(begun, cut - gap * ONE_DAY)))
    if draw(st.sampled_from([True, True, False])):
        links[-1] = (links[-1][0], None)
    return links


@st.composite
def rows_from(draw, start: date, *, lengths: list[int]):
    """Mostly a chain from `start`, now and then anything at all; mostly recorded in order."""
    length = draw(st.sampled_from(lengths))
    if length == 0:
        return []
    if seldom(draw, 5):
        rows = draw(st.lists(stretches(), min_size=length, max_size=length))
    else:
        rows = draw(chains(start=start, length=length))
    if seldom(draw, 3):
        rows = draw(st.permutations(rows))
    return list(rows)


@st.composite
def placements(draw, episodes: list[Episode]):
    """Mostly a chain from the start of an episode, sometimes with a stray one."""
    start = draw(st.sampled_from([episode.start for episode in episodes]))
    rows = draw(rows_from(start, lengths=[1, 1, 2, 2, 3, 3, 4, 0]))
    if seldom(draw, 3):
        rows.insert(draw(st.integers(0, len(rows))), draw(stretches()))
    kind = st.sampled_from(["FOST_LA", "HOME_PARENT", "KIN", "FOST_LA", "HOME_PARENT", "RES_LA"])
    short_break = st.sampled_from([False] * 7 + [True])
    return tuple(Placement(start, end, draw(kind), draw(short_break)) for start, end in rows)


@st.composite
def legal_bases(draw, episodes: list[Episode]):
    start = draw(st.sampled_from([episode.start for episode in episodes]))
    rows = draw(rows_from(start, lengths=[1, 2, 3, 0]))
    code = st.sampled_from(["CSO", "CSO", "CSO", "S25", "CSO_SECURE"])
    return tuple(Legal(start, end, draw(code)) for start, end in rows)


@st.composite
def events(draw, starts: list[date]):
    """One event; `starts` are days on which a placement or an episode began."""
    kind = draw(st.sampled_from(KINDS))
    near = st.sampled_from(starts)
    while_looked_after = st.sampled_from([day for day in POOL if day >= min(starts)])
    on = draw(near if kind == "LA_TRANSFER_IN" else st.one_of(while_looked_after, while_looked_after, days))
    pre_birth = kind in ("PERM_REC", "PERM_DECISION") and seldom(draw, 4)
    if kind in ("PERM_REC", "PERM_DECISION") and seldom(draw, 5):
        on = draw(near) - draw(st.sampled_from([1, 30, 279, 280, 281, 400])) * ONE_DAY
    precision = draw(st.sampled_from(["day"] * 8 + ["month", "unknown"]))
    if precision == "month":
        on = draw(st.sampled_from(MONTHS))
    elif precision == "unknown":
        on = None
    outcome = ""
    if kind == "ADM_DECISION":
        outcome = draw(st.sampled_from(["approved", "approved", "approved", "refused", "deferred", ""]))
    first_accommodated_on = None
    if kind == "LA_TRANSFER_IN" and draw(st.integers(0, 2)):
        first_accommodated_on = draw(days)
    return Event(
        kind=kind,
        on=on,
        precision=precision,
        route=draw(st.sampled_from(["", *ROUTES])) if kind in ROUTED_KINDS else "",
        outcome=outcome,
        pre_birth=pre_birth,
        void=seldom(draw, 10),
        first_accommodated_on=first_accommodated_on,
    )


@st.composite
def child_histories(draw) -> ChildHistory:
    """A child with one to three episodes, up to five placements and up to eight events over about three years."""
    opening = draw(st.sampled_from(POOL[:10]))
    episodes = [Episode(start, end) for start, end in draw(rows_from(opening, lengths=[1, 1, 1, 2, 2, 3]))]
    placed = draw(placements(episodes))
    starts = [each.start for each in (*episodes, *placed)]
    # Left to itself hypothesis mostly records nothing; nought still is what it comes down to in the end.
    least = draw(st.sampled_from([0, 3, 3, 3, 3]))
    recorded = draw(st.lists(events(starts), min_size=least, max_size=8))
    return ChildHistory(
        ref=draw(st.sampled_from(REFS)),
        family=draw(st.sampled_from([None, "F1", "F2", "F3"])),
        born=draw(st.sampled_from([*BIRTHS, None, None, None])),
        episodes=tuple(episodes),
        placements=placed,
        legal=draw(legal_bases(episodes)),
        events=tuple(one_transfer_in_a_day(recorded)),
    )


def groups_of_children() -> st.SearchStrategy:
    """Several children, each with a ref of its own; the order of refs is not that of the list.

    Without a least number hypothesis offers mostly empty lists, for which every rule is true.
    """
    return st.lists(child_histories(), min_size=2, max_size=6).map(
        lambda children: [replace(child, ref=ref) for child, ref in zip(children, REFS, strict=False)]
    )


def one_transfer_in_a_day(recorded: list[Event]) -> list[Event]:
    """Leave out a second transfer in on one day: nothing says which of the two is to be believed."""
    seen = set()
    kept = []
    for event in recorded:
        if event.kind == "LA_TRANSFER_IN":
            if event.on in seen:
                continue
            seen.add(event.on)
        kept.append(event)
    return kept


@st.composite
def aims(draw) -> AimDefinition:
    """Any aim that the aim file would accept."""
    start = draw(st.sampled_from(STARTS))
    stops = [stop for stop in STOPS if ALIASES.get(stop, stop) != ALIASES.get(start, start)]
    data = {
        "code": "X-1",
        "title": "Any aim",
        "start_event": start,
        "stop_event": draw(st.lists(st.sampled_from(stops), min_size=1, max_size=2, unique=True)),
        "exit_rule": draw(st.sampled_from(["exclude", "exclude", "count_as_met", "count_as_missed"])),
    }
    # In the order in which they must lie, each there or not.
    from_date, before_date, by_date = sorted(draw(st.lists(days, min_size=3, max_size=3, unique=True)))
    if draw(st.booleans()):
        data["from_date"] = draw(st.sampled_from([from_date, POOL[0]]))
    if draw(st.booleans()):
        data["by_date"] = by_date
    is_deadline = seldom(draw, 4) or (start == "AT_HOME_2Y" and draw(st.booleans()))
    if is_deadline:
        data.update(kind="deadline", deadline=by_date)
    elif not seldom(draw, 10):
        data["limit"] = draw(st.sampled_from(LIMITS))
    if seldom(draw, 3 if is_deadline else 12):
        data["before_date"] = before_date
    if seldom(draw, 4):
        data["age_min"] = draw(st.sampled_from([None, 1, 4]))
        data["age_max_exclusive"] = draw(st.sampled_from([None, 5, 12, 16, 18]))
    if start in ("PERM_REC", "PPM_DECISION", "ADM_APPROVED") and draw(st.booleans()):
        data["routes"] = draw(st.lists(st.sampled_from(ROUTES), min_size=1, max_size=3, unique=True))
    if start == "ACCOM_START" and seldom(draw, 4):
        data["accommodation_basis"] = "first_ever"
    if start == "AT_HOME_2Y":
        data["threshold"] = draw(st.sampled_from([*THRESHOLDS, None]))
        data["strict"] = draw(st.booleans())
        data["population"] = draw(st.sampled_from(["rolling", "snapshot"]))
    if seldom(draw, 5):
        data["pathways_excluded"] = draw(st.lists(st.sampled_from(ROUTES), min_size=1, max_size=2, unique=True))
    if seldom(draw, 8):
        data["placements_excluded"] = draw(
            st.lists(st.sampled_from(["HOME_PARENT", "KIN", "FOST_LA"]), min_size=1, max_size=2, unique=True)
        )
    return AimDefinition.from_mapping(data)


def as_at_dates() -> st.SearchStrategy:
    """A day to measure as at: any day of the pool, mostly a late one."""
    return st.sampled_from([*POOL[-12:], *POOL, *[date(2020, 12, 31), date(2021, 6, 1)] * 4])
