"""Take in the improvement work of another authority: all of a file or nothing, and nothing twice.

What is there already, by its title and aim, stays as it is. People of the file become words, and whoever takes it in
leads what it holds. A programme is taken in only where the authority has no charter of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from aims.models import Aim
from improvement.actions.driver_diagrams import keep_version
from improvement.actions.programme import CHARTER, programme_of
from improvement.change_idea_library import library_ideas
from improvement.models import (
    Action,
    AgendaItem,
    Barrier,
    ChangeIdea,
    Driver,
    DriverDiagram,
    DriverLink,
    GroupMember,
    IdeaLink,
    Implementation,
    Measure,
    MeasureValue,
    Meeting,
    PdsaCycle,
    Programme,
    ProgressScore,
    TestOfChange,
)
from improvement.models.drivers import Level
from improvement.named_children import refuse_named_children
from improvement.sharing.constraint_words import in_words
from improvement.sharing.export import RECORD_TYPE
from improvement.sharing.files import SharedFileError
from improvement.sharing.shapes import LEAD, one_of_many, within
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import save_record
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

# What has happened cannot lie ahead.
PAST = (
    "retired_on",
    "begun_on",
    "withdrawn_on",
    "started_on",
    "ended_on",
    "decided_on",
    "raised_on",
    "resolved_on",
    "closed_on",
    "done_on",
)
OF_AN_AIM = {"tests": "test of change", "measures": "measure", "diagrams": "driver diagram"}


@dataclass
class TakenIn:
    """What came of a file, by kind; `notes` say what was left out and why."""

    new: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    there: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    notes: list[str] = field(default_factory=list)


class _Standing:
    """The rows of one kind that stand, by what tells them apart; each is recognised once."""

    def __init__(self, rows: Iterable[Model], key: Callable[[Model], tuple]):
        self._rows = defaultdict(list)
        for row in rows:
            self._rows[key(row)].append(row)

    def take(self, *key: Any) -> Model | None:
        rows = self._rows.get(key)
        return rows.pop(0) if rows else None


def take_in(document: dict[str, Any], *, by: User, today: date, skip_missing_aims: bool = False) -> TakenIn:
    """Write what a document holds into `by`'s authority; raises `SharedFileError` with every row left as it was."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    with transaction.atomic():
        taker = _Taker(document, by=by, today=today)
        taker.check(skip_missing_aims=skip_missing_aims)
        taken = taker.run()
        record(
            AuditEntry.Action.IMPORT,
            authority=by.organisation,
            record_type=RECORD_TYPE,
            record_id=by.organisation.code,
            by=by,
            after={"from": document["authority"]["code"], "new": dict(taken.new), "there": dict(taken.there)},
        )
    return taken


