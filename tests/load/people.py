"""Who uses the site under load, and what they do: a council at work, not a storm of clicks."""

import gzip
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import Request

from aims.models import Aim
from children.models import Child
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from tests.reliability.crowd import Crowd, Person, born_by_then
from tests.reliability.running_site import ANSWERS_WITHIN, GONE, RunningSite, Visitor

# Of a hundred errands. Who may not record, or sees nobody by name, reads instead.
ERRANDS = {"home": 8, "caseload": 12, "children": 8, "child": 35, "aims": 10, "aim": 10, "record": 15, "correct": 2}
PATHS = {
    "home": "/",
    "caseload": "/caseload/",
    "children": "/children/",
    "child": "/children/{code}/",
    "aims": "/aims/",
    "aim": "/aims/{aim}/",
}
RECORDERS = frozenset({Role.PRACTITIONER, Role.TEAM_MANAGER, Role.DATA_LEAD})
# Their work is elsewhere.
LEFT_OUT = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.IG_AUDITOR})
# In every council somebody counts all of its children, whatever the dice say.
ALWAYS = (Role.DATA_LEAD, Role.PACE_LEAD)
MOST_KNOWN = 200  # children of one person whom they open in turn


class CompressedVisitor(Visitor):
    """Takes compressed pages, as browsers do, and counts what came over the wire."""

    received = 0

    def _ask(self, request: Request) -> tuple[int, str]:
        request.add_header("Accept-Encoding", "gzip")
        try:
            with self.opener.open(request, timeout=ANSWERS_WITHIN) as answer:
                return self._taken(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            return self._taken(error.code, error.headers, error.read())

    def _taken(self, status: int, headers, body: bytes) -> tuple[int, str]:
        self.received += len(body)
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.status, self.headers, self.page = status, headers, body.decode("utf-8", "replace")
        return status, self.page


@dataclass
class Loader(Person):
    """One of many, who comes `comes_after` seconds from the beginning on; all have come after `ramp` seconds."""

    comes_after: float = 0.0
    ramp: float = 0.0
    all_there: float = 0.0

    def use(self, until: float) -> None:
        self.all_there = time.monotonic() + self.ramp
        time.sleep(self.comes_after)
        try:
            self.sign_in()
        except GONE as problem:
            self.crowd.faults.append(f"no answer: {problem}")
        self.think(self.chance.random())
        while time.monotonic() < until:
            try:
                self.run_errand(self.chance.choices([*ERRANDS], [*ERRANDS.values()])[0])
            except GONE as problem:
                self.crowd.faults.append(f"no answer: {problem}")
            self.think()

    def answered(self, what: str, ask: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        """Pages are told apart once all are there: until then most of the time goes into comparing passwords."""
        is_early = time.monotonic() < self.all_there and not what.startswith("sign-in")
        return super().answered("while they arrive" if is_early else what, ask)

    def run_errand(self, errand: str) -> None:
        if errand == "record" and self.records and self.codes:
            self.record()
        elif errand == "correct" and self.records and self.contested:
            self.correct(self.chance.choice(self.contested))
        else:
            self.look_at(errand if errand in PATHS else "child")

    def look_at(self, errand: str) -> None:
        if errand in ("child", "caseload", "children") and not self.codes:
            errand = "aims"
        code = self.chance.choice(self.codes) if errand == "child" else ""
        self.get(PATHS[errand].format(code=code, aim=self.chance.choice(self.aims)), errand, code)


def people_of(
    contested: dict[str, list[Milestone]], number: int, *, pause: float, ramp: float, site: RunningSite, crowd: Crowd
) -> list[Loader]:
    """So many people, as many of each council, by the roles that such councils have; they come in turn.

    `contested` are the records that everybody of a council corrects.
    """
    dice, people = random.Random(2026), []
    for nth, (code, rows) in enumerate(contested.items()):
        council = Organisation.objects.get(code=code)
        wanted = len(range(nth, number, len(contested)))
        aims = list(Aim.objects.filter(authority=council, status=Aim.Status.ACTIVE).values_list("code", flat=True))
        for user in _some_of(council, wanted, dice):
            people.append(_loader(user, aims, rows, pause, site, crowd))
    dice.shuffle(people)
    for place, person in enumerate(people):
        person.ramp, person.comes_after = ramp, ramp * place / len(people)
    return people


def _some_of(council: Organisation, wanted: int, dice: random.Random) -> list[User]:
    everybody = User.objects.filter(organisation=council, is_active=True).exclude(memberships__role__in=LEFT_OUT)
    first = [everybody.filter(memberships__role=role).order_by("pk").first() for role in ALWAYS]
    others = list(everybody.exclude(pk__in=[user.pk for user in first]).order_by("pk"))
    if len(others) + len(first) < wanted:
        raise ValueError(f"{council} has not {wanted} people: let more children or councils be made up.")
    return (first + dice.sample(others, max(wanted - len(first), 0)))[:wanted]


def _loader(
    user: User, aims: list[str], contested: list[Milestone], pause: float, site: RunningSite, crowd: Crowd
) -> Loader:
    roles = set(user.memberships.values_list("role", flat=True))
    codes = list(born_by_then(user).order_by("?").values_list("code", flat=True)[:MOST_KNOWN])
    opened = set(
        Child.objects.identifiable_to(user)
        .filter(pk__in=[row.child_id for row in contested])
        .values_list("pk", flat=True)
    )
    return Loader(
        visitor=CompressedVisitor(site),
        user=user,
        codes=codes,
        contested=[row for row in contested if row.child_id in opened],
        aims=aims,
        records=bool(roles & RECORDERS),
        pause=pause,
        chance=random.Random(user.pk),
        crowd=crowd,
    )


def roles_of(people: list[Loader]) -> Counter:
    return Counter(role for each in people for role in each.user.memberships.values_list("role", flat=True))
