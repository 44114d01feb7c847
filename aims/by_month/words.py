"""What the months of an aim say, in sentences."""

from fractions import Fraction

from aims.by_month.months import FEWEST_TO_JUDGE, Month, Monthly
from aims.compare.wilson import wilson_interval
from aims.spc.chance import in_words
from aims.spc.p_chance import chance_outside
from aims.spc.shewhart import FEWEST_FOR_FIRM_LIMITS
from pace_site.look.words import count_of, percent


def heading(monthly: Monthly) -> str:
    """The last month, beside all of them."""
    last = next(month for month in reversed(monthly.months) if month.due)
    month = f"{last.first:%B %Y}"
    verb = "was" if last.met == 1 else "were"
    said = f"Of the {last.due:,} clocks that fell due in {month}, {last.met:,} {verb} met ({percent(last.percentage)})"
    if last.due == 1:
        said = f"The one clock that fell due in {month} was {'' if last.met else 'not '}met"
    mean = f"{monthly.met:,} of {monthly.due:,} ({percent(monthly.mean)})"
    return f"{said}; since {monthly.months[0].first:%B %Y} it was {mean}."


def findings(monthly: Monthly) -> list[str]:
    """What lies outside the limits, and what the limits say of the target."""
    if monthly.mean in (0, 100):
        which = "every clock was met" if monthly.mean else "no clock was met"
        return [f"In every month {which}: there is nothing to judge."]
    said = [_outside(month, monthly) for month in monthly.outside]
    if said:
        said.append(f"Where nothing changes, {in_words(_chance(monthly), stretch='of these months')}.")
    elif monthly.too_small:
        few = count_of(monthly.too_small, "month has", "months have")
        said = [
            f"No month lies outside its limits; {few} so few clocks that none could. "
            "That does not show that nothing has changed."
        ]
    else:
        said = ["No month lies outside its limits. That does not show that nothing has changed."]
    if monthly.chart.trial:
        few = count_of(monthly.chart.n, "month", "months")
        said.append(f"Only {few} with clocks due: with fewer than {FEWEST_FOR_FIRM_LIMITS} the limits are provisional.")
    if target := _target(monthly):
        said.append(target)
    return said


def notes(monthly: Monthly) -> list[str]:
    """What the reader must know to read the chart."""
    said = []
    if any(0 < month.due < FEWEST_TO_JUDGE for month in monthly.months):
        said.append(
            f"Hollow points are of fewer than {FEWEST_TO_JUDGE} clocks: their limits are wide, and such a month says "
            "little by itself."
        )
    if monthly.pending:
        clocks = count_of(monthly.pending, "clock has", "clocks have")
        said.append(
            f"{clocks} been met or missed already and will be counted in the month of the due date, once that is over."
        )
    return said


def _outside(month: Month, monthly: Monthly) -> str:
    way = "more" if month.percentage > monthly.mean else "fewer"
    return (
        f"In {month.first:%B %Y}, {month.met:,} of {month.due:,} were met ({percent(month.percentage)}): {way} than "
        f"chance explains about the mean of {percent(monthly.mean)}."
    )


def _chance(monthly: Monthly) -> float:
    return chance_outside(float(monthly.mean / 100), [month.due for month in monthly.months])


def _target(monthly: Monthly) -> str:
    """All months together beside the target: single months are often too small to be judged."""
    if monthly.target is None:
        return ""
    target, mean = percent(monthly.target), percent(monthly.mean)
    around = wilson_interval(monthly.met, monthly.due)
    low, high = (percent(Fraction(100 * end)) for end in (around.low, around.high))
    interval = f"{mean} (95 % interval {low.removesuffix(' %')} to {high})"
    share = float(monthly.target / 100)
    if around.holds(share):
        return f"All these months together make {interval}: they do not tell whether the target of {target} is reached."
    side = "above" if share < around.low else "below"
    return f"All these months together make {interval}, {side} the target of {target}."