def _texts(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every plain value of a document with its place."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, within(place, name))
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _texts(each, one_of_many(place, number))
    else:
        yield place, value


class _Taker:
    def __init__(self, document: dict[str, Any], *, by: User, today: date):
        self.document = document
        self.by, self.today = by, today
        self.authority = by.organisation
        self.aims = {aim.code: aim for aim in Aim.objects.filter(authority=self.authority)}
        self.ideas: dict[str, ChangeIdea] = {}
        self.taken = TakenIn()

    # What is wrong with the file as a whole.

    def check(self, *, skip_missing_aims: bool) -> None:
        values = dict(_texts({name: each for name, each in self.document.items() if name != "authority"}, ""))
        for place, value in values.items():
            if place.rpartition(", ")[2] in PAST and value > self.today:
                raise SharedFileError(f"{place}: {value} is yet to come")
        try:
            refuse_named_children({place: text for place, text in values.items() if isinstance(text, str)}, by=self.by)
        except ValidationError as error:
            raise SharedFileError(
                "\n".join(f"{place} names a child of your own" for place in error.message_dict)
            ) from None
        self._check_keys()
        missing = self._missing_aims()
        if missing and not skip_missing_aims:
            raise SharedFileError(
                f"{self.authority.name} has no aim called {', '.join(missing)}. Make these aims first, "
                "or leave out what belongs to them with --skip-missing-aims."
            )

    def _missing_aims(self) -> list[str]:
        programme = self.document.get("programme", {})
        lists = [self.document.get(name, []) for name in ("ideas", *OF_AN_AIM)]
        lists += [programme.get(name, []) for name in ("members", "barriers", "meetings")]
        return sorted({each["aim"] for rows in lists for each in rows if each.get("aim")} - set(self.aims))

    def _check_keys(self) -> None:
        keys, shipped = set(), set()
        for number, idea in enumerate(self.document.get("ideas", []), 1):
            if idea["key"] in keys:
                raise SharedFileError(f"idea {number}, key: {idea['key']!r} is used twice")
            keys.add(idea["key"])
            if library_key := idea.get("library_key"):
                if library_key not in library_ideas():
                    raise SharedFileError(f"idea {number}, library_key: {library_key!r} is not in the shipped library")
                if library_key in shipped:
                    raise SharedFileError(f"idea {number}, library_key: {library_key!r} is used twice")
                shipped.add(library_key)
        used = [
            (f"diagram {number}, secondary driver {place}", key)
            for number, diagram in enumerate(self.document.get("diagrams", []), 1)
            for place, driver in enumerate(diagram.get("secondary", []), 1)
            for key in driver.get("ideas", [])
        ]
        used += [
            (f"test {n}", test["idea"]) for n, test in enumerate(self.document.get("tests", []), 1) if "idea" in test
        ]
        for place, key in used:
            if key not in keys:
                raise SharedFileError(f"{place}: {key!r} is not the key of an idea in this file")

    # Row by row.

    def run(self) -> TakenIn:
        for name, take in (
            ("ideas", self._ideas),
            ("diagrams", self._diagrams),
            ("tests", self._tests),
            ("measures", self._measures),
        ):
            take(self.document.get(name, []))
        self._programme(self.document.get("programme", {}))
        return self.taken

    def save(self, row: Model, place: str) -> Model:
        """Write a row, or refuse the file where the row cannot be."""
        try:
            row.full_clean()
        except ValidationError as error:
            raise SharedFileError(f"{place}: {in_words(error)}") from None
        save_record(row, by=self.by)
        return row

    def _aim(self, said: dict[str, Any], *, what: str) -> tuple[Aim | None, bool]:
        """The aim that is meant, and whether it is there; what belongs to a missing one is noted and left out."""
        code = said.get("aim")
        if code is None or code in self.aims:
            return self.aims.get(code), True
        self.taken.notes.append(f"{what} was left out: there is no aim called {code}.")
        return None, False

    def _count(self, kind: str, *, is_new: bool, title: str = "") -> None:
        (self.taken.new if is_new else self.taken.there)[kind] += 1
        if title and not is_new:
            self.taken.notes.append(f"{kind.capitalize()} “{title}” is there already.")

    def _ideas(self, ideas: list[dict[str, Any]]) -> None:
        rows = ChangeIdea.objects.filter(authority=self.authority).order_by("pk")
        by_key = {row.library_key: row for row in rows if row.library_key}
        standing = _Standing(rows, lambda row: (row.title.casefold(), row.aim_id))
        for number, said in enumerate(ideas, 1):
            aim = self.aims.get(said.get("aim"))
            if said.get("aim") and aim is None:
                self.taken.notes.append(f"Change idea “{said['title']}” comes without its aim, {said['aim']}.")
            found = by_key.get(said.get("library_key")) or standing.take(said["title"].casefold(), aim and aim.pk)
            self._count("change idea", is_new=found is None, title=said["title"])
            values = {name: value for name, value in said.items() if name not in ("key", "aim")}
            self.ideas[said["key"]] = found or self.save(
                ChangeIdea(authority=self.authority, aim=aim, proposed_by=self.by, **values), f"idea {number}"
            )

    def _diagrams(self, diagrams: list[dict[str, Any]]) -> None:
        rows = DriverDiagram.objects.filter(authority=self.authority).order_by("pk")
        standing = _Standing(rows, lambda row: (row.title.casefold(), row.aim_id))
        for number, said in enumerate(diagrams, 1):
            aim, is_there = self._aim(said, what=f"Driver diagram “{said['title']}”")
            if not is_there:
                continue
            found = standing.take(said["title"].casefold(), aim and aim.pk)
            self._count("driver diagram", is_new=found is None, title=said["title"])
            if found is None:
                self._diagram(said, aim, f"diagram {number}")

    def _diagram(self, said: dict[str, Any], aim: Aim | None, place: str) -> None:
        values = {name: said[name] for name in ("title", "sentence", "definitions") if name in said}
        diagram = self.save(DriverDiagram(authority=self.authority, aim=aim, **values), place)
        primary = []
        for order, each in enumerate(said.get("primary", []), 1):
            row = Driver(diagram=diagram, level=Level.PRIMARY, order=order, **each)
            primary.append(self.save(row, f"{place}, primary driver {order}"))
        for order, each in enumerate(said.get("secondary", []), 1):
            here = f"{place}, secondary driver {order}"
            texts = {name: each[name] for name in ("text", "definition") if name in each}
            driver = self.save(Driver(diagram=diagram, level=Level.SECONDARY, order=order, **texts), here)
            for number in each.get("serves", []):
                if number > len(primary):
                    raise SharedFileError(f"{here}, serves: there is no primary driver {number}")
                self.save(DriverLink(secondary=driver, primary=primary[number - 1]), f"{here}, serves")
            for key in each.get("ideas", []):
                self.save(IdeaLink(secondary=driver, idea=self.ideas[key]), f"{here}, ideas")
        keep_version(diagram, by=self.by, reason=f"Taken in from {self.document['authority']['name']}"[:200])

    def _tests(self, tests: list[dict[str, Any]]) -> None:
        rows = TestOfChange.objects.filter(authority=self.authority).order_by("pk")
        standing = _Standing(rows, lambda row: (row.title.casefold(), row.aim_id))
        for number, said in enumerate(tests, 1):
            aim, is_there = self._aim(said, what=f"Test of change “{said['title']}”")
            if not is_there:
                continue
            found = standing.take(said["title"].casefold(), aim.pk)
            self._count("test of change", is_new=found is None, title=said["title"])
            if found is None:
                self._test(said, aim, f"test {number}")

    def _test(self, said: dict[str, Any], aim: Aim, place: str) -> None:
        own = ("title", "begun_on", "withdrawn_on", "withdrawn_reason")
        test = TestOfChange(authority=self.authority, aim=aim, lead=self.by, **_given(said, *own))
        test.idea = self.ideas.get(said.get("idea"))
        test.withdrawn_by = self.by if test.withdrawn_on else None
        self.save(test, place)
        if not said["cycles"]:
            raise SharedFileError(f"{place}, cycles: a test of change has at least one")
        for number, each in enumerate(said["cycles"], 1):
            blank = {"question": "", "prediction": "", "came_true": ""}
            each = each | {"questions": [blank | question for question in each.get("questions", [])]}
            self.save(PdsaCycle(test=test, number=number, **each), f"{place}, cycle {number}")
        if "implementation" in said:
            row = Implementation(test=test, owner=self.by, **said["implementation"])
            self.save(row, f"{place}, implementation")

    def _measures(self, measures: list[dict[str, Any]]) -> None:
        rows = Measure.objects.filter(authority=self.authority).order_by("pk")
        shipped = {(row.register_code, row.aim_id): row for row in rows if row.register_code and not row.is_retired}
        standing = _Standing(rows, lambda row: (row.name.casefold(), row.aim_id))
        for number, said in enumerate(measures, 1):
            aim, is_there = self._aim(said, what=f"Measure “{said['name']}”")
            if not is_there:
                continue
            found = standing.take(said["name"].casefold(), aim.pk)
            if found is None and not said.get("retired_on"):
                found = shipped.get((said.get("register_code"), aim.pk))
            self._count("measure", is_new=found is None, title=said["name"])
            if found is not None:
                continue
            values = {name: value for name, value in said.items() if name not in ("aim", "values")}
            measure = self.save(Measure(authority=self.authority, aim=aim, **values), f"measure {number}")
            for place, value in enumerate(said.get("values", []), 1):
                self.save(MeasureValue(measure=measure, by=self.by, **value), f"measure {number}, value {place}")

    # The programme.

    def _programme(self, said: dict[str, Any]) -> None:
        if not any(said.values()):
            return
        charter = said.get("charter", {})
        row = Programme.objects.filter(authority=self.authority).first()
        own = {name: getattr(row, name) for name in CHARTER if getattr(row, name)} if row else {}
        if own and own != charter:
            self.taken.notes.append(
                f"The charter, groups, scores, barriers and meetings were left out: {self.authority.name} has a "
                "charter of its own."
            )
            return
        row = row or programme_of(self.by)
        if not own and charter:
            for name, value in charter.items():
                setattr(row, name, value)
            self.save(row, "programme, charter")
            self._count("charter", is_new=True)
        self._members(row, said.get("members", []))
        self._scores(row, said.get("scores", []))
        self._barriers(said.get("barriers", []))
        self._meetings(said.get("meetings", []))

    def _members(self, programme: Programme, members: list[dict[str, Any]]) -> None:
        rows = list(GroupMember.objects.filter(programme=programme).order_by("pk"))
        standing = _Standing(rows, lambda row: (row.user_id or row.name, row.aim_id, row.joined_on))
        there = {(row.user_id, row.aim_id) for row in rows if row.left_on is None}
        has_lead = any(row.leads for row in rows)
        for number, said in enumerate(members, 1):
            aim, is_there = self._aim(said, what=f"Member {number} of the groups")
            if not is_there:
                continue
            who = {"user": self.by} if said["who"] == LEAD else {"name": said["who"]}
            key = aim and aim.pk
            found = standing.take(self.by.pk if "user" in who else said["who"], key, said["joined_on"])
            is_new = found is None and not ("user" in who and not said.get("left_on") and (self.by.pk, key) in there)
            self._count("member", is_new=is_new)
            if not is_new:
                continue
            leads = bool(said.get("leads")) and not has_lead
            values = _given(said, "agency", "role", "joined_on", "left_on")
            row = GroupMember(programme=programme, aim=aim, leads=leads, **who, **values)
            self.save(row, f"programme, member {number}")

    def _scores(self, programme: Programme, scores: list[dict[str, Any]]) -> None:
        rows = ProgressScore.objects.filter(programme=programme).order_by("pk")
        standing = _Standing(rows, lambda row: (row.month, row.score, row.reason))
        for number, said in enumerate(scores, 1):
            found = standing.take(said["month"], said["score"], said["reason"])
            self._count("progress score", is_new=found is None)
            if found is None:
                self.save(ProgressScore(programme=programme, by=self.by, **said), f"programme, score {number}")

    def _barriers(self, barriers: list[dict[str, Any]]) -> None:
        rows = Barrier.objects.filter(authority=self.authority).order_by("pk")
        standing = _Standing(rows, lambda row: (row.text, row.aim_id, row.raised_on))
        for number, said in enumerate(barriers, 1):
            aim, is_there = self._aim(said, what=f"Barrier {number}")
            if not is_there:
                continue
            found = standing.take(said["text"], aim and aim.pk, said["raised_on"])
            self._count("barrier", is_new=found is None)
            if found is None:
                values = _given(said, "text", "raised_on", "asked", "resolved_on", "resolution")
                row = Barrier(authority=self.authority, aim=aim, **self._owner(said), **values)
                self.save(row, f"programme, barrier {number}")

    def _owner(self, said: dict[str, Any]) -> dict[str, Any]:
        return {"owner": self.by} if said["owner"] == LEAD else {"partner": said["owner"]}

    def _meetings(self, meetings: list[dict[str, Any]]) -> None:
        rows = Meeting.objects.filter(authority=self.authority).order_by("pk")
        standing = _Standing(rows, lambda row: (row.kind, row.aim_id, row.on))
        for number, said in enumerate(meetings, 1):
            aim, is_there = self._aim(said, what=f"The meeting of {said['on']}")
            if not is_there:
                continue
            found = standing.take(said["kind"], aim and aim.pk, said["on"])
            self._count("meeting", is_new=found is None)
            if found is None:
                self._meeting(said, aim, f"programme, meeting {number}")

    def _meeting(self, said: dict[str, Any], aim: Aim | None, place: str) -> None:
        meeting = Meeting(
            authority=self.authority, aim=aim, **_given(said, "kind", "on", "called_off_reason", "closed_on")
        )
        meeting.closed_by = self.by if meeting.closed_on else None
        self.save(meeting, place)
        for position, each in enumerate(said.get("agenda", []), 1):
            self.save(AgendaItem(meeting=meeting, position=position, **each), f"{place}, agenda item {position}")
        for number, each in enumerate(said.get("actions", []), 1):
            values = _given(each, "text", "due_on", "done_on", "outcome")
            row = Action(meeting=meeting, done_by=self.by if "done_on" in each else None, **self._owner(each), **values)
            self.save(row, f"{place}, action {number}")


def _given(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}
