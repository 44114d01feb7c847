"""Which clocks of an aim rest on doubtful data: a check found an error or a warning in a field that the clock used.

A clock uses the fields by which its start, stop, exit and population were found, in the records of its own time: from
the spell's first day to its stop, its exit or the day of the figures. What is late is no doubt of the data, mere
information is none, and what somebody accepted as true is none either.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from aims.definition import AT_HOME_2Y, AimDefinition
from aims.outcomes import Outcome, Outcomes, clock_rule
from children.models import Child
from milestones.catalogue import ADM_APPROVED, ALIASES, BY_CODE
from milestones.clocks.limits import from_day
from milestones.clocks.running import RECOMMENDATIONS
from milestones.clocks.spells import AGE_18
from milestones.models import LookThrough
from milestones.quality.accepted import accepted_of, split
from milestones.quality.declaration import ERROR, INFORMATION, About, Finding
from milestones.quality.known import known_findings
from milestones.quality.rules import LATE
from pace_site.accounts.models import Organisation
from pace_site.look.words import british_date, count_of

BIRTH = "child.date_of_birth"
CARE = frozenset({"episode.start", "episode.end"})
AWAY = CARE | {"placement.start", "placement.placement_type", "placement.short_break"}
AT_HOME = AWAY | {"placement.end", "legal.start", "legal.end", "legal.measure"}
# What a derived event is read from.
DERIVED = {
    "LAC_START": CARE,
    "LAC_END": CARE,
    "ACCOM_START": AWAY,
    "ACCOM_END": AWAY,
    "AT_HOME_CSO_START": AT_HOME,
    "AT_HOME_CSO_END": AT_HOME,
    AT_HOME_2Y: AT_HOME,
}
EXITS = AWAY | {
    f"{kind}.{name}" for kind in ("RETURN_HOME", "LA_TRANSFER_OUT", "DEATH") for name in ("happened_on", "precision")
}
DATE_OF_EVENT = ("happened_on", "precision")


def fields_read(definition: AimDefinition) -> frozenset[str]:
    """The fields by which clocks of the aim start, stop and exit, and by which it chooses its children."""
    rule = clock_rule(definition)
    read = set(EXITS) | _of_event(rule.recorded_start)
    for code in rule.stop_events:
        read |= _of_event(ALIASES.get(code, code))
    if rule.recorded_start == "ACCOM_START":
        read |= {"LA_TRANSFER_IN.happened_on", "LA_TRANSFER_IN.first_accommodated_on"}
        if RECOMMENDATIONS & set(rule.stop_events):
            read.add("PERM_REC.pre_birth")
    if rule.recorded_start in (ADM_APPROVED, "PERM_REC", "PPM_DECISION"):
        kind = "ADM_DECISION" if rule.recorded_start == ADM_APPROVED else rule.recorded_start
        read |= {f"{kind}.route", "PERM_REC.route", "PERM_REC.happened_on"}
    if definition.age_min is not None or definition.age_max_exclusive is not None:
        read.add(BIRTH)
    return frozenset(read | fields_of_pathway(definition))


def fields_of_pathway(definition: AimDefinition) -> frozenset[str]:
    """The fields that say on which pathway or in which placement a child is, whenever that was recorded."""
    if definition.pathways_excluded:
        return frozenset(
            {f"{kind}.{name}" for kind in ("PERM_REC", "PPM_DECISION") for name in ("route", "happened_on")}
            | {"placement.placement_type"}
        )
    return frozenset({"placement.placement_type"}) if definition.placements_excluded else frozenset()


def _of_event(code: str) -> set[str]:
    if code in DERIVED:
        return set(DERIVED[code])
    kind = "ADM_DECISION" if code == ADM_APPROVED else code
    names = (*DATE_OF_EVENT, "outcome") if kind == "ADM_DECISION" else DATE_OF_EVENT
    return {f"{BY_CODE[kind].code}.{name}" for name in names}


@dataclass(frozen=True)
class DoubtfulClock:
    """A clock, and the findings that touch what it used."""

    row: Outcome
    findings: tuple[Finding, ...]

    @property
    def has_error(self) -> bool:
        return any(each.severity == ERROR for each in self.findings)

    @property
    def child_id(self) -> int:
        return self.row.child_id

    @property
    def child_code(self) -> str:
        return self.row.child_code


def doubts(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that put data in doubt."""
    return [each for each in findings if each.severity != INFORMATION and each.rule not in LATE]


def doubtful_clocks(outcomes: Outcomes, findings: Sequence[Finding]) -> list[DoubtfulClock]:
    """The clocks that one of `findings` (of `doubts`) concerns, in the order of the outcomes."""
    of_child = defaultdict(list)
    for each in findings:
        of_child[each.child_id].append(each)
    read, always = fields_read(outcomes.definition), fields_of_pathway(outcomes.definition)
    found = []
    begun = outcomes.frame["spell_start"].tolist()
    for row, spell_start in zip(outcomes.rows, begun, strict=True):
        if row.child_id not in of_child:
            continue
        used = read | {BIRTH} if row.exit_reason == AGE_18 else read
        first = min(filter(None, (row.start, row.stop, from_day(spell_start))))
        last = max(row.start, row.stop or row.exit or outcomes.as_at)
        touching = tuple(
            each
            for each in of_child[row.child_id]
            if any(
                _touches(about, used, first, last) or _touches(about, always, None, outcomes.as_at)
                for about in each.about
            )
        )
        if touching:
            found.append(DoubtfulClock(row, touching))
    return found


def _touches(about: About, used: frozenset[str], first: date | None, last: date) -> bool:
    if about.field not in used:
        return False
    begins_in_time = about.since is None or about.since <= last
    return begins_in_time and (about.until is None or first is None or about.until >= first)


class Doubts:
    """What is known to be doubtful in the records of `children`, of one authority; read once for several aims."""

    def __init__(self, authority: Organisation, children: QuerySet[Child]):
        looked = known_findings(authority, children, doubtful_only=True)
        self.look: LookThrough | None = looked.look
        self._findings, _accepted = split(doubts(looked.findings), accepted_of(children))

    def of(self, outcomes: Outcomes) -> list[DoubtfulClock]:
        return doubtful_clocks(outcomes, self._findings)

    def words(self, outcomes: Outcomes) -> str:
        """The sentence of a report; empty before anybody had the records looked through, and without a clock."""
        return self.words_of(self.of(outcomes), outcomes)

    def words_of(self, found: Sequence[DoubtfulClock], outcomes: Outcomes) -> str:
        """`words`, where what `of` finds is known already."""
        if self.look is None or not outcomes.clock_count:
            return ""
        looked = f"as the records were looked through as at {british_date(self.look.as_at)}"
        if not found:
            return f"No clock rests on data that a check doubts, {looked}."
        errors = sum(each.has_error for each in found)
        clocks = count_of(outcomes.clock_count, "clock", "clocks")
        rests = "rests" if len(found) == 1 else "rest"
        worse = f", {errors:,} of them on an error" if errors else ""
        return f"{len(found):,} of {clocks} {rests} on data that a check doubts{worse}, {looked}."
