"""Random authorities with people, children, allocations, restrictions and adoptions; and a naive twin of scope.

The twin asks the database nothing: it goes by what was drawn, and by the words of `domain.md` 8, 8.1 and of ADR 0020.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from children.models import BreakGlass, Child, LegalBasis, Restriction
from pace_site.accounts.models import RoleMembership, Team, User
from pace_site.accounts.roles import TEAM_ROLES, Role
from tests.builders import allocate, authority, child, milestone, person, team

AUTHORITIES = ("S12000019", "S12000033")
TEAMS = ("Team North", "Team South")
WORKS_WITH_A_TEAM = {Role.PRACTITIONER, Role.TEAM_MANAGER}
WORKS_BY_ALLOCATION = {Role.IRO, Role.PANEL_ADMINISTRATOR, Role.LEGAL, Role.ADM}
SEES_ALL = {Role.DATA_LEAD, Role.PACE_LEAD}
SEES_PSEUDONYMS = {Role.ADMINISTRATIVE_LEAD, Role.AIM_GROUP_LEAD, Role.CHAMPION}
COUNTS_ALL = SEES_ALL | SEES_PSEUDONYMS | {Role.SENIOR_LEADER}


@dataclass(frozen=True)
class Drawn:
    """What was drawn of a child."""

    row: Child
    of: str
    team: Team | None
    is_adopted: bool
    is_restricted: bool
    named: frozenset[int]
    broken_by: frozenset[int]

    @property
    def words(self) -> tuple[str, ...]:
        """All that tells the child apart, on a page or in a file."""
        name = self.row.identity
        return (self.row.code, self.row.local_ref, name.given_name, name.family_name)


@dataclass
class Graph:
    people: list[User] = field(default_factory=list)
    roles: dict[int, list[tuple[str, Team | None]]] = field(default_factory=dict)
    children: list[Drawn] = field(default_factory=list)
    works_with: set[tuple[int, int]] = field(default_factory=set)
    worked_with: set[tuple[int, int]] = field(default_factory=set)

    def reaches(self, user: User, drawn: Drawn, *, by_name: bool = False) -> bool:
        """Whether a role of the person leads to the child, were the record not closed."""
        if not user.is_active or user.organisation.code != drawn.of:
            return False
        allocated = (user.pk, drawn.row.pk) in self.works_with
        for role, of_team in self.roles[user.pk]:
            if role in SEES_ALL or (role in SEES_PSEUDONYMS and not by_name):
                return True
            if role in WORKS_WITH_A_TEAM | WORKS_BY_ALLOCATION and allocated:
                return True
            if role in WORKS_WITH_A_TEAM and of_team is not None and of_team == drawn.team:
                return True
        return False

    def is_closed(self, user: User, drawn: Drawn) -> bool:
        if drawn.is_restricted and user.pk not in drawn.named | drawn.broken_by:
            return True
        return drawn.is_adopted and not SEES_ALL & {role for role, _team in self.roles[user.pk]}

    def opens(self, user: User) -> set[Child]:
        return {one.row for one in self.children if self.reaches(user, one) and not self.is_closed(user, one)}

    def names(self, user: User) -> set[Child]:
        shown = (one for one in self.children if self.reaches(user, one, by_name=True))
        return {one.row for one in shown if not self.is_closed(user, one)}

    def counts(self, user: User) -> set[Child]:
        counts_all = bool(COUNTS_ALL & {role for role, _team in self.roles[user.pk]})
        return {
            one.row
            for one in self.children
            if user.is_active and user.organisation.code == one.of and (counts_all or self.reaches(user, one))
        }

    def hidden_words(self, user: User) -> list[str]:
        """What is never sent to a person: all of whom they do not open, and names where they see pseudonyms."""
        opened, named = self.opens(user), self.names(user)
        hidden = []
        for one in self.children:
            if one.row not in opened:
                hidden += one.words
            elif one.row not in named:
                hidden += one.words[1:]
        return hidden


def drawn_graph(seed: int, *, people: int = 14, children: int = 24, also: Sequence[Role] = ()) -> Graph:
    """`also` are roles of people whom no restriction names, one of each authority beside those drawn."""
    random, graph = Random(seed), Graph()
    teams = {of: [team(name, organisation=authority(of)) for name in TEAMS] for of in AUTHORITIES}
    every_team = [each for of in AUTHORITIES for each in teams[of]]
    for _number in range(people):
        of = random.choice(AUTHORITIES)
        user = person(organisation=authority(of))
        graph.people.append(user)
        graph.roles[user.pk] = []
        for role in random.sample(Role.values, random.choice((1, 1, 2))):
            # Now and then a team of another authority, which leads nowhere.
            in_team = random.choice(teams[of] if random.random() < 0.8 else every_team) if role in TEAM_ROLES else None
            RoleMembership.objects.create(user=user, role=role, team=in_team)
            graph.roles[user.pk].append((role, in_team))
        if random.random() < 0.1:
            user.is_active = False
            user.save()
    today = timezone.localdate()
    for number in range(children):
        of = random.choice(AUTHORITIES)
        in_team = random.choice([*teams[of], None])
        row = child(
            organisation=authority(of),
            of_team=in_team,
            code=f"QX-{seed}Z{number:03d}Z",
            name=(f"Gvn{seed}q{number:03d}q", f"Fml{seed}q{number:03d}q"),
            family=f"F{of}{number % 5}",
            accommodated=today - timedelta(days=random.randint(20, 400)),
        )
        if number % 4 == 0:
            _left_long_ago(row, today)
        graph.children.append(_closed_or_not(row, of, in_team, graph.people, random))
    for user in graph.people:
        for one in random.sample(graph.children, 5):
            start, end = random.choice(
                [(-30, None), (0, None), (-30, 0), (0, 0), (-30, 30), (-30, -1), (1, None), (1, 9)]
            )
            last = None if end is None else today + timedelta(days=end)
            allocate(user, one.row, start=today + timedelta(days=start), end=last)
            if start <= 0 and (end is None or end >= 0):
                graph.works_with.add((user.pk, one.row.pk))
            elif start <= 0:
                graph.worked_with.add((user.pk, one.row.pk))
    for role in also:
        for of in AUTHORITIES:
            user = person(role, organisation=authority(of))
            graph.people.append(user)
            graph.roles[user.pk] = [(role, None)]
    return graph


def _left_long_ago(row: Child, today: date) -> None:
    """So long ago that the record is reviewed."""
    stay = {"start": today - timedelta(days=7 * 365), "end": today - timedelta(days=5 * 365)}
    row.episodes.update(**stay)
    row.placements.update(**stay)


def _closed_or_not(row: Child, of: str, in_team: Team | None, people: list[User], random: Random) -> Drawn:
    is_adopted = _perhaps_adopted(row, random)
    named, broken = set(), set()
    is_restricted = random.random() < 0.4
    if random.random() < 0.2:
        _ended_restriction(row, random.choice(people), named=random.choice(people))
    if is_restricted:
        setter = random.choice(people)
        restriction = Restriction.objects.create(child=row, reason="Drawn by chance", set_by=setter)
        for user in random.sample(people, random.randint(0, 4)):
            taken = random.random() < 0.3
            restriction.accesses.create(
                user=user,
                given_by=setter,
                given_at=timezone.now() - timedelta(hours=2),
                taken_by=setter if taken else None,
                taken_at=timezone.now() if taken else None,
            )
            if not taken:
                named.add(user.pk)
        for user in random.sample(people, random.randint(0, 3)):
            over = random.random() < 0.5
            _opened(restriction, user, over=over)
            if not over:
                broken.add(user.pk)
    return Drawn(row, of, in_team, is_adopted, is_restricted, frozenset(named), frozenset(broken))


def _opened(restriction: Restriction, user: User, *, over: bool) -> None:
    at = timezone.now() - timedelta(hours=3)
    until = timezone.now() + (timedelta(seconds=-1) if over else timedelta(hours=1))
    BreakGlass.objects.create(restriction=restriction, user=user, reason="Drawn by chance", at=at, until=until)


def _ended_restriction(row: Child, setter: User, *, named: User) -> None:
    """An old restriction, with a name and an opening that say nothing of a new one."""
    now = timezone.now()
    old = Restriction.objects.create(
        child=row,
        reason="Drawn by chance",
        set_by=setter,
        set_at=now - timedelta(days=9),
        ended_at=now - timedelta(days=1),
        ended_by=setter,
        end_reason="Over",
    )
    old.accesses.create(user=named, given_by=setter)
    _opened(old, named, over=False)


def _perhaps_adopted(row: Child, random: Random) -> bool:
    """Adopted in one of the ways in which that is recorded, or nearly: planned, voided, tomorrow, another order."""
    today = timezone.localdate()
    void = {"voided_on": today, "void_reason": "Drawn by chance"}
    ways = {
        "order": lambda: milestone(row, "ORDER_GRANTED", today, order_type="AO"),
        "route": lambda: milestone(row, "ORDER_GRANTED", today - timedelta(days=9), route="ADOPT"),
        "ground": lambda: LegalBasis.objects.create(child=row, start=today, measure_id="AO"),
        "left": lambda: row.episodes.update(end=today, destination_id="ADOPTED"),
        "voided": lambda: milestone(row, "ORDER_GRANTED", today, order_type="AO", **void),
        "planned": lambda: milestone(row, "ORDER_GRANTED", None, planned_on=today, order_type="AO"),
        "tomorrow": lambda: LegalBasis.objects.create(child=row, start=today + timedelta(days=1), measure_id="AO"),
        "another": lambda: milestone(row, "ORDER_GRANTED", today, order_type="PO", route="PO"),
    }
    way = random.choice([*ways, *[""] * 12])
    if way:
        ways[way]()
    return way in ("order", "route", "ground", "left")
