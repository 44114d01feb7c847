"""The chance that a wait which has lasted some days ends in a given way within some more days."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Wait:
    """How long a child waited and how that ended (None: it has not), seen from the day after `unseen` on.

    `unseen` is -1 for whoever is followed from the start. A child who was only counted because the wait had lasted
    some days already says nothing of how fast the first of them go (delayed entry).
    """

    days: int
    ended: Hashable | None = None
    unseen: int = -1


def chances_within(
    waits: Iterable[Wait], spans: Sequence[tuple[int, int]], *, of: Collection[Hashable]
) -> list[dict[Hashable, float]]:
    """For each span (waited so far, until), the chance of each end in `of` after the first and by the second day.

    This is the increase of the cumulative incidence (Aalen-Johansen) between the two days, as a share of those who
    still wait on the first.
    """
    cells, counts = _cells(waits)
    found = _chances(cells, counts[None, :].astype(float), spans, of)
    return [{end: float(chance[0]) for end, chance in each.items()} for each in found]


def reweighted_chances_within(
    waits: Iterable[Wait],
    spans: Sequence[tuple[int, int]],
    *,
    of: Collection[Hashable],
    draws: int,
    random: np.random.Generator,
) -> list[dict[Hashable, np.ndarray]]:
    """`chances_within`, `draws` times over, each with every wait weighted anew: how far the estimate could be out.

    The weights are exponential, so that no wait drops out altogether. Source: the Bayesian bootstrap, Rubin, Annals
    of Statistics 1981;9:130-134.
    """
    cells, counts = _cells(waits)
    # Equal waits share a cell; the sum of their exponential weights has a gamma distribution.
    weights = random.standard_gamma(np.broadcast_to(counts, (draws, len(counts))))
    return _chances(cells, weights, spans, of)


def _cells(waits: Iterable[Wait]) -> tuple[list[Wait], np.ndarray]:
    """Equal waits once, with how many there are of each, in an order that does not depend on the one given."""
    counts = Counter(waits)
    cells = sorted(counts, key=lambda wait: (wait.days, str(wait.ended), wait.unseen))
    return cells, np.array([counts[cell] for cell in cells], dtype=np.int64)


def _chances(
    cells: Sequence[Wait], weights: np.ndarray, spans: Sequence[tuple[int, int]], of: Collection[Hashable]
) -> list[dict[Hashable, np.ndarray]]:
    """For each span and end one chance per row of `weights`, which has a column per cell."""
    if not spans:
        return []
    first, last = min(start for start, _until in spans), max(until for _start, until in spans)
    days = np.arange(first + 1, max(last, first) + 1)
    until = np.array([cell.days for cell in cells], dtype=np.int64)[:, None]
    unseen = np.array([cell.unseen for cell in cells], dtype=np.int64)[:, None]
    at_risk = weights @ ((unseen < days) & (days <= until)).astype(float)
    at_risk[at_risk == 0] = 1.0  # nobody is seen that day, and nobody ends

    def hazard(mine: Collection[bool]) -> np.ndarray:
        ends_then = (until == days) & np.array(mine, dtype=bool)[:, None]
        return weights @ ends_then.astype(float) / at_risk

    goes_on = 1 - np.clip(hazard([cell.ended is not None for cell in cells]), 0, 1)
    ends = {end: hazard([cell.ended == end for cell in cells]) for end in of}
    found: dict[tuple[int, int], dict[Hashable, np.ndarray]] = {}
    for start, stop in set(spans):
        window = slice(start - first, max(stop, start) - first)
        still_waits = np.cumprod(goes_on[:, window], axis=1)
        before = np.hstack([np.ones((len(weights), 1)), still_waits])[:, : still_waits.shape[1]]
        found[start, stop] = {end: (before * ends[end][:, window]).sum(axis=1) for end in of}
    return [found[span] for span in spans]
