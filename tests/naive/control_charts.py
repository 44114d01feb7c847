"""Run charts and Shewhart charts once more, in pandas and step by step, with no thought of speed (`spc.md`).

Written from the rules alone. Ties are decided within a thousand-millionth, where the fast code decides them exactly.
"""

import numpy as np
import pandas as pd

TABLE = """
3-9 3-10 3-11 4-11 4-12 5-12 5-13 5-13 6-14 6-15 6-16 7-16 7-17 7-17 8-18 8-18 9-19 10-19 10-20 10-20 11-21 11-22
11-23 12-23 12-24 12-24 13-25 13-25 14-26 14-26 15-27 15-27 16-28 16-28 17-29 17-30 17-31 18-31 18-32 19-32 19-33
20-33 20-34 21-34 21-35 22-35 22-36 23-36 23-37 24-38 24-38
"""
NEAR = 1e-9


def naive_run_chart(values, *, baseline=None, rules="perla", shift=6, trend=5):
    """What `run_chart` says of a chart with one median, as a dict."""
    there = pd.Series(values, dtype=float).dropna()
    median = there.head(baseline or len(there)).median()
    side = sign_of(there - median)
    side = side[side != 0]
    run = side.ne(side.shift()).cumsum()
    length = side.groupby(run).transform("size")
    useful, runs = len(side), int(run.max()) if len(side) else 0
    found = {
        "n_useful": useful,
        "n_runs": runs,
        "longest_run": int(length.max()) if useful else 0,
        "crossings": max(runs - 1, 0),
        "signals": set(),
        "shift_points": (),
        "trend_points": (),
    }
    if useful < 10:
        return found
    if rules == "perla":
        low, high = naive_runs_limits(int((side > 0).sum()), int((side < 0).sum()))
        least = shift
        found["trend_points"] = naive_trends(there, trend)
        if found["trend_points"]:
            found["signals"].add("trend")
        if runs > high:
            found["signals"].add("too_many_runs")
    else:
        low = naive_crossings(useful - 1) + 1
        least = round(float(np.log2(useful))) + 4
    if runs < low:
        found["signals"].add("too_few_runs")
    found["shift_points"] = tuple(side.index[length >= least])
    if found["shift_points"]:
        found["signals"].add("shift")
    return found


def sign_of(differences):
    return np.sign(differences.where(differences.abs() > NEAR, 0.0))


def naive_trends(there, at_least):
    distinct = there[there.ne(there.shift())]
    places = list(distinct.index)
    direction = np.sign(distinct.diff()).iloc[1:]
    stretch = direction.ne(direction.shift()).cumsum()
    found = set()
    for _number, steps in direction.groupby(stretch):
        first = places.index(steps.index[0]) - 1
        points = [places[first], *steps.index]
        if len(points) >= at_least:
            found.update(points)
    return tuple(sorted(found))


def naive_runs_limits(above, below):
    useful = above + below
    if useful <= 60:
        return tuple(map(int, TABLE.split()[useful - 10].split("-")))
    if not above or not below:
        return 1, 1
    k = np.arange(1, min(above, below) + 1)
    steps = np.log((above - k[:-1]) * (below - k[:-1])) - 2 * np.log(k[:-1])
    log = np.concatenate([[0.0], np.cumsum(steps)])
    pairs = np.exp(log - log.max())
    ways = np.column_stack([2 * pairs, pairs * (useful - 2 * k) / k]).ravel()
    share = ways / ways.sum()
    low = 2 + int(np.argmax(np.cumsum(share) >= 0.025 - 1e-12))
    high = 1 + len(share) - int(np.argmax(np.cumsum(share[::-1]) >= 0.025 - 1e-12))
    return low, high


def naive_crossings(trials):
    k = np.arange(1, trials + 1)
    log = np.concatenate([[0.0], np.cumsum(np.log(trials - k + 1) - np.log(k))])
    share = np.exp(log - log.max())
    return int(np.argmax(np.cumsum(share) / share.sum() >= 0.05))


def naive_xmr(values, *, baseline=None, screen=True):
    """Centre, limits and labels of an XmR chart, as a dict; labels by the place of each value."""
    whole = pd.Series(values, dtype=float)
    there = whole.dropna()
    base = there.head(baseline or len(there))
    ranges = whole.loc[: base.index[-1]].diff().abs().dropna()
    mean = base.mean()
    spread = ranges.mean() if len(ranges) else 0.0
    if screen and spread > NEAR:
        spread = ranges[ranges < 3.267 * spread - NEAR].mean()
    limited = spread > NEAR
    reach = 2.66 * spread if limited else np.inf
    distance = there - mean
    outside = distance.abs() > reach + NEAR
    near = (distance.abs() > reach * 2 / 3 + NEAR) & ~outside
    side = sign_of(distance)
    step = np.sign(there.diff())
    labels = pd.Series("common_cause", index=there.index)
    labels[part_of(seven(side, 7), 7)] = "shift"
    three = (near.astype(int).rolling(3).sum() >= 2) & (side.rolling(3).sum().abs() == 3)
    labels[part_of(three, 3) & near] = "two_of_three"
    labels[part_of(seven(step, 6), 7)] = "trend"
    labels[outside] = "outside_limits"
    return {
        "centre": mean,
        "lower": mean - reach if limited else None,
        "upper": mean + reach if limited else None,
        "labels": tuple(labels.reindex(whole.index).astype(object).where(whole.notna(), None)),
    }


def seven(signs, steps):
    """Whether a stretch of so many equal signs other than 0 ends here."""
    return signs.rolling(steps).sum().abs() == steps


def part_of(ends, length):
    """Whether a point belongs to a stretch of `length` points that ends at it or after it."""
    return ends[::-1].astype(int).rolling(length, min_periods=1).max()[::-1] > 0
