"""The story of one child's time: what a timeline draws and what its text tells, from one and the same object. Pure.

From first referral to legal permanence (`domain.md` 5.2). Days are plain dates; nothing here knows where it is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from children.codes import HOME_PARENT, KINSHIP_PLACEMENT
from milestones.catalogue import NOT_HELD, Precision
from pace_site.front.timelines.life import Episode, Event, Ground, Life, Stay
from pace_site.front.timelines.wording import DueMark, Wording
from pace_site.look.months import end_of_month
from pace_site.look.words import british_date, count_of, weeks

# What a bar or mark looks like; the legend and the style sheet know these names and no codes.
STAY_LOOKS = {
    HOME_PARENT: "home",
    KINSHIP_PLACEMENT: "kinship",
    "FOST_LA": "foster",
    "FOST_PURCH": "foster",
    "PROSP_ADOPT": "adopters",
}
RESIDENTIAL, OTHER_STAY = "residential", "other"
GROUND_LOOKS = {
    "S25": "voluntary",
    "CPO": "protection",
    "ICSO": "protection",
    "CSO": "supervision",
    "CSO_SECURE": "supervision",
    "PO": "permanent",
    "POA": "permanent",
    "KCO": "permanent",
    "AO": "permanent",
}
OTHER_GROUND = "other-ground"
MEETING, HEARING, ASSESSMENT, PLAN, PANEL, ADM, COURT, ORDER, MOVE = (
    "meeting",
    "hearing",
    "assessment",
    "plan",
    "panel",
    "adm",
    "court",
    "order",
    "move",
)
MARK_LOOKS = {
    MEETING: ("MTG_72H", "MTG_2WK", "REVIEW", "PPM", "PPM_DECISION", "AT_HOME_AUDIT", "PLAN_REVIEW_2Y"),
    HEARING: (
        "REPORTER_REFERRAL",
        "HEARING_REFERRED",
        "ADVICE_HEARING",
        "ADVICE_REPORT",
        "CSO_MADE",
        "CSO_REVIEWED",
        "CSO_TERMINATED",
    ),
    ASSESSMENT: (
        "PCA_START",
        "PCA_END",
        "KIN_ASSESS_START",
        "KIN_ASSESS_END",
        "MEDICAL",
        "REPORT_CAPR",
        "REPORT_S80",
        "LEGAL_ADVICE_REQ",
        "LEGAL_ADVICE_REC",
    ),
    PLAN: ("PERM_REC", "PERM_DECISION", "REHAB_DECISION", "KINSHIP_DECISION"),
    PANEL: ("PANEL_PRESENTED", "PANEL_REC", "MATCH_PANEL"),
    ADM: ("ADM_DECISION", "ADM_NOTIFIED"),
    COURT: ("COURT_LODGED", "ORDER_REFUSED", "APPLICATION_WITHDRAWN"),
    ORDER: ("ORDER_GRANTED",),
    MOVE: ("REFERRAL_FIRST", "FINAL_PLACEMENT", "RETURN_HOME", "LA_TRANSFER_IN", "LA_TRANSFER_OUT", "DEATH"),
}
LOOK_OF_KIND = {kind: look for look, kinds in MARK_LOOKS.items() for kind in kinds}
# A placement that begins the day after another ended follows it without a gap (`design.md` 3).
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bar:
    """A stretch of time; `end` is None while it lasts, `until` is how far to draw it."""

    start: date
    end: date | None
    until: date
    look: str
    short: str
    words: str

    @property
    def told(self) -> str:
        return f"{self.words}, {from_to(self.start, self.end)}"


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day or in a month (`on` to `until`), or is planned (`held` is False)."""

    on: date
    until: date
    when: str
    look: str
    short: str
    words: str
    held: bool = True

    @property
    def told(self) -> str:
        return f"{self.when}: {self.words}"


@dataclass(frozen=True)
class Due:
    """A due date against what happened; `state` is one of those of a clock."""

    due: date
    happened: date | None
    until: date
    state: str
    short: str
    words: str

    @property
    def told(self) -> str:
        return self.words


