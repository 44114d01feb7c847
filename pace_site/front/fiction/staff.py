"""Invented staff for a made-up authority of any size, with the caseloads that such people have."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from random import Random

from django.contrib.auth.hashers import make_password

from children.models import Allocation, CareEpisode
from milestones.extract import bulk
from pace_site.accounts.models import Organisation, RoleMembership, Team, User
from pace_site.accounts.roles import Role
from pace_site.front.fiction.allocations import MET_AT, allocation, first_met
from pace_site.front.fiction.people import BRAEBURN_STAFF, family_name, given_name

CHILDREN_OF_PRACTITIONER = 18  # in care; every child in care has one
CHILDREN_OF_IRO = 75
CHILDREN_OF_DECISIONS = 1_500  # of the whole authority, for each panel administrator, legal adviser and decision maker
PASSWORD = "made-up-people-2026"  # nosec B105 # published, and refused in production

Met = Sequence[tuple[int, date]]  # children, and since when


def hire_staff(organisation: Organisation, *, children: int, seed: int, password: str = PASSWORD) -> Counter:
    """Give an authority with `children` made-up children its people and their allocations; return the rows written.

    There is somebody of each role that Braeburn has, called by it and numbered: iro.1@s12009900.example.
    """
    rng = Random(seed)  # nosec B311 # repeatable made-up people, and no secret
    staff = _Staff(organisation, rng=rng, password=password)
    episodes = list(
        CareEpisode.objects.filter(child__authority=organisation)
        .order_by("child__team", "child__local_ref", "start")
        .values_list("child__team", "child_id", "start", "end")
    )
    in_care = [(team, child, start) for team, child, start, end in episodes if end is None]
    caseloads = {team: [each[1:] for each in rows] for team, rows in groupby(in_care, key=lambda each: each[0])}
    for team in organisation.teams.order_by("pk"):
        staff.hire(Role.TEAM_MANAGER, team=team)
        staff.hire_for(caseloads.get(team.pk, []), Role.PRACTITIONER, each=CHILDREN_OF_PRACTITIONER, team=team)
    staff.hire_for([each[1:] for each in in_care], Role.IRO, each=CHILDREN_OF_IRO)
    for role, kinds in MET_AT.items():
        met = first_met(organisation, kinds)
        staff.hire_for(met, role, each=CHILDREN_OF_DECISIONS * len(met) // children)
    for each in BRAEBURN_STAFF:
        if each.role not in staff.numbers:
            staff.hire(each.role)
    return staff.write(last_end={child: end for _team, child, _start, end in episodes})


class _Staff:
    """People to be written at once, with the children each of them has."""

    def __init__(self, organisation: Organisation, *, rng: Random, password: str):
        self.numbers: Counter[Role] = Counter()
        self._organisation, self._rng = organisation, rng
        self._hashed = make_password(password)  # one for all: hashing is slow by design
        self._people: list[User] = []
        self._memberships: list[RoleMembership] = []
        self._caseloads: list[tuple[User, Met]] = []

    def hire(self, role: Role, *, team: Team | None = None) -> User:
        self.numbers[role] += 1
        name = f"{role.value.replace('_', '.')}.{self.numbers[role]}"
        user = User(
            email=f"{name}@{self._organisation.code.lower()}.example",
            organisation=self._organisation,
            first_name=given_name(self._rng, ""),
            last_name=family_name(self._rng),
            password=self._hashed,
        )
        self._people.append(user)
        self._memberships.append(RoleMembership(user=user, role=role, team=team))
        return user

    def hire_for(self, met: Met, role: Role, *, each: int, team: Team | None = None) -> None:
        """Hire as many as have `each` children apiece, at least one, and deal the children out."""
        number = max(1, round(len(met) / each)) if met else 1
        for first in range(number):
            self._caseloads.append((self.hire(role, team=team), met[first::number]))

    def write(self, *, last_end: dict[int, date | None]) -> Counter:
        User.objects.bulk_create(self._people)
        RoleMembership.objects.bulk_create(self._memberships)
        rows = [
            allocation(child, user.pk, start=start, end=last_end.get(child))
            for user, met in self._caseloads
            for child, start in met
        ]
        bulk.insert(Allocation, rows)
        return Counter(User=len(self._people), Allocation=len(rows))
