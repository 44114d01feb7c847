"""What a child may be waiting for too long, as clocks: the rules 34, 35 and 36 of `domain.md` 3.7.

They run on the engine of the aims, so that a finding and a list of overdue children cannot differ.
"""

from milestones.clocks.limits import Limit
from milestones.clocks.running import RECOMMENDATIONS, ClockRule

WAITS = {
    34: ClockRule(
        "AT_HOME_CSO_START", frozenset({"REVIEW", "PLAN_REVIEW_2Y", "AT_HOME_AUDIT"}), limit=Limit.parse("18 months")
    ),
    35: ClockRule("ACCOM_START", frozenset({"REVIEW"}), limit=Limit.parse("6 weeks")),
    36: ClockRule("ACCOM_START", RECOMMENDATIONS, limit=Limit.parse("26 weeks")),
}
# The kinds of milestone that these clocks read.
WAITING_KINDS = frozenset().union(*(rule.kinds for rule in WAITS.values()))
