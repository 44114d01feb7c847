"""Spells away from home and at home, one child at a time (`design.md` 3)."""

from dataclasses import dataclass, replace
from datetime import date

from tests.naive.dates import ONE_DAY, birthday
from tests.naive.histories import ChildHistory, Episode, Event, Legal, Placement

HOME = "HOME_PARENT"


@dataclass(frozen=True)
class Spell:
    """`end` is the spell's own end; `exit` is the first thing that takes the child out of it, which may be earlier."""

    start: date
    end: date | None
    end_kind: str
    exit: date | None
    exit_kind: str

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.exit is None or day <= self.exit)


def known_at(history: ChildHistory, as_at: date) -> ChildHistory:
    """What had happened up to `as_at`: nothing later, what ends later still open, nothing void."""
    return replace(
        history,
        episodes=tuple(cut_off(each, as_at) for each in history.episodes if each.start <= as_at),
        placements=tuple(cut_off(each, as_at) for each in history.placements if each.start <= as_at),
        legal=tuple(cut_off(each, as_at) for each in history.legal if each.start <= as_at),
        events=tuple(each for each in history.events if not each.void and (each.on is None or each.on <= as_at)),
    )


def cut_off(row: Episode | Placement | Legal, as_at: date) -> Episode | Placement | Legal:
    return replace(row, end=None) if row.end is not None and row.end > as_at else row


def exact(history: ChildHistory, *kinds: str) -> list[Event]:
    """The events of these kinds whose day is known, in recorded order."""
    return [each for each in history.events if each.kind in kinds and each.precision == "day" and each.on is not None]


def away_spells(history: ChildHistory, as_at: date) -> list[Spell]:
    """The spells away from home of a history known at `as_at`, earliest first."""
    spells = []
    by_episode = placements_by_episode(history)
    for number, episode in enumerate(history.episodes):
        entries = []
        for order, placement in enumerate(by_episode[number]):
            if not placement.short_break:
                entries.append((placement.start, placement.end or date.max, 0, order, placement.type == HOME))
        for order, event in enumerate(exact(history, "RETURN_HOME")):
            if episode_on(history, event.on) == number:
                entries.append((event.on, event.on, 1, order, True))
        running = None
        for day, _, _, _, is_home in sorted(entries):
            if is_home and running is not None:
                spells.append(spell(history, running, day, "RETURN_HOME", as_at))
                running = None
            elif not is_home and running is None:
                running = day
        if running is not None:
            spells.append(spell(history, running, episode.end, "LAC_END", as_at))
    return sorted(spells, key=lambda each: each.start)


def at_home_spells(history: ChildHistory, as_at: date) -> list[Spell]:
    """The spells at home with parents on a CSO of a history known at `as_at`, earliest first."""
    spells = []
    orders = merged([(each.start, each.end) for each in history.legal if each.code == "CSO"])
    by_episode = placements_by_episode(history)
    # Two spells may begin with one order: that of the earlier episode comes first.
    for number, episode in sorted(enumerate(history.episodes), key=lambda each: each[1].start):
        at_home = merged(
            [(each.start, each.end) for each in by_episode[number] if each.type == HOME and not each.short_break]
        )
        for home_start, home_end in at_home:
            for order_start, order_end in orders:
                start = max(home_start, order_start, episode.start)
                end = earliest(home_end, order_end, episode.end)
                if end is None or start <= end:
                    kind = "LAC_END" if end == episode.end else "AT_HOME_END"
                    spells.append(spell(history, start, end, kind, as_at))
    return sorted(spells, key=lambda each: each.start)


def episode_spells(history: ChildHistory, as_at: date) -> list[Spell]:
    """The episodes themselves as spells, in recorded order."""
    return [spell(history, each.start, each.end, "LAC_END", as_at) for each in history.episodes]


def spell(history: ChildHistory, start: date, end: date | None, end_kind: str, as_at: date) -> Spell:
    """A spell with its exit: its end, a transfer out, death or the 18th birthday; ties in that order."""
    exit_day, exit_kind = end, end_kind
    others = [(each.on, each.kind) for each in exact(history, "LA_TRANSFER_OUT") if each.on >= start]
    others += [(each.on, each.kind) for each in exact(history, "DEATH") if each.on >= start]
    if history.born is not None and birthday(history.born, 18) <= as_at:
        others.append((max(birthday(history.born, 18), start), "AGE_18"))
    for day, kind in others:
        if exit_day is None or day < exit_day:
            exit_day, exit_kind = day, kind
    return Spell(start, end, end_kind if end else "", exit_day, exit_kind if exit_day else "")


def placements_by_episode(history: ChildHistory) -> list[list[Placement]]:
    """For each episode its placements in recorded order, short breaks too; some belong to no episode."""
    by_episode = [[] for _ in history.episodes]
    for placement in history.placements:
        number = episode_on(history, placement.start)
        if number is None:
            number = next_episode_reached(history, placement)
            if number is None:
                continue
            placement = replace(placement, start=history.episodes[number].start)
        by_episode[number].append(placement)
    return by_episode


def episode_on(history: ChildHistory, day: date) -> int | None:
    """The number of the latest episode that starts on or before `day`, unless it ended before `day`."""
    latest = None
    for number, episode in enumerate(history.episodes):
        if episode.start <= day and (latest is None or episode.start >= history.episodes[latest].start):
            latest = number
    if latest is None:
        return None
    end = history.episodes[latest].end
    return latest if end is None or end >= day else None


def next_episode_reached(history: ChildHistory, placement: Placement | Legal) -> int | None:
    """The number of the next episode on whose start the placement is still in force."""
    nearest = None
    for number, episode in enumerate(history.episodes):
        reached = placement.start < episode.start and (placement.end is None or placement.end >= episode.start)
        if reached and (nearest is None or episode.start <= history.episodes[nearest].start):
            nearest = number
    return nearest


def merged(stretches: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Stretches of time joined where the next starts within one day of the end of what precedes."""
    joined = []
    for start, end in sorted(stretches, key=lambda each: each[0]):
        if joined and (joined[-1][1] is None or start <= joined[-1][1] + ONE_DAY):
            before_start, before_end = joined[-1]
            later = None if before_end is None or end is None else max(before_end, end)
            joined[-1] = (before_start, later)
        else:
            joined.append((start, end))
    return joined


def earliest(*days: date | None) -> date | None:
    known = [day for day in days if day is not None]
    return min(known) if known else None
