"""Spells: unbroken times away from home, at home on a supervision order, or looked after (`design.md` 3).

Pure: frames of day numbers in, frames of day numbers out. `child` is a row number of the children's frame, an open
end is `OPEN`, and the order of the rows is the order in which they were recorded.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from milestones.clocks.day_arrays import birthdays
from milestones.clocks.days import NOT_KNOWN, OPEN, Column, DayIndex, child_day

RETURN_HOME = "RETURN_HOME"
LAC_END = "LAC_END"
LA_TRANSFER_OUT = "LA_TRANSFER_OUT"
DEATH = "DEATH"
AGE_18 = "AGE_18"
AT_HOME_END = "AT_HOME_END"
ORDER_END = "ORDER_END"


@dataclass(frozen=True)
class LeavingEvents:
    """What ends any spell whichever it is: transfers out, deaths, and the 18th birthday (`OPEN` when not reached)."""

    transfers: DayIndex
    deaths: DayIndex
    turned_18: np.ndarray

    @classmethod
    def of(cls, *, transfers: pd.DataFrame, deaths: pd.DataFrame, births: np.ndarray, as_at: int) -> "LeavingEvents":
        turned_18 = np.where(births == NOT_KNOWN, OPEN, birthdays(births, 18))
        return cls(
            transfers=DayIndex(transfers["child"].to_numpy(), transfers["day"].to_numpy()),
            deaths=DayIndex(deaths["child"].to_numpy(), deaths["day"].to_numpy()),
            turned_18=np.where(turned_18 <= as_at, turned_18, OPEN),
        )

    def close(self, spells: pd.DataFrame) -> pd.DataFrame:
        """Return `spells` (child, start, end, end_reason) with `exit` and `exit_reason`: whatever came first."""
        child, start = spells["child"].to_numpy(), spells["start"].to_numpy()
        turned_18 = self.turned_18[child]
        candidates = np.stack(
            [
                spells["end"].to_numpy(),
                self.transfers.first_on_or_after(child, start),
                self.deaths.first_on_or_after(child, start),
                np.where(turned_18 == OPEN, OPEN, np.maximum(turned_18, start)),
            ]
        )
        first = candidates.argmin(axis=0)
        exits = candidates.min(axis=0)
        reason = np.choose(first, [spells["end_reason"].to_numpy(), LA_TRANSFER_OUT, DEATH, AGE_18])
        return spells.assign(exit=exits, exit_reason=np.where(exits == OPEN, "", reason))


def sort_episodes(episodes: pd.DataFrame) -> pd.DataFrame:
    """Episodes by child and start; the later recorded of two with one start comes last."""
    return _by_child_and_start(episodes)


def place_in_episodes(entries: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the `entries` (child, start, end) that lie in an episode, with `episode`, a row of sorted `episodes`.

    An entry belongs to the latest episode begun by its start and not ended before it. One that lies in none but is
    still in force when a later episode begins joins that episode on its first day, so that a placement dated a day
    too early does not hide a child.
    """
    if entries.empty or episodes.empty:
        return entries.iloc[:0].assign(episode=np.array([], dtype=np.int64))
    child, start, end = (entries[name].to_numpy() for name in ("child", "start", "end"))
    episode_child = np.append(episodes["child"].to_numpy(), -1)
    episode_start = np.append(episodes["start"].to_numpy(), OPEN)
    episode_end = np.append(episodes["end"].to_numpy(), -OPEN)
    keys = child_day(episodes["child"].to_numpy(), episodes["start"].to_numpy())
    begun = np.searchsorted(keys, child_day(child, start), side="right") - 1
    inside = (begun >= 0) & (episode_child[begun] == child) & (start <= episode_end[begun])
    next_start = episode_start[begun + 1]
    # Of several that begin on that day the later recorded, as above.
    following = np.searchsorted(keys, child_day(child, next_start), side="right") - 1
    early = ~inside & (episode_child[begun + 1] == child) & (end >= next_start)
    episode = np.where(inside, begun, following)
    lies: np.ndarray = inside | early
    return entries.assign(episode=episode, start=np.where(early, episode_start[following], start))[lies]


