"""Invented children and aims from a source of randomness: tangled, but such as a council's records might hold.

All dates come from one small pool of days that lie limits, months and single days apart, so that ties and boundaries
are common: 26 weeks, 6 months clamped, 3 months, 13 weeks and 24 months each fall on another day of the pool.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from aims.definition import AimDefinition
from tests.naive.clocks import ALIASES
from tests.naive.histories import ChildHistory, Episode, Event, Legal, Placement

ONE_DAY = timedelta(days=1)
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
POOL = sorted({anchor + n * ONE_DAY for anchor in ANCHORS for n in (0, 1)} | {date(2018, 5, 31), date(2018, 8, 30)})
MONTHS = sorted({day.replace(day=1) for day in POOL})
# To measure as at: mostly late, when something has happened.
AS_AT = [*POOL, *POOL[-12:], *[date(2020, 12, 31), date(2021, 6, 1)] * 12]

REFS = ["C4", "C1", "C10", "C2", "C3", "C11", "C5", "C6", "C7", "C8", "C9", "C12"]
ROUTES = ["HOME", "KINSHIP", "PO", "POA"]
MOSTLY_AWAY = ["FOST_LA", "FOST_LA", "FOST_LA", "KIN", "RES_LA", "HOME_PARENT"]
MOSTLY_AT_HOME = ["HOME_PARENT", "HOME_PARENT", "HOME_PARENT", "FOST_LA"]

# Often the events that start and stop clocks, seldom those that end everything.
KINDS = {
    "PERM_REC": 9,
    "ADM_DECISION": 9,
    "PPM_DECISION": 3,
    "PANEL_PRESENTED": 3,
    "COURT_LODGED": 3,
    "PERM_DECISION": 2,
    "LA_TRANSFER_IN": 2,
    "RETURN_HOME": 2,
    "AT_HOME_AUDIT": 1,
    "LA_TRANSFER_OUT": 1,
    "DEATH": 1,
}
# What the steps of every child are about, mostly in the order in which it happens.
STEP_KINDS = {
    "REVIEW": 12,
    "PERM_REC": 5,
    "PANEL_PRESENTED": 5,
    "ADM_DECISION": 5,
    "ADM_NOTIFIED": 3,
    "COURT_LODGED": 3,
    "CSO_REVIEWED": 3,
    "MTG_72H": 2,
    "MTG_2WK": 2,
    "PERM_DECISION": 1,
    "PLAN_REVIEW_2Y": 1,
    "AT_HOME_AUDIT": 1,
    "ORDER_GRANTED": 1,
    "LA_TRANSFER_IN": 1,
    "RETURN_HOME": 1,
    "LA_TRANSFER_OUT": 1,
}
# How a plan may go from accommodation to the order: days between one step and the next, around the limits.
ROAD = {
    "MTG_72H": [0, 2, 3, 4, 5],
    "MTG_2WK": [8, 9, 10, 11, 12],
    "PERM_REC": [1, 60, 153, 154, 155, 156],
    "PANEL_PRESENTED": [0, 83, 84, 85],
    "ADM_DECISION": [0, 13, 14, 15],
    "ADM_NOTIFIED": [0, 6, 7, 8],
    "COURT_LODGED": [0, 20, 90, 91, 92, 98],
    "ORDER_GRANTED": [0, 30],
}
PLANNING = {"PERM_REC": 4, "ADM_DECISION": 5, "COURT_LODGED": 1}
RECOMMENDATIONS = ("PERM_REC", "PERM_DECISION")
ROUTED_KINDS = (*RECOMMENDATIONS, "PPM_DECISION", "ADM_DECISION", "COURT_LODGED")
REVIEW_KINDS = ["", "", "6wk", "3m", "6m", "18wk", "other"]
PANEL_OUTCOMES = ["", "recommended", "deferred"]
OUTCOMES = ["approved", "approved", "approved", "refused", "deferred", ""]

STARTS = {
    "ACCOM_START": 6,
    "ADM_APPROVED": 4,
    "AT_HOME_2Y": 3,
    "PERM_REC": 3,
    "PPM_DECISION": 1,
    "PLAN_AGREED": 1,
    "LAC_START": 1,
    "AT_HOME_CSO_START": 1,
    "PANEL_PRESENTED": 1,
    "COURT_LODGED": 1,
    "RETURN_HOME": 1,
}
STOPS = {
    "PERM_REC": 4,
    "PANEL_PRESENTED": 3,
    "COURT_LODGED": 3,
    "ADM_DECISION": 3,
    "PERM_DECISION": 2,
    "PPM_DECISION": 1,
    "PLAN_AGREED": 1,
    "ADM_APPROVED": 1,
    "AT_HOME_AUDIT": 1,
    "RETURN_HOME": 2,
    "LAC_START": 1,
    "LAC_END": 1,
    "ACCOM_START": 1,
    "ACCOM_END": 1,
    "AT_HOME_CSO_START": 1,
    "AT_HOME_CSO_END": 1,
    "DEATH": 1,
}
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
THRESHOLDS = [None, "6 months", "3 months", "3 months", "13 weeks", "1 years", "1 days", "20 working_days"]

Stretch = tuple[date, date | None]


def invent_child(random: Random, *, suits: str = "", about: dict[str, int] | None = None) -> ChildHistory:
    """A child with one to three episodes, a few placements and orders and up to eight events over about three years.

    `suits`: the start event that the story is to be about, so that enough children have such a clock. `about`: the
    kinds of events, with weights, where they are to be others than usual.
    """
    at_home = not seldom(random, 4) if suits.startswith("AT_HOME") else seldom(random, 6)
    is_baby = seldom(random, 2 if suits == "ACCOM_START" else 6)
    kinds = about or (PLANNING if suits == "ADM_APPROVED" and not seldom(random, 4) else KINDS)
    opening = random.choice(POOL[:10])
    episodes = [
        Episode(*stretch) for stretch in invent_stretches(random, opening, random.choice([1, 1, 1, 1, 2, 2, 3]))
    ]
    first = random.choice(episodes).start
    placements = invent_placements(random, first, MOSTLY_AT_HOME if at_home else MOSTLY_AWAY)
    orders = [
        Legal(*stretch, random.choice(["CSO", "CSO", "CSO", "CSO", "S25", "CSO_SECURE"]))
        for stretch in invent_stretches(random, first, random.randrange(4))
    ]
    starts = [row.start for row in (*episodes, *placements)]
    stays = placements or episodes
    events = [
        invent_event(random, pick(random, kinds), starts, random.choice(stays), is_baby=is_baby)
        for _ in range(random.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]))
    ]
    return ChildHistory(
        ref=random.choice(REFS),
        family=random.choice([None, "F1", "F2", "F3"]),
        born=invent_birth(random, random.choice(starts), is_baby=is_baby),
        episodes=tuple(episodes),
        placements=tuple(placements),
        legal=tuple(orders),
        events=tuple(one_transfer_in_a_day(events)),
    )


def invent_case(random: Random) -> tuple[AimDefinition, list[ChildHistory], date]:
    """An aim, some children (the order of their refs is not that of the list), and a day to measure as at."""
    aim = invent_aim(random)
    refs = REFS[: random.randint(6, len(REFS))]
    children = [replace(invent_child(random, suits=aim.start_event), ref=ref) for ref in refs]
    return aim, children, random.choice(AS_AT)


# What the stages of every child are about: those of the steps, and cases that came to no order.
STAGE_KINDS = STEP_KINDS | {"COURT_LODGED": 5, "ORDER_GRANTED": 4, "ORDER_REFUSED": 2, "APPLICATION_WITHDRAWN": 1}


def invent_steps_case(random: Random, *, about: dict[str, int] = STEP_KINDS) -> tuple[list[ChildHistory], date]:
    """Some children whose events are those that steps start and stop with, and a day to look at them as at."""
    children = []
    for ref in REFS[: random.randint(4, 8)]:
        suits = random.choice(["ACCOM_START", "ACCOM_START", "AT_HOME_CSO_START"])
        child = invent_child(random, suits=suits, about=about)
        events = [with_words(random, event) for event in child.events]
        if seldom(random, 3):
            events = events[:2] + invent_road(random, random.choice(child.placements or child.episodes).start)
        children.append(replace(child, ref=ref, events=tuple(events)))
    return children, random.choice(AS_AT)


def invent_road(random: Random, start: date) -> list[Event]:
    """A plan that goes its way from a day, as far as it goes; now and then a step of it was not recorded."""
    route = random.choice(["PO", "POA", "POA", "ADOPT", "KINSHIP"])
    events = []
    day = start
    for kind in list(ROAD)[: random.randint(2, len(ROAD))]:
        day += random.choice(ROAD[kind]) * ONE_DAY
        if not seldom(random, 8):
            outcome = random.choice(OUTCOMES[:4]) if kind == "ADM_DECISION" else ""
            events.append(Event(kind, day, route=route if kind in ROUTED_KINDS else "", outcome=outcome))
    return events


def with_words(random: Random, event: Event) -> Event:
    """The event with what reviews and panels say besides."""
    if event.kind == "REVIEW":
        return replace(event, review_kind=random.choice(REVIEW_KINDS))
    if event.kind == "PANEL_PRESENTED":
        return replace(event, outcome=random.choice(PANEL_OUTCOMES))
    return event


def seldom(random: Random, times: int) -> bool:
    """True once in so many times."""
    return random.randrange(times) == 0


def pick(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def invent_stretches(random: Random, start: date, number: int) -> list[Stretch]:
    """Mostly one after the other from `start`, now and then anything at all; mostly recorded in order."""
    if seldom(random, 8):
        stretches = [invent_stretch(random) for _ in range(number)]
    else:
        stretches = []
        cuts = sorted(random.choices([day for day in POOL if day >= start], k=number))
        for cut in cuts:
            # On the day of the next, the day before it, or leaving a day between.
            end = max(start, cut - random.choice([0, 0, 1, 1, 2]) * ONE_DAY)
            stretches.append((start, end))
            start = cut
        if stretches and not seldom(random, 3):
            stretches[-1] = (stretches[-1][0], None)
    if seldom(random, 4):
        random.shuffle(stretches)
    return stretches


def invent_stretch(random: Random) -> Stretch:
    start, end = sorted(random.choices(POOL, k=2))
    return start, random.choice([None, end])


def invent_placements(random: Random, first: date, types: list[str]) -> list[Placement]:
    """Mostly a chain from the start of an episode, sometimes with a stray one."""
    stretches = invent_stretches(random, first, random.choice([1, 1, 1, 1, 2, 2, 3, 4, 0]))
    if seldom(random, 4):
        stretches.insert(random.randint(0, len(stretches)), invent_stretch(random))
    return [Placement(*stretch, random.choice(types), seldom(random, 12)) for stretch in stretches]


def invent_birth(random: Random, start: date, *, is_baby: bool) -> date | None:
    """Unknown, or such that the child is about to be, is just or has just been of an age that matters at `start`."""
    if seldom(random, 8):
        return None
    if seldom(random, 12):
        return random.choice([date(2000, 2, 29), date(2012, 2, 29), date(2016, 2, 29)])
    age = random.choice([0, 0, 0, 1] if is_baby else [18, 16, 1, 5, 5, 5, 12, 12, 12])
    if (start.month, start.day) == (2, 29):
        start -= ONE_DAY
    return start.replace(year=start.year - age) + random.choice([-31, -1, 0, 0, 1, 60]) * ONE_DAY


def invent_event(random: Random, kind: str, starts: list[date], stay: Placement | Episode, *, is_baby: bool) -> Event:
    """One event, mostly during the stay; `starts` are days on which a placement or an episode began."""
    near = random.choice(starts)
    during = [day for day in POOL if stay.start <= day and (stay.end is None or day <= stay.end)]
    on = random.choice(POOL if seldom(random, 4) else during or POOL)
    if kind == "LA_TRANSFER_IN":
        on = near
    elif kind in RECOMMENDATIONS and seldom(random, 2 if is_baby else 8):
        on = near - random.choice([1, 30, 279, 280, 281, 400]) * ONE_DAY
    precision = random.choice(["day"] * 20 + ["month", "month", "unknown"])
    if precision == "month":
        on = random.choice(MONTHS)
    elif precision == "unknown":
        on = None
    return Event(
        kind=kind,
        on=on,
        precision=precision,
        route=random.choice(["", "", *ROUTES]) if kind in ROUTED_KINDS else "",
        outcome=random.choice(OUTCOMES) if kind == "ADM_DECISION" else "",
        pre_birth=kind in RECOMMENDATIONS and seldom(random, 5),
        void=seldom(random, 12),
        first_accommodated_on=random.choice([None, *POOL[:6], near]) if kind == "LA_TRANSFER_IN" else None,
    )


def one_transfer_in_a_day(events: list[Event]) -> list[Event]:
    """Leave out a second transfer in on one day: nothing says which of the two is to be believed."""
    seen = set()
    kept = []
    for event in events:
        if event.kind == "LA_TRANSFER_IN":
            if event.on in seen:
                continue
            seen.add(event.on)
        kept.append(event)
    return kept


def invent_aim(random: Random) -> AimDefinition:
    """Any aim that the aim file would accept, of any kind, start, stop and filter."""
    start = pick(random, STARTS)
    stops = {stop: weight for stop, weight in STOPS.items() if ALIASES.get(stop, stop) != ALIASES.get(start, start)}
    data = {
        "code": "X-1",
        "title": "Any aim",
        "start_event": start,
        "stop_event": sorted({pick(random, stops) for _ in range(random.choice([1, 1, 2]))}),
        "exit_rule": random.choice(["exclude", "exclude", "count_as_met", "count_as_missed"]),
    }
    # In the order in which they must lie, each there or not.
    from_date, before_date, by_date = sorted(random.sample(POOL, 3))
    if seldom(random, 2):
        data["from_date"] = from_date if start == "AT_HOME_2Y" else random.choice([POOL[0], from_date])
    if seldom(random, 2):
        data["by_date"] = by_date
    is_deadline = seldom(random, 4) or (start == "AT_HOME_2Y" and seldom(random, 2))
    if is_deadline:
        data.update(kind="deadline", deadline=by_date)
    elif not seldom(random, 10):
        data["limit"] = random.choice(LIMITS)
    if seldom(random, 2 if is_deadline else 10):
        data["before_date"] = before_date
    if seldom(random, 4):
        data["age_min"] = random.choice([None, 1, 1])
        data["age_max_exclusive"] = random.choice([None, 5, 12, 18])
    if start in ("PERM_REC", "PPM_DECISION", "ADM_APPROVED") and seldom(random, 4):
        data["routes"] = random.sample(ROUTES, random.randint(1, 3))
    if start == "ACCOM_START" and seldom(random, 4):
        data["accommodation_basis"] = "first_ever"
    if start == "AT_HOME_2Y":
        data["threshold"] = random.choice(THRESHOLDS)
        data["strict"] = seldom(random, 2)
        data["population"] = random.choice(["rolling", "snapshot"])
    if seldom(random, 5):
        data["pathways_excluded"] = random.sample(ROUTES, random.randint(1, 2))
    if seldom(random, 10):
        data["placements_excluded"] = random.sample(["HOME_PARENT", "KIN", "FOST_LA"], random.randint(1, 2))
    return AimDefinition.from_mapping(data)
