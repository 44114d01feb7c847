"""Which milestones are expected and not recorded, by team and worker, and the children behind each number."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.generic import View

from children.allocations import in_force_on
from children.models import Allocation, Child
from children.presenter import present
from milestones.completeness import EXPECTED, KINDS, Unrecorded, unrecorded
from milestones.desks import permission_to_record
from milestones.journeys import load_journeys
from pace_site.accounts.models import Team, User
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.accounts.scope import reach_in_words, scope_of
from pace_site.audit.trail import record_list_view
from pace_site.front.data_quality.seen import NO_TEAM
from pace_site.front.recording.entries import slug_of
from pace_site.look.as_at import as_at_of

ROWS_A_PAGE = 50
NOBODY = "none"
CHOICES = ("step", "team", "worker")


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

    def __init__(self, to: User, day):
        self.to, self.day = to, day
        self._children = Child.objects.visible_to(to)

    @cached_property
    def lines(self) -> list[Line]:
        journeys = load_journeys(self._children, self.day, kinds=KINDS, within=scope_of(self.to).whole)
        who = {
            pk: (code, str(team) if team else NO_TEAM)
            for pk, code, team in self._children.values_list("pk", "code", "team_id")
        }
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
        names = {str(pk): name for pk, name in Team.objects.visible_to(self.to).values_list("pk", "name")}
        present_here = {line.team for line in self.lines}
        return {key: name for name, key in sorted((names.get(key, "No team"), key) for key in present_here)}

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


class CompletenessView(PermissionRequiredMixin, View):
    needs = Permission.VIEW_CHILDREN

    def get(self, request):
        as_at = as_at_of(request)
        found = Completeness(request.user, as_at.day)
        context = {
            "section": "data_quality",
            "as_at": as_at,
            "whose": reach_in_words(request.user, to_open=True),
            "closed": Child.objects.closed_to(request.user).count(),
            "lines": len(found.lines),
            "children": len({line.code for line in found.lines}),
            "tables": (
                ("By milestone", "Milestone", found.by_step()),
                ("By team", "Team", found.by_team()),
                ("By worker", "Works with the child", found.by_worker()),
            ),
        }
        return render(request, "front/data_quality/completeness.html", context)


class UnrecordedView(PermissionRequiredMixin, View):
    """Exactly the children behind one number, each with the form that records what is missing."""

    needs = Permission.VIEW_CHILDREN

    def get(self, request):
        user, as_at = request.user, as_at_of(request)
        found = Completeness(user, as_at.day)
        chosen = found.of(**{name: request.GET.get(name, "") for name in CHOICES})
        rows = Paginator(chosen, ROWS_A_PAGE).get_page(request.GET.get("page"))
        children = list(Child.objects.visible_to(user).filter(pk__in={row.missing.child_id for row in rows}))
        who = {each.child.pk: each for each in present(children, to=user, as_at=as_at.day)}
        named = [each.code for each in who.values() if each.identified]
        record_list_view(named, of="completeness", by=user, chosen=request.GET.urlencode()[:200])
        shown = [
            {
                "row": row,
                "who": who[row.missing.child_id],
                "team": found.teams[row.team],
                "workers": [found.people[key] for key in row.workers if key in found.people],
                "form": self._form(row, who[row.missing.child_id].identified),
            }
            for row in rows
        ]
        kinds = Counter(row.missing.expected.label for row in chosen)
        context = {
            "section": "data_quality",
            "as_at": as_at,
            "count": len(chosen),
            "children": len({row.code for row in chosen}),
            "what": next(iter(kinds)) if len(kinds) == 1 else "",
            "rows": rows,
            "shown": shown,
        }
        return render(request, "front/data_quality/unrecorded.html", context)

    def _form(self, row: Line, identified: bool) -> str:
        """The address of the form that records it, for whoever may."""
        kind = row.missing.expected.kind
        return slug_of(kind) if identified and can(self.request.user, permission_to_record(kind)) else ""
