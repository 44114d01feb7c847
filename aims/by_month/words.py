"""What the months of an aim say, in sentences."""

from aims.by_month.months import FEWEST_TO_JUDGE, Month, Monthly
from aims.spc.chance import in_words
from aims.spc.p_chance import chance_outside
from aims.spc.shewhart import FAILS, FEWEST_FOR_FIRM_LIMITS, PASSES
from pace_site.look.words import count_of, percent


def heading(monthly: Monthly) -> str:
    """The last month, beside all of them."""
    last = next(month for month in reversed(monthly.months) if month.due)
    due = sum(month.due for month in monthly.months)
    met = sum(month.met for month in monthly.months)
    mean = f"{met:,} of {due:,} ({percent(monthly.mean)})"
    verb = "was" if last.met == 1 else "were"
    return (
        f"Of the {count_of(last.due, 'clock', 'clocks')} that fell due in {last.first:%B %Y}, {last.met:,} {verb} met "
        f"({percent(last.percentage)}); since {monthly.months[0].first:%B %Y} it was {mean}."
    )


def findings(monthly: Monthly) -> list[str]:
    """What lies outside the limits, and what the limits say of the target."""
    if monthly.mean in (0, 100):
        which = "every clock was met" if monthly.mean else "no clock was met"
        return [f"In every month {which}: there is nothing to judge."]
    said = [_outside(month, monthly) for month in monthly.outside]
    if not said:
        said = ["No month lies outside its limits: the months differ as chance makes them differ."]
    else:
        said.append(f"Where nothing changes, {in_words(_chance(monthly), stretch='of these months')}.")
    if monthly.chart.trial:
        few = count_of(monthly.chart.n, "month", "months")
        said.append(f"Only {few} with clocks due: with fewer than {FEWEST_FOR_FIRM_LIMITS} the limits are provisional.")
    elif target := _target(monthly):
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
    if monthly.target is None or monthly.chart.assurance is None:
        return ""
    target = percent(monthly.target)
    if monthly.chart.assurance == PASSES:
        return f"As it runs now, every month can be expected to reach the target of {target}."
    if monthly.chart.assurance == FAILS:
        return f"As it runs now, no month can be expected to reach the target of {target}: something has to change."
    return f"As it runs now, a month reaches the target of {target} or misses it by chance alone."
