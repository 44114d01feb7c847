"""The measures that a person may see, each with its months as at a day: one load for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aims.counted import Counted
from improvement.measure_definition import Rule
from improvement.measured.counting import count_months, load_histories
from improvement.measured.judged import JudgedMeasure
from improvement.measured.series import MonthOf, last_month_over, without_gaps
from improvement.models import Measure, MeasureValue
from improvement.remarks import CycleRemark


@dataclass(frozen=True)
class NotedRemark:
    """A remark of an aim's chart, or the cycle of a test, as far as it had come by a day."""

    on: date
    label: str
    link: str
    until: date | None


def judge_measures(
    measures: Sequence[Measure],
    *,
    counted: Counted,
    as_at: date,
    remarks: Mapping[int, Sequence[CycleRemark]] | None = None,
) -> list[JudgedMeasure]:
    """Judge measures by today's knowledge as at a day, with `remarks` by key of their aim.

    One query for the typed values, and up to six for all that is computed.
    """
    rules = {measure.pk: Rule.from_mapping(measure.rule) for measure in measures if measure.is_computed}
    histories = load_histories(counted.children, as_at, list(rules.values()))
    typed = defaultdict(list)
    of = [measure.pk for measure in measures if not measure.is_computed]
    for row in MeasureValue.objects.filter(measure__in=of).order_by("month") if of else ():
        typed[row.measure_id].append(row)
    judged = []
    for measure in measures:
        if measure.is_computed:
            months = count_months(rules[measure.pk], histories, since=measure.counts_from)
        else:
            months = typed_months(typed[measure.pk], as_at=as_at, since=measure.counts_from)
        noted = [_noted(each, as_at) for each in (remarks or {}).get(measure.aim_id, ()) if each.on <= as_at]
        judged.append(JudgedMeasure(measure, months, as_at, noted))
    return judged


def typed_months(rows: Sequence[MeasureValue], *, as_at: date, since: date | None = None) -> tuple[MonthOf, ...]:
    """The months from the first to the last that was typed and is over; those between without a value are gaps."""
    last = last_month_over(as_at)
    known = [
        MonthOf(row.month, row.numerator, row.denominator, row.value, row.note)
        for row in rows
        if not row.is_taken_out and row.month <= last and (since is None or row.month >= since)
    ]
    return without_gaps(known, first=known[0].first, last=known[-1].first) if known else ()


def _noted(remark: CycleRemark, as_at: date) -> NotedRemark:
    until = remark.until if remark.until and remark.until <= as_at else None
    return NotedRemark(remark.on, remark.label, remark.link, until)
