"""Many people sign in, read, record and correct at once: no error, nothing lost, all collisions and views told.

All come from one address, as from behind a council's proxy, and the limits are those that councils have.
"""

import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus

from django.contrib.auth.hashers import make_password
from django.db import connections

from aims.models import Aim
from children.caseload import ChildQuerySet
from children.models import Child
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.reliability.kills import NOTED, PASSWORD, faults_of_records, faults_of_trail
from tests.reliability.running_site import GONE, MARK, RunningSite, Visitor, hidden_fields

AUTHORITY = "S12009999"
# In turn. Two of three record; a council has more who only read.
ROLES = (Role.DATA_LEAD, Role.PRACTITIONER, Role.PACE_LEAD)
RECORDERS = frozenset({Role.DATA_LEAD, Role.PRACTITIONER})
HOW_OFTEN = {"record": 0.2, "correct": 0.1}  # of what a recorder does; the rest is reading
CONTESTED = 3  # records that everybody corrects, so that they meet
PAGES = ("/", "/aims/", "/aims/{aim}/", "/caseload/", "/children/{code}/", "/children/{code}/")
FIRST_DAY, DAYS = date(2025, 1, 1), 600  # on which they record something
CORRECTED = "corrected "  # how the notes begin that they give these records
SIGN_IN = "/accounts/login/"
COLLIDED = "Somebody else changed this while you were typing"


@dataclass
class Crowd:
    """What the crowd met: answers by status, seconds by what was asked, and what it was told had been done."""

    lasted: float = 0.0
    answers: Counter = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    recorded: list[str] = field(default_factory=list)
    corrected: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    collisions: int = 0
    viewed: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        every = [each for asked in self.seconds.values() for each in asked]
        corrected = sum(map(len, self.corrected.values()))
        lines = [
            f"{len(every)} requests, {len(every) / self.lasted:.1f} a second, {len(self.recorded)} records, "
            f"{corrected} corrections, {self.collisions} collisions told, answers {dict(self.answers)}",
            *(f"{asked:26} {_spread(seconds)}" for asked, seconds in [("all", every), *sorted(self.seconds.items())]),
        ]
        return "\n".join(lines)


def _spread(seconds: list[float]) -> str:
    slow = statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return (
        f"{len(seconds):6} times, median {statistics.median(seconds) * 1000:6.0f} ms, "
        f"95 % within {slow * 1000:6.0f} ms, longest {max(seconds) * 1000:6.0f} ms"
    )