def away_spells(
    placements: pd.DataFrame, returns_home: pd.DataFrame, episodes: pd.DataFrame, leaving: LeavingEvents
) -> pd.DataFrame:
    """Times away from home: child, start, end, end_reason, exit, exit_reason, by child and start.

    `placements` are placed in their episodes and without short breaks, with a flag `home`; `returns_home` are
    recorded returns placed likewise, which count like a placement at home of that one day.
    """
    entries = pd.concat([placements, returns_home.assign(home=True)], ignore_index=True)
    order = np.lexsort((entries.index, entries["end"], entries["start"], entries["episode"]))
    entries = entries.iloc[order].reset_index(drop=True)
    episode, home = entries["episode"].to_numpy(), entries["home"].to_numpy(dtype=bool)
    count = len(entries)
    first_of_episode = np.ones(count, dtype=bool)
    first_of_episode[1:] = episode[1:] != episode[:-1]
    after_home = np.zeros(count, dtype=bool)
    after_home[1:] = home[:-1]
    begins = ~home & (first_of_episode | after_home)

    # The position of the next entry at home, this one included; `count` when there is none.
    positions = np.where(home, np.arange(count), count)
    next_home = np.minimum.accumulate(positions[::-1])[::-1][begins]
    spells = entries[begins]
    returned = np.append(episode, -1)[next_home] == spells["episode"].to_numpy()
    return_day = np.append(entries["start"].to_numpy(), OPEN)[next_home]
    episode_end = episodes["end"].to_numpy()[spells["episode"].to_numpy()]
    end = np.where(returned, return_day, episode_end)
    reason = np.where(returned, RETURN_HOME, LAC_END)
    return _by_child_and_start(leaving.close(_spell_frame(spells["child"], spells["start"], end, reason)))


def at_home_spells(
    placements: pd.DataFrame, supervision: pd.DataFrame, episodes: pd.DataFrame, leaving: LeavingEvents
) -> pd.DataFrame:
    """Times at home on a supervision order, in the shape of `away_spells`.

    `placements` as there; `supervision` are the orders (child, start, end). Either continues when the next begins
    within one day of the end of the last.
    """
    at_home = placements[placements["home"].to_numpy(dtype=bool)]
    episode_end = episodes["end"].to_numpy()[at_home["episode"].to_numpy()]
    at_home = at_home.assign(end=np.minimum(at_home["end"].to_numpy(), episode_end))
    home = _joined(at_home, within="episode")
    orders = _joined(supervision, within="child")
    both = home.merge(orders, on="child", suffixes=("", "_order"))
    start = np.maximum(both["start"], both["start_order"])
    end = np.minimum(both["end"], both["end_order"])
    both = both.assign(start=start, end=end)[start <= end]
    ends_with_episode = both["end"].to_numpy() == episodes["end"].to_numpy()[both["episode"].to_numpy()]
    reason = np.where(ends_with_episode, LAC_END, AT_HOME_END)
    return _by_child_and_start(leaving.close(_spell_frame(both["child"], both["start"], both["end"], reason)))


def supervision_spells(supervision: pd.DataFrame, episodes: pd.DataFrame, leaving: LeavingEvents) -> pd.DataFrame:
    """Each supervision order while the child is looked after, in the shape of `away_spells`; not joined.

    Whoever has left care waits for no hearing, though nobody recorded the end of the order.
    """
    placed = place_in_episodes(supervision, episodes)
    end = np.minimum(placed["end"].to_numpy(), episodes["end"].to_numpy()[placed["episode"].to_numpy()])
    return _by_child_and_start(
        leaving.close(_spell_frame(placed["child"], placed["start"], end, np.full(len(placed), ORDER_END)))
    )


def looked_after_spells(episodes: pd.DataFrame, leaving: LeavingEvents) -> pd.DataFrame:
    """Episodes of care in the shape of `away_spells`."""
    reason = np.full(len(episodes), LAC_END)
    return _by_child_and_start(
        leaving.close(_spell_frame(episodes["child"], episodes["start"], episodes["end"], reason))
    )


def _spell_frame(child: Column, start: Column, end: Column, reason: Column) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "child": np.asarray(child, dtype=np.int64),
            "start": np.asarray(start, dtype=np.int64),
            "end": np.asarray(end, dtype=np.int64),
            "end_reason": np.asarray(reason, dtype=object),
        }
    )


def _by_child_and_start(stretches: pd.DataFrame) -> pd.DataFrame:
    keys = child_day(stretches["child"].to_numpy(), stretches["start"].to_numpy())
    return stretches.iloc[np.argsort(keys, kind="stable")].reset_index(drop=True)


def _joined(stretches: pd.DataFrame, *, within: str) -> pd.DataFrame:
    """Join stretches of time that overlap or follow within one day, inside one `within`."""
    ordered = stretches.iloc[np.lexsort((stretches["start"], stretches[within]))]
    group, start, end = (ordered[name].to_numpy() for name in (within, "start", "end"))
    reached = ordered.groupby(within)["end"].cummax().to_numpy()
    begins = np.ones(len(ordered), dtype=bool)
    begins[1:] = (group[1:] != group[:-1]) | (start[1:] > reached[:-1] + 1)
    blocks = ordered[begins]
    if len(blocks) == 0:
        return blocks
    return blocks.assign(end=np.maximum.reduceat(end, np.flatnonzero(begins)))
