"""Write the improvement work of an authority as one document that others may read.

Children stay behind: cycles without them, no figures of meeting packs, and what minutes, actions and barriers say of a
child by pseudonym is left out and told. A text that names a child anywhere else is refused. People become role words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from children.models import Child
from improvement.models import (
    Barrier,
    ChangeIdea,
    DriverDiagram,
    GroupMember,
    Measure,
    Meeting,
    PdsaCycle,
    Programme,
    ProgressScore,
    TestOfChange,
)
from improvement.models.drivers import Level
from improvement.named_children import naming_children_of
from improvement.pseudonyms import LIKE_A_PSEUDONYM
from improvement.sharing import layout
from improvement.sharing.files import SharedFileError, checked
from improvement.sharing.people import RoleWords
from improvement.sharing.places import values_of
from improvement.sharing.shapes import Shape
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import count_of

RECORD_TYPE = "improvement work"
PSEUDONYM = re.compile(r"(?<![\w-])p-\d{3,}(?![\w-])", re.IGNORECASE)
NAMES_A_CHILD = "names a child, or has a pseudonym"


class ExportRefused(ValueError):
    """Something of a child stands in what would be shared; `places` say where, in the words of the file."""

    def __init__(self, places: list[str]):
        super().__init__("; ".join(places))
        self.places = places


@dataclass
class Shared:
    """What an authority shares. `left_out` says, in words, what speaks of single children and stays behind."""

    document: dict[str, Any]
    left_out: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind there are, by the words for one of them."""
        programme = self.document["programme"]
        kinds = {
            "change idea": self.document["ideas"],
            "driver diagram": self.document["diagrams"],
            "test of change": self.document["tests"],
            "measure": self.document["measures"],
            "progress score": programme["scores"],
            "barrier": programme["barriers"],
            "meeting": programme["meetings"],
        }
        return {kind: len(rows) for kind, rows in kinds.items()}

    @property
    def in_words(self) -> list[tuple[int, str]]:
        """Each count with its words: 2 tests of change."""
        return [(count, count_of(count, kind, _plural(kind))) for kind, count in self.counts.items()]


def _plural(kind: str) -> str:
    first, _space, rest = kind.partition(" of ")
    return f"{first}s of {rest}" if rest else f"{kind}s"


def export_improvement(authority: Organisation, *, made_on: date, by: User | None) -> Shared:
    """What the authority shares, noted in its trail; `by` is None when a command acts. Raises `ExportRefused`."""
    if by is not None:
        check_can(by, Permission.LEAD_IMPROVEMENT)
    try:
        shared = improvement_of(authority, made_on=made_on)
    except ExportRefused as refusal:
        note_refusal(refusal, authority=authority, by=by)
        raise
    _note(authority, by=by, after=shared.counts | {"left out": len(shared.left_out)})
    return shared


def note_refusal(refusal: ExportRefused, *, authority: Organisation, by: User | None) -> None:
    """Keep in the trail that somebody was told where children are named: it says something of them."""
    _note(authority, by=by, after={"places": len(refusal.places)}, reason="Refused")


def _note(authority: Organisation, **more) -> None:
    record(AuditEntry.Action.EXPORT, authority=authority, record_type=RECORD_TYPE, record_id=authority.code, **more)


def improvement_of(authority: Organisation, *, made_on: date) -> Shared:
    """The document, with a number of queries that does not grow; raises `ExportRefused`."""
    writer = _Writer(authority)
    document = {
        "format": layout.FORMAT,
        "version": layout.VERSION,
        "authority": {"code": authority.code, "name": authority.name},
        "made_on": made_on.isoformat(),
        "ideas": writer.ideas(),
        "diagrams": writer.diagrams(),
        "tests": writer.tests(),
        "measures": writer.measures(),
        "programme": writer.programme(),
    }
    texts = {place: value for place, value in values_of(document) if isinstance(value, str)}
    named = naming_children_of(authority, texts)
    alike = [place for place, text in texts.items() if PSEUDONYM.search(text)]
    if named or alike:
        # In the order of the file, as people go through it from the top.
        found = {*named, *alike}
        raise ExportRefused([f"{_with_title(place, document)} {NAMES_A_CHILD}" for place in texts if place in found])
    try:
        checked(document, file="the file")
    except SharedFileError as error:
        raise ExportRefused([str(error)]) from None
    return Shared(document, writer.left_out)


