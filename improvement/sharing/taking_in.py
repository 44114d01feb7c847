"""Take in the improvement work of another authority: all of a file or nothing, and nothing twice.

What is there already, by its title and aim, stays as it is. People of the file become words, and whoever takes it in
leads what it holds. A programme is taken in only where the authority has no charter of its own.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from aims.models import Aim
from improvement.actions.driver_diagrams import keep_version
from improvement.change_idea_library import library_ideas
from improvement.models import (
    ChangeIdea,
    Driver,
    DriverDiagram,
    DriverLink,
    IdeaLink,
    Implementation,
    Measure,
    MeasureValue,
    PdsaCycle,
    TestOfChange,
)
from improvement.models.drivers import Level
from improvement.named_children import refuse_named_children
from improvement.sharing.export import RECORD_TYPE
from improvement.sharing.files import SharedFileError
from improvement.sharing.places import values_of
from improvement.sharing.taking import Standing, TakenIn, Taking, given
from improvement.sharing.taking_in_programme import take_in_programme
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
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


class _Taker(Taking):
    def __init__(self, document: dict[str, Any], *, by: User, today: date):
        super().__init__(document, by=by, today=today)
        self.ideas: dict[str, ChangeIdea] = {}

    # What is wrong with the file as a whole.

    def check(self, *, skip_missing_aims: bool) -> None:
        values = dict(values_of({name: each for name, each in self.document.items() if name != "authority"}))
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
        take_in_programme(self, self.document.get("programme", {}))
        return self.taken

    def _ideas(self, ideas: list[dict[str, Any]]) -> None:
        rows = ChangeIdea.objects.filter(authority=self.authority).order_by("pk")
        by_key = {row.library_key: row for row in rows if row.library_key}
        standing = Standing(rows, lambda row: (row.title.casefold(), row.aim_id))
        for number, said in enumerate(ideas, 1):
            aim = self.aims.get(said.get("aim"))
            if said.get("aim") and aim is None:
                self.taken.notes.append(f"Change idea “{said['title']}” comes without its aim, {said['aim']}.")
            found = by_key.get(said.get("library_key")) or standing.take(said["title"].casefold(), aim and aim.pk)
            self.count("change idea", is_new=found is None, title=said["title"])
            values = {name: value for name, value in said.items() if name not in ("key", "aim")}
            self.ideas[said["key"]] = found or self.save(
                ChangeIdea(authority=self.authority, aim=aim, proposed_by=self.by, **values), f"idea {number}"
            )

    def _diagrams(self, diagrams: list[dict[str, Any]]) -> None:
        rows = DriverDiagram.objects.filter(authority=self.authority).order_by("pk")
        standing = Standing(rows, lambda row: (row.title.casefold(), row.aim_id))
        for number, said in enumerate(diagrams, 1):
            aim, is_there = self.aim_of(said, what=f"Driver diagram “{said['title']}”")
            if not is_there:
                continue
            found = standing.take(said["title"].casefold(), aim and aim.pk)
            self.count("driver diagram", is_new=found is None, title=said["title"])
            if found is None:
                self._diagram(said, aim, f"diagram {number}")

    def _diagram(self, said: dict[str, Any], aim: Aim | None, place: str) -> None:
        values = given(said, "title", "sentence", "definitions", "retired_on", "retired_reason")
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
        standing = Standing(rows, lambda row: (row.title.casefold(), row.aim_id))
        for number, said in enumerate(tests, 1):
            aim, is_there = self.aim_of(said, what=f"Test of change “{said['title']}”")
            if not is_there:
                continue
            found = standing.take(said["title"].casefold(), aim.pk)
            self.count("test of change", is_new=found is None, title=said["title"])
            if found is None:
                self._test(said, aim, f"test {number}")

    def _test(self, said: dict[str, Any], aim: Aim, place: str) -> None:
        own = ("title", "begun_on", "withdrawn_on", "withdrawn_reason")
        test = TestOfChange(authority=self.authority, aim=aim, lead=self.by, **given(said, *own))
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
        standing = Standing(rows, lambda row: (row.name.casefold(), row.aim_id))
        for number, said in enumerate(measures, 1):
            aim, is_there = self.aim_of(said, what=f"Measure “{said['name']}”")
            if not is_there:
                continue
            found = standing.take(said["name"].casefold(), aim.pk)
            if found is None and not said.get("retired_on"):
                found = shipped.get((said.get("register_code"), aim.pk))
            self.count("measure", is_new=found is None, title=said["name"])
            if found is not None:
                continue
            values = {name: value for name, value in said.items() if name not in ("aim", "values")}
            measure = self.save(Measure(authority=self.authority, aim=aim, **values), f"measure {number}")
            for place, value in enumerate(said.get("values", []), 1):
                self.save(MeasureValue(measure=measure, by=self.by, **value), f"measure {number}, value {place}")