@dataclass
class Person:
    """One of the crowd, with the children whom they may see by name."""

    visitor: Visitor
    user: User
    codes: list[str]
    contested: list[Milestone]
    aims: list[str]
    records: bool
    pause: float
    chance: random.Random
    crowd: Crowd

    def use(self, until: float) -> None:
        """Sign in, read, record and correct until then, with pauses to read and to type in."""
        self.think(self.chance.random())
        try:
            self.sign_in()
        except GONE as problem:
            self.crowd.faults.append(f"no answer: {problem}")
        while time.monotonic() < until:
            chosen = self.chance.random() if self.records else 1.0
            try:
                if chosen < HOW_OFTEN["record"]:
                    self.record()
                elif chosen < sum(HOW_OFTEN.values()) and self.contested:
                    self.correct(self.chance.choice(self.contested))
                else:
                    self.read()
            except GONE as problem:
                self.crowd.faults.append(f"no answer: {problem}")
            self.think()

    def sign_in(self) -> None:
        hidden = hidden_fields(self.get(SIGN_IN, "sign-in form"))
        status, _page = self.send(SIGN_IN, "sign-in", hidden | {"login": self.user.email, "password": PASSWORD})
        if status != HTTPStatus.FOUND:
            self.crowd.faults.append(f"{self.user.email} could not sign in: {status}")

    def think(self, times: float = 1.0) -> None:
        """A pause of half to one and a half times the usual length."""
        time.sleep(self.pause * times * self.chance.uniform(0.5, 1.5))

    def read(self) -> None:
        page, code = self.chance.choice(PAGES), self.chance.choice(self.codes)
        self.get(page.format(code=code, aim=self.chance.choice(self.aims)), page, code if "{code}" in page else "")

    def record(self) -> None:
        """Open a form, let it say what it would do, send it; accept what it warns of."""
        code, note = self.chance.choice(self.codes), self.note(NOTED)
        address = f"/children/{code}/record/medical/"
        day = FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))
        if self.fill_in(address, code, {"happened_on": day.isoformat(), "note": note}) == HTTPStatus.FOUND:
            self.crowd.recorded.append(note)

    def correct(self, row: Milestone) -> None:
        """Change the note of a record that others are changing."""
        note, code = self.note(CORRECTED), row.child.code
        typed = {"happened_on": row.happened_on.isoformat(), "precision": row.precision, "note": note}
        if self.fill_in(f"/children/{code}/milestone/{row.pk}/correct/", code, typed) == HTTPStatus.FOUND:
            self.crowd.corrected[row.pk].append(note)

    def note(self, begins: str) -> str:
        return f"{begins}{self.chance.getrandbits(64):x}"

    def fill_in(self, address: str, code: str, typed: dict[str, str]) -> int:
        """The status of the last answer to a form: 302 when it was taken in."""
        hidden = hidden_fields(self.get(address, "form", code))
        if MARK not in hidden:
            return 0
        self.think()
        self.send(address, "preview of a form", hidden | typed, **{"HX-Request": "true"})
        self.think(0.2)
        status, page = self.send(address, "form sent", hidden | typed)
        if status == HTTPStatus.OK and COLLIDED in page:
            self.crowd.collisions += 1
        elif status == HTTPStatus.OK:
            status, page = self.send(
                address, "form sent", hidden | typed | {"accepted": hidden_fields(page)["accepted"]}
            )
            if status == HTTPStatus.OK:
                self.crowd.faults.append(f"{address.rpartition('/children/')[2]} was not taken in")
        return status

    def get(self, path: str, page: str, code: str = "") -> str:
        """Ask for a page; when it shows a child by name, remember that it did."""
        status, said = self.answered(page, lambda: self.visitor.get(path))
        if code and status == HTTPStatus.OK:
            self.crowd.viewed[self.user.pk, code] += 1
        return said

    def send(self, path: str, what: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        return self.answered(what, lambda: self.visitor.send(path, fields, **headers))

    def answered(self, what: str, ask) -> tuple[int, str]:
        began = time.monotonic()
        status, said = ask()
        self.crowd.seconds[what].append(time.monotonic() - began)
        self.crowd.answers[status] += 1
        return status, said


def run(number: int, *, seconds: float, pause: float, site: RunningSite | None = None) -> Crowd:
    """Let so many people use a new demo, with pauses of `pause` seconds, and look what is left."""
    crowd, site = Crowd(), site or RunningSite(limits={})
    people = _people(number, pause, site, crowd)
    before = {row.pk: row.edition for row in contested_of(AUTHORITY)}
    connections.close_all()
    site.start()
    try:
        began = time.monotonic()
        with ThreadPoolExecutor(number) as crowding:
            for used in [crowding.submit(person.use, began + seconds) for person in people]:
                used.result()
        crowd.lasted = time.monotonic() - began
    finally:
        site.kill()
    good = (HTTPStatus.OK, HTTPStatus.FOUND)
    crowd.faults += [f"{count} answers of {status}" for status, count in crowd.answers.items() if status not in good]
    crowd.faults += site.complaints()
    crowd.faults += [*faults_of_records(crowd.recorded), *faults_of_corrections(crowd, before)]
    crowd.faults += [*faults_of_views(crowd.viewed), *faults_of_trail()]
    return crowd


def born_by_then(user: User) -> ChildQuerySet:
    """The children whom somebody may see by name and record for: before a birth nothing can have happened."""
    return Child.objects.identifiable_to(user).filter(date_of_birth__lte=FIRST_DAY)


def _people(number: int, pause: float, site: RunningSite, crowd: Crowd) -> list[Person]:
    """People of the demo's larger authority."""
    password = make_password(PASSWORD)
    authority = Organisation.objects.get(code=AUTHORITY)
    teams = list(authority.teams.order_by("pk"))
    aims = list(Aim.objects.filter(authority=authority, status=Aim.Status.ACTIVE).values_list("code", flat=True))
    people = []
    for place in range(number):
        role = ROLES[place % len(ROLES)]
        user = User.objects.create(email=f"crowd{place}@braeburn.example", password=password, organisation=authority)
        team = teams[place % len(teams)] if role == Role.PRACTITIONER else None
        RoleMembership.objects.create(user=user, role=role, team=team)
        codes = list(born_by_then(user).order_by("pk").values_list("code", flat=True))
        contested = [row for row in contested_of(AUTHORITY) if row.child.code in codes]
        chance = random.Random(place)
        people.append(Person(Visitor(site), user, codes, contested, aims, role in RECORDERS, pause, chance, crowd))
    return people


def contested_of(authority: str, *, first: int = 0) -> list[Milestone]:
    """Those that everybody of an authority corrects; another crowd of the same database takes others."""
    medicals = Milestone.objects.standing().filter(child__authority__code=authority, kind="MEDICAL")
    dated = medicals.exclude(happened_on=None).select_related("child").order_by("pk")
    return list(dated[first : first + CONTESTED])


def faults_of_corrections(crowd: Crowd, before: dict[int, int]) -> Iterable[str]:
    """Every acknowledged correction is there, and each was made of what the one before it left."""
    for row in Milestone.objects.filter(pk__in=before):
        entries = AuditEntry.objects.filter(record_type="milestone", record_id=str(row.pk), action="change")
        said = [
            (entry.before["note"], entry.after["note"]) for entry in entries.order_by("pk") if "note" in entry.after
        ]
        mine = [(old, new) for old, new in said if new.startswith(CORRECTED)]
        acknowledged = crowd.corrected[row.pk]
        if sorted(acknowledged) != sorted(new for _old, new in mine):
            yield f"milestone {row.pk} was corrected {len(mine)} times, and {len(acknowledged)} were acknowledged"
        if row.edition != before[row.pk] + len(acknowledged):
            yield f"milestone {row.pk} is at edition {row.edition}, after {len(acknowledged)} corrections"
        if any(later[0] != earlier[1] for earlier, later in zip(mine, mine[1:], strict=False)):
            yield f"a correction of milestone {row.pk} was lost under another"
        if mine and row.note != mine[-1][1]:
            yield f"milestone {row.pk} does not say what was said last"


def faults_of_views(viewed: Counter) -> Iterable[str]:
    """Every child whom somebody was shown stands in the trail as often."""
    told = Counter(AuditEntry.objects.filter(action="view").values_list("actor_id", "child_code"))
    for (person, code), times in viewed.items():
        if told[person, code] < times:
            yield f"{code} was shown {times} times to {person}, and the trail tells of {told[person, code]}"
