"""The findings of the children whom a person may open, and any choice among them: counts and lists are one object."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from children.models import Child
from milestones.models import AcceptedFinding, LookThrough
from milestones.quality.accepted import accepted_of
from milestones.quality.declaration import DECLARED, SEVERITIES, Finding, Rule
from milestones.quality.known import Looked, known_findings
from milestones.quality.rules import RULES
from pace_site.accounts.models import User
from pace_site.front.data_quality.teams import named_teams, team_key

STATES = {"": "All", "open": "Not accepted", "accepted": "Accepted as true"}


@dataclass(frozen=True)
class Seen:
    """One finding, of which child and team, and who accepted it."""

    finding: Finding
    code: str
    team: str
    accepted: AcceptedFinding | None


@dataclass(frozen=True)
class Chosen:
    """What is chosen among findings; an empty part chooses all, and a wrong choice nothing."""

    rule: int = 0
    severity: str = ""
    team: str = ""
    state: str = ""
    is_wrong: bool = False

    @classmethod
    def of(cls, query: QueryDict, *, teams: Iterable[str]) -> "Chosen":
        """What an address chooses; wrong is what it cannot choose, so that no mistake widens the list."""
        offered = {"rule": map(str, DECLARED), "severity": SEVERITIES, "team": teams, "state": STATES}
        asked = {name: query[name] for name in offered if query.get(name)}
        if any(value not in set(offered[name]) for name, value in asked.items()):
            return cls(is_wrong=True)
        return cls(**asked | {"rule": int(asked.get("rule", 0))})

    def holds(self, seen: Seen) -> bool:
        return (
            not self.is_wrong
            and (not self.rule or seen.finding.rule == self.rule)
            and (not self.severity or seen.finding.severity == self.severity)
            and (not self.team or seen.team == self.team)
            and (not self.state or (seen.accepted is not None) == (self.state == "accepted"))
        )

    def but(self, **parts) -> "Chosen":
        return Chosen(**{**vars(self), **parts})

    @property
    def query(self) -> str:
        parts = {"rule": self.rule, "severity": self.severity, "team": self.team, "state": self.state}
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Count:
    """How many findings of how many children one choice has, of them accepted; `query` leads to exactly those."""

    findings: int
    children: int
    accepted: int
    query: str


@dataclass(frozen=True)
class RuleLine:
    rule: Rule
    count: Count


@dataclass(frozen=True)
class TeamLine:
    key: str
    name: str
    all: Count
    by_severity: tuple[Count, ...]

    @property
    def labelled(self) -> list[tuple[str, Count]]:
        """The counts by how serious, each with its label."""
        return list(zip(SEVERITIES.values(), self.by_severity, strict=True))


class FindingsSeen:
    """All findings of the children whom `to` may open, of the last look with what changed since."""

    def __init__(self, to: User):
        self.to = to
        self._children = Child.objects.visible_to(to)
        self._looked: Looked = known_findings(to.organisation, self._children)

    @property
    def looked(self) -> Looked:
        return self._looked

    @property
    def look(self) -> LookThrough | None:
        return self._looked.look

    @property
    def as_at(self) -> date | None:
        return self.look.as_at if self.look else None

    @cached_property
    def who(self) -> dict[int, tuple[str, str]]:
        """The pseudonym and the key of the team of every child in scope, by key."""
        rows = self._children.values_list("pk", "code", "team_id")
        return {pk: (code, team_key(team)) for pk, code, team in rows}

    @cached_property
    def teams(self) -> dict[str, str]:
        """The teams that these children have, by key, in order of name."""
        return named_teams((team for _code, team in self.who.values()), to=self.to)

    @cached_property
    def everything(self) -> list[Seen]:
        known = accepted_of(self._children)
        return [
            Seen(each, *self.who[each.child_id], known.get((each.child_id, each.rule, each.fingerprint)))
            for each in self._looked.findings
            if each.child_id in self.who
        ]

    def of(self, chosen: Chosen) -> list[Seen]:
        """Exactly the findings of a choice: errors first, then by rule and child."""
        severities = list(SEVERITIES)
        found = [each for each in self.everything if chosen.holds(each)]
        return sorted(found, key=lambda one: (severities.index(one.finding.severity), one.finding.rule, one.code))

    def count(self, chosen: Chosen) -> Count:
        return _count([each for each in self.everything if chosen.holds(each)], chosen)

    def by_rule(self, chosen: Chosen) -> list[RuleLine]:
        """One line for each rule with a finding, errors first and then the most findings."""
        found = defaultdict(list)
        for each in self.everything:
            if chosen.holds(each):
                found[each.finding.rule].append(each)
        severities = list(SEVERITIES)
        lines = [
            RuleLine(rule, _count(found[rule.number], chosen.but(rule=rule.number)))
            for rule in RULES
            if rule.number in found
        ]
        return sorted(lines, key=lambda line: (severities.index(line.rule.severity), -line.count.findings))

    def by_team(self, chosen: Chosen) -> list[TeamLine]:
        """One line for each team, with its errors, warnings and information."""
        found = defaultdict(list)
        for each in self.everything:
            if chosen.holds(each):
                found[each.team, ""].append(each)
                found[each.team, each.finding.severity].append(each)
        return [
            TeamLine(
                key,
                name,
                _count(found[key, ""], chosen.but(team=key)),
                tuple(_count(found[key, severity], chosen.but(team=key, severity=severity)) for severity in SEVERITIES),
            )
            for key, name in self.teams.items()
        ]


def _count(found: Sequence[Seen], chosen: Chosen) -> Count:
    return Count(
        findings=len(found),
        children=len({each.code for each in found}),
        accepted=sum(each.accepted is not None for each in found),
        query=chosen.query,
    )