@dataclass(frozen=True)
class Line:
    """One line of the story told in text."""

    on: date
    when: str
    text: str


@dataclass(frozen=True)
class Story:
    """One child's time from `first` to `last`, as at a day."""

    first: date
    last: date
    as_at: date
    episodes: tuple[Bar, ...]
    stays: tuple[Bar, ...]
    breaks: tuple[Bar, ...]
    gaps: tuple[Bar, ...]
    grounds: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    dues: tuple[Due, ...]
    undated: tuple[str, ...]
    lines: tuple[Line, ...]
    summary: str

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.undated)


def tell(life: Life, *, as_at: date, wording: Wording, dues: Sequence[DueMark] = ()) -> Story:
    """Tell the story of `life` up to `as_at` in the words of `wording`, with `dues` against what happened."""
    life = life.as_at(as_at)
    lasting = [stay for stay in life.stays if not stay.short_break]
    episodes = tuple(_bar(each, as_at, "care", wording.LOOKED_AFTER, wording.LOOKED_AFTER) for each in life.episodes)
    stays = tuple(_bar(each, as_at, stay_look(each), wording.short_stay(each), wording.stay(each)) for each in lasting)
    breaks = tuple(
        _bar(each, as_at, stay_look(each), wording.SHORT_BREAK, wording.stay(each))
        for each in life.stays
        if each.short_break
    )
    gaps = tuple(
        Bar(start, None if end == as_at else end, end, "gap", wording.SHORT_GAP, wording.GAP)
        for episode in life.episodes
        for start, end in uncovered(episode, lasting, as_at)
    )
    grounds = tuple(
        _bar(
            each,
            as_at,
            GROUND_LOOKS.get(each.measure, OTHER_GROUND),
            wording.short_ground(each),
            wording.ground(each),
        )
        for each in life.grounds
    )
    marks = tuple(sorted((_mark(e, as_at, wording) for e in life.events if _day(e)), key=lambda mark: mark.on))
    undated = tuple(f"{wording.event(event)}".rstrip(".") for event in life.events if _day(event) is None)
    told_dues = tuple(
        sorted(
            (_due(mark, life, as_at, wording) for mark in dues if wording.due(mark)),
            key=lambda due: (due.due, due.short),
        )
    )
    bars = [*episodes, *stays, *breaks, *grounds]
    days = [bar.start for bar in bars] + [bar.until for bar in bars] + [mark.on for mark in marks]
    days += [mark.until for mark in marks] + [due.due for due in told_dues] + [due.until for due in told_dues]
    lines = [
        *_episode_lines(life.episodes, wording),
        *(Line(bar.start, from_to(bar.start, bar.end), bar.words) for bar in (*stays, *breaks, *gaps, *grounds)),
        *(Line(mark.on, mark.when, mark.words) for mark in marks),
        *(Line(due.due, british_date(due.due), due.words) for due in told_dues),
    ]
    return Story(
        first=min(days, default=as_at),
        last=max(days, default=as_at),
        as_at=as_at,
        episodes=episodes,
        stays=stays,
        breaks=breaks,
        gaps=gaps,
        grounds=grounds,
        marks=marks,
        dues=told_dues,
        undated=undated,
        lines=tuple(sorted(lines, key=lambda line: line.on)),
        summary=summary_of(life, days, wording),
    )


def from_to(start: date, end: date | None) -> str:
    return f"from {british_date(start)}, still" if end is None else f"{british_date(start)} to {british_date(end)}"


def stay_look(stay: Stay) -> str:
    if stay.type in STAY_LOOKS:
        return STAY_LOOKS[stay.type]
    return RESIDENTIAL if stay.group == "Residential" else OTHER_STAY


def uncovered(episode: Episode, lasting: Sequence[Stay], as_at: date) -> list[tuple[date, date]]:
    """The times of an episode, longer than a day, for which no placement is recorded; short breaks aside."""
    gaps, reached = [], episode.start
    end = episode.end or as_at
    for stay in sorted(lasting, key=lambda stay: stay.start):
        if stay.start >= end:
            break
        if stay.start > reached + ONE_DAY:
            gaps.append((reached, stay.start))
        reached = max(reached, stay.end or end)
    if end > reached + ONE_DAY:
        gaps.append((reached, end))
    return gaps


