"""What each progress score means, and which one stands for each month (`domain.md` 6.6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from improvement.models import ProgressScore

MEANINGS = {
    Decimal("0.5"): "Intent to participate: a project is identified, without charter or team.",
    Decimal("1.0"): "Charter reviewed and team assigned; no work done yet.",
    Decimal("1.5"): "Planning begun: resources, focus, schedule.",
    Decimal("2.0"): "Activity but no changes: baseline, study of the process, measurement.",
    Decimal("2.5"): "Changes tested, no improvement yet; measures are graphed with targets.",
    Decimal("3.0"): "Modest improvement: some successful tests, about 20% of the results.",
    Decimal("3.5"): "Improvement: the measures move further.",
    Decimal("4.0"): "Significant: results for major parts, implementation begun, half of the goals or more.",
    Decimal("4.5"): "Sustained: data on key measures show a lasting effect.",
    Decimal("5.0"): "Outstanding and sustainable: all goals met, and the organisation changed to hold them.",
}


@dataclass(frozen=True)
class Scored:
    """One entry of the history. `stands` unless another score was given for the month later."""

    score: ProgressScore
    meaning: str
    stands: bool


def history_of(scores: list[ProgressScore]) -> list[Scored]:
    """Every score, the latest month first and the last given of each month on top of it."""
    found, months = [], set()
    for score in sorted(scores, key=lambda each: (each.month, each.pk), reverse=True):
        found.append(Scored(score, MEANINGS[score.score], score.month not in months))
        months.add(score.month)
    return found


def unscored_month(scores: list[ProgressScore], *, today: date) -> date | None:
    """The first day of this month when nobody has scored it; None otherwise."""
    month = today.replace(day=1)
    return None if any(score.month == month for score in scores) else month