def _with_title(place: str, document: dict[str, Any]) -> str:
    """A place so that people find it on the pages: by the title of the test, idea, diagram or measure."""
    found = re.match(r"(idea|diagram|test|measure) (\d+)", place)
    if not found:
        return place
    row = document[f"{found[1]}s"][int(found[2]) - 1]
    return f"{place} (“{row.get('title') or row.get('name')}”)"


class _Writer:
    """Rows of one authority as plain values, each kind in the order in which its rows were made."""

    def __init__(self, authority: Organisation):
        self.authority = authority
        self.words = RoleWords(authority)
        self.left_out: list[str] = []
        self.idea_keys: dict[int, str] = {}
        codes = Child.objects.filter(authority=authority).values_list("code", flat=True)
        self.codes = {code.upper() for code in codes}

    def plain(self, row: Model, shape: Shape, *names: str, test: TestOfChange | None = None) -> dict[str, Any]:
        """The fields of a row that are filled in, under their own names; those of `shape` unless named."""
        values = {name: getattr(row, name) for name in names or [name for name in shape.fields if hasattr(row, name)]}
        plain = {name: self._plain(value, test=test) for name, value in values.items()}
        return {name: value for name, value in plain.items() if value is not None and value not in ("", [])}

    def _plain(self, value: Any, *, test: TestOfChange | None = None) -> Any:
        match value:
            case str():
                return self.words.in_text(value.replace("\r\n", "\n").strip(), test=test)
            case date():
                return value.isoformat()
            case Decimal():
                return f"{value.normalize():f}"
            case list():
                return [self._plain(each, test=test) for each in value]
            case dict():
                return {name: self._plain(each, test=test) for name, each in value.items()}
        return value

    def ideas(self) -> list[dict[str, Any]]:
        rows = list(ChangeIdea.objects.filter(authority=self.authority).select_related("aim").order_by("pk"))
        self.idea_keys = {row.pk: f"idea-{number}" for number, row in enumerate(rows, 1)}
        own = [name for name in layout.IDEA.fields if name not in ("key", "aim")]
        return [{"key": self.idea_keys[row.pk]} | _of(row) | self.plain(row, layout.IDEA, *own) for row in rows]

    def diagrams(self) -> list[dict[str, Any]]:
        rows = DriverDiagram.objects.filter(authority=self.authority).select_related("aim").order_by("pk")
        rows = rows.prefetch_related("drivers__links_to_primary", "drivers__links_to_ideas")
        return [self._diagram(row) for row in rows]

    def _diagram(self, row: DriverDiagram) -> dict[str, Any]:
        drivers = list(row.drivers.all())
        primary = [each for each in drivers if each.level == Level.PRIMARY]
        numbers = {each.pk: number for number, each in enumerate(primary, 1)}
        written = []
        for each in drivers:
            if each.level == Level.SECONDARY:
                said = self.plain(each, layout.PRIMARY)
                if serves := sorted(numbers[link.primary_id] for link in each.links_to_primary.all()):
                    said["serves"] = serves
                if links := sorted(each.links_to_ideas.all(), key=lambda link: link.pk):
                    said["ideas"] = [self.idea_keys[link.idea_id] for link in links]
                written.append(said)
        return (
            self.plain(row, layout.DIAGRAM, "title")
            | _of(row)
            | self.plain(row, layout.DIAGRAM, "sentence", "definitions", "retired_on", "retired_reason")
            | {"primary": [self.plain(each, layout.PRIMARY) for each in primary], "secondary": written}
        )

    def tests(self) -> list[dict[str, Any]]:
        rows = TestOfChange.objects.filter(authority=self.authority).order_by("pk")
        rows = rows.select_related("aim", "lead", "implementation").prefetch_related("members", "cycles")
        return [self._test(row) for row in rows]

    def _test(self, row: TestOfChange) -> dict[str, Any]:
        said = self.plain(row, layout.TEST, "title", test=row) | _of(row)
        if row.idea_id:
            said["idea"] = self.idea_keys[row.idea_id]
        said |= self.plain(row, layout.TEST, "begun_on", "withdrawn_on", "withdrawn_reason", test=row)
        said["cycles"] = [self._cycle(cycle, test=row) for cycle in row.ramp]
        if hasattr(row, "implementation"):
            said["implementation"] = self.plain(row.implementation, layout.IMPLEMENTATION, test=row)
        return said

    def _cycle(self, row: PdsaCycle, *, test: TestOfChange) -> dict[str, Any]:
        said = self.plain(row, layout.CYCLE, test=test)
        if "questions" in said:
            # In the order of the shape: a database need not keep that of what it stores.
            fields = layout.QUESTION.fields
            said["questions"] = [{name: each[name] for name in fields if each.get(name)} for each in said["questions"]]
        return said

    def measures(self) -> list[dict[str, Any]]:
        rows = Measure.objects.filter(authority=self.authority).select_related("aim").prefetch_related("values")
        own = [name for name in layout.MEASURE.fields if name not in ("name", "aim", "rule", "values")]
        return [
            self.plain(row, layout.MEASURE, "name")
            | _of(row)
            | self.plain(row, layout.MEASURE, *own)
            | ({"rule": row.rule} if row.rule is not None else {})
            | self._values(row)
            for row in rows.order_by("pk")
        ]

    def _values(self, row: Measure) -> dict[str, Any]:
        values = [self.plain(each, layout.VALUE) for each in row.values.all() if not each.is_taken_out]
        return {"values": values} if values else {}

    def programme(self) -> dict[str, Any]:
        row = Programme.objects.filter(authority=self.authority).first()
        return {
            "charter": self.plain(row, layout.CHARTER) if row else {},
            "members": [self._member(each) for each in _rows(GroupMember, "programme__authority", self.authority)],
            "scores": [
                self.plain(each, layout.PROGRESS)
                for each in ProgressScore.objects.filter(programme__authority=self.authority).order_by("pk")
            ],
            "barriers": list(self._barriers()),
            "meetings": [self._meeting(each) for each in self._meetings()],
        }

    def _member(self, row: GroupMember) -> dict[str, Any]:
        return (
            {"who": self.words.of(row)}
            | _of(row)
            | self.plain(row, layout.MEMBER, "agency", "role", "leads", "joined_on", "left_on")
        )

    def _barriers(self) -> Iterator[dict[str, Any]]:
        rows = list(_rows(Barrier, "authority", self.authority).select_related("owner"))
        for row in self._of_no_child(rows, "text", "asked", "resolution", what="A barrier"):
            yield (
                self.plain(row, layout.BARRIER, "text")
                | _of(row)
                | self.plain(row, layout.BARRIER, "raised_on")
                | {"owner": self.words.of_owner(row.owner, row.partner)}
                | self.plain(row, layout.BARRIER, "asked", "resolved_on", "resolution")
            )

    def _meetings(self) -> Iterable[Meeting]:
        return _rows(Meeting, "authority", self.authority).prefetch_related("items", "actions__owner")

    def _meeting(self, row: Meeting) -> dict[str, Any]:
        said = self.plain(row, layout.MEETING, "kind") | _of(row)
        said |= self.plain(row, layout.MEETING, "on", "called_off_reason", "closed_on")
        items = list(row.items.all())
        told = self._of_no_child(items, "decisions", what=f"A decision of {row}")
        said["agenda"] = [
            self.plain(
                item, layout.AGENDA_ITEM, *(("title", "fills", "decisions") if item in told else ("title", "fills"))
            )
            for item in items
        ]
        actions = sorted(row.actions.all(), key=lambda each: each.pk)
        said["actions"] = [
            self.plain(each, layout.ACTION, "text")
            | {"owner": self.words.of_owner(each.owner, each.partner)}
            | self.plain(each, layout.ACTION, "due_on", "done_on", "outcome")
            for each in self._of_no_child(actions, "text", "outcome", what=f"An action of {row}")
        ]
        return said

    def _of_no_child(self, rows: list[Model], *names: str, what: str) -> list[Model]:
        """Those of which no text has a pseudonym, which minutes may have; the others are told by `what`."""
        kept = []
        for row in rows:
            if any(self._speaks_of_a_child(getattr(row, name)) for name in names):
                self.left_out.append(f"{what} speaks of a single child and stays behind.")
            else:
                kept.append(row)
        return kept

    def _speaks_of_a_child(self, text: str) -> bool:
        words = {word.upper() for word in LIKE_A_PSEUDONYM.findall(text)}
        return bool(PSEUDONYM.search(text) or words & self.codes)


def _of(row: Model) -> dict[str, str]:
    """The code of the aim that a row belongs to, when it does."""
    return {"aim": row.aim.code} if row.aim else {}


def _rows(model: type[Model], path: str, authority: Organisation):
    return model.objects.filter(**{path: authority}).select_related("aim").order_by("pk")