def summary_of(life: Life, days: Sequence[date], wording: Wording) -> str:
    """The finding in words: how many homes over how long, and how long from first referral to the order."""
    if not days:
        return "Nothing is recorded yet."
    lasting = [stay for stay in life.stays if not stay.short_break]
    places = count_of(len(lasting), "home", "homes")
    said = [f"{places} since {british_date(min(stay.start for stay in lasting))}" if lasting else "No home is recorded"]
    referred = _exact_days(life.events, "REFERRAL_FIRST")
    ordered = _exact_days(life.events, "ORDER_GRANTED")
    if referred:
        said.append(f"{wording.REFERRED} on {british_date(referred[0])}")
    if ordered:
        said.append(f"{wording.ORDERED} on {british_date(ordered[0])}{_waited(referred, life, ordered[0])}")
    return "; ".join(said) + "."


def _waited(referred: Sequence[date], life: Life, ordered: date) -> str:
    """How long it took from the first referral or, where none is recorded, from the first day in care."""
    if referred and referred[0] <= ordered:
        return f", {weeks((ordered - referred[0]).days)} later"
    if not referred and life.episodes and life.episodes[0].start <= ordered:
        return f", {weeks((ordered - life.episodes[0].start).days)} after care began"
    return ""


def _exact_days(events: Sequence[Event], kind: str) -> list[date]:
    return sorted(
        event.happened_on
        for event in events
        if event.kind == kind and event.happened_on and event.precision == Precision.DAY
    )


def _bar(stretch: Episode | Stay | Ground, as_at: date, look: str, short: str, words: str) -> Bar:
    return Bar(stretch.start, stretch.end, stretch.end or as_at, look, short, words)


def _day(event: Event) -> date | None:
    return event.happened_on or event.planned_on


def _mark(event: Event, as_at: date, wording: Wording) -> Mark:
    look = LOOK_OF_KIND[event.kind]
    if event.happened_on is None or event.outcome in NOT_HELD:
        on = _day(event)
        words = wording.expected(event, is_past=on < as_at)
        return Mark(on, on, british_date(on), look, wording.short_event(event), words, held=False)
    on = event.happened_on
    if event.precision == Precision.MONTH:
        until = min(end_of_month(on), max(as_at, on))
        return Mark(on, until, f"About {on:%B %Y}", look, wording.short_event(event), wording.event(event))
    return Mark(on, on, british_date(on), look, wording.short_event(event), wording.event(event))


def _due(mark: DueMark, life: Life, as_at: date, wording: Wording) -> Due:
    label = wording.due(mark)
    happened = mark.happened if mark.happened and mark.happened <= as_at else None
    if happened:
        late = (happened - mark.due).days
        state = "MISSED" if late > 0 else "MET"
        how = f"{count_of(late, 'day', 'days')} late" if late > 0 else "on time"
        words = f"{label}: was due by {british_date(mark.due)}, happened on {british_date(happened)}, {how}"
        return Due(mark.due, happened, happened, state, f"{label}: {how}", words)
    if any(event.kind == mark.kind and event.precision != Precision.DAY for event in life.events):
        words = f"{label}: due by {british_date(mark.due)}; it happened, and on which day is not known"
        return Due(mark.due, None, mark.due, "UNKNOWN", f"{label}: day not known", words)
    if mark.due < as_at:
        how = f"{count_of((as_at - mark.due).days, 'day', 'days')} over"
        words = f"{label}: was due by {british_date(mark.due)}, has not happened, {how}"
        return Due(mark.due, None, as_at, "OVERDUE", f"{label}: {how}", words)
    words = f"{label}: due by {british_date(mark.due)}"
    return Due(mark.due, None, mark.due, "WAITING", f"{label}: due", words)


def _episode_lines(episodes: Sequence[Episode], wording: Wording) -> list[Line]:
    began = [Line(each.start, british_date(each.start), wording.began(each)) for each in episodes]
    return began + [Line(each.end, british_date(each.end), wording.ended(each)) for each in episodes if each.end]
