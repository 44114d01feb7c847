"""Time to decision: how long children wait when some still do and some leave undecided. Pure: numbers in and out."""

from aims.time_to_decision.chances import Wait, chances_within, reweighted_chances_within
from aims.time_to_decision.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from aims.time_to_decision.kaplan_meier import MedianTime, SurvivalCurve, kaplan_meier
from aims.time_to_decision.log_rank import LogRank, log_rank

__all__ = [
    "CumulativeIncidence",
    "LogRank",
    "MedianTime",
    "SurvivalCurve",
    "Wait",
    "chances_within",
    "cumulative_incidence",
    "kaplan_meier",
    "log_rank",
    "reweighted_chances_within",
]
