"""Which milestones are expected and not recorded of the children whom a person may open, by step, team and worker."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.functional import cached_property

from children.allocations import in_force_on
from children.models import Allocation, Child
from milestones.completeness import EXPECTED, KINDS, Unrecorded, unrecorded
from milestones.journeys import load_journeys
from pace_site.accounts.models import User
from pace_site.accounts.scope import scope_of
from pace_site.front.data_quality.teams import named_teams, team_key

NOBODY = "none"


@dataclass(frozen=True)
class Line:
    """A milestone of a child that is not recorded, with its team and whoever works with the child."""

    missing: Unrecorded
    code: str
    team: str
    workers: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """One line of a table: what it counts, how many, and the query that leads to exactly those."""

    label: str
    note: str
    lines: int
    children: int
    query: str


class Completeness:
    """What is expected and not recorded of the children whom `to` may open, in a fixed number of queries."""

    def __init__(self, to: User, day: date):
        self.to, self.day = to, day
        self._children = Child.objects.visible_to(to)

    @cached_property
    def lines(self) -> list[Line]:
        journeys = load_journeys(self._children, self.day, kinds=KINDS, within=scope_of(self.to).whole)
        who = {pk: (code, team_key(team)) for pk, code, team in self._children.values_list("pk", "code", "team_id")}
        workers = self._workers()
        return [Line(each, *who[each.child_id], workers.get(each.child_id, ())) for each in unrecorded(journeys)]

    def _workers(self) -> dict[int, tuple[str, ...]]:
        """Keys of the people who work with each child whom the person sees by name."""
        found = defaultdict(list)
        rows = Allocation.objects.identifiable_to(self.to).filter(in_force_on(self.day)).order_by("pk")
        for child, user in rows.values_list("child_id", "user_id").distinct():
            found[child].append(str(user))
        return {child: tuple(dict.fromkeys(people)) for child, people in found.items()}

    @cached_property
    def teams(self) -> dict[str, str]:
        return named_teams((line.team for line in self.lines), to=self.to)

    @cached_property
    def people(self) -> dict[str, str]:
        keys = {worker for line in self.lines for worker in line.workers}
        people = User.objects.visible_to(self.to).filter(pk__in=keys)
        return {key: name for name, key in sorted((str(person), str(person.pk)) for person in people)}

    def of(self, *, step: str = "", team: str = "", worker: str = "") -> list[Line]:
        """Exactly the lines of a choice; an empty part chooses all."""
        return [
            line
            for line in self.lines
            if (not step or line.missing.expected.code == step)
            and (not team or line.team == team)
            and (not worker or worker in (line.workers or (NOBODY,)))
        ]

    def by_step(self) -> list[Counted]:
        lines = self._by(lambda line: [line.missing.expected.code])
        return _counted(((each.label, each.definition, each.code) for each in EXPECTED), lines, "step")

    def by_team(self) -> list[Counted]:
        return _counted(
            ((name, "", key) for key, name in self.teams.items()), self._by(lambda line: [line.team]), "team"
        )

    def by_worker(self) -> list[Counted]:
        people = [*((name, "", key) for key, name in self.people.items()), ("Nobody whom you may see", "", NOBODY)]
        return _counted(people, self._by(lambda line: line.workers or (NOBODY,)), "worker")

    def _by(self, keys: Callable[[Line], Iterable[str]]) -> dict[str, list[Line]]:
        """The lines by their keys, in one go: there may be a thousand workers, and tens of thousands of lines."""
        found = defaultdict(list)
        for line in self.lines:
            for key in keys(line):
                found[key].append(line)
        return found


def _counted(named: Iterable[tuple[str, str, str]], lines: dict[str, list[Line]], part: str) -> list[Counted]:
    """A line of a table for each (label, note, key) that has any, in their order."""
    return [
        Counted(label, note, len(found), len({line.code for line in found}), urlencode({part: key}))
        for label, note, key in named
        if (found := lines.get(key))
    ]
