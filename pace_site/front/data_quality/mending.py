"""Which form mends a finding: the record that it names, corrected; or the record that is missing, made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from children.models import Child
from milestones.desks import permission_to_record
from milestones.models import AcceptedFinding, Milestone
from milestones.quality.declaration import DECLARED, INFORMATION, Finding, Rule
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.front.recording.entries import ENTRIES, slug_of

# How the addresses of corrections call a record, what a link says, and who may follow it.
RECORDS = {
    "child": ("child", "Correct who the child is", Permission.RECORD_CARE),
    "careepisode": ("episode", "Correct the episode of care", Permission.RECORD_CARE),
    "placement": ("placement", "Correct the placement", Permission.RECORD_CARE),
    "legalbasis": ("legal-basis", "Correct the legal basis", Permission.RECORD_COURT),
}
# The form that records what is missing, by field; of a milestone it is that of its kind.
FORMS = {"episode.start": "looked-after", "episode.end": "leaving-care"}
FORM_OF_TABLE = {"placement": "placement", "legal": "legal-basis"}


@dataclass(frozen=True)
class Link:
    words: str
    address: str


@dataclass(frozen=True)
class ShownFinding:
    """A finding as a page shows it: what is wrong, what to do, and where; `accepted` when somebody accepted it."""

    finding: Finding
    links: tuple[Link, ...] = ()
    accepted: AcceptedFinding | None = None

    @property
    def rule(self) -> Rule:
        return DECLARED[self.finding.rule]

    @property
    def is_information(self) -> bool:
        return self.finding.severity == INFORMATION


def shown_findings(
    found: Sequence[tuple[Finding, AcceptedFinding | None]], children: dict[int, Child], *, to: User, named: set[int]
) -> list[ShownFinding]:
    """Findings with the forms that mend them; `named` are the children whom `to` may see by name, and so record for."""
    kinds = _kinds_of(children, to)
    return [
        ShownFinding(
            finding,
            _links(finding, children[finding.child_id].code, kinds, to) if finding.child_id in named else (),
            accepted,
        )
        for finding, accepted in found
    ]


def _kinds_of(children: Iterable[int], to: User) -> dict[int, str]:
    """The kinds of all milestones of these children, in one query whatever was found."""
    return dict(Milestone.objects.identifiable_to(to).filter(child__in=children).values_list("pk", "kind"))


def _links(finding: Finding, code: str, kinds: dict[int, str], to: User) -> tuple[Link, ...]:
    links = []
    for table, key in _records(finding):
        if table in RECORDS:
            what, words, permission = RECORDS[table]
        elif key in kinds:
            what, words, permission = "milestone", "Correct the milestone", permission_to_record(kinds[key])
        else:
            continue
        if can(to, permission):
            links.append((words, reverse("correct", kwargs={"code": code, "what": what, "pk": key})))
    for slug in _missing(DECLARED[finding.rule].perhaps):
        entry = ENTRIES[slug]
        if can(to, entry.permission):
            links.append((f"Record: {entry.label}", reverse("record", kwargs={"code": code, "slug": slug})))
    return tuple(_numbered(links))


def _records(finding: Finding) -> list[tuple[str, int]]:
    named = [part.rsplit(" ", 1) for part in finding.key.split(", ") if part]
    return [(table, int(key)) for table, key in named]


def _missing(fields: Iterable[str]) -> list[str]:
    """The forms of what may be missing, each once."""
    slugs = []
    for field in fields:
        table = field.split(".")[0]
        slugs.append(FORMS.get(field) or FORM_OF_TABLE.get(table) or slug_of(table))
    return [slug for slug in dict.fromkeys(slugs) if slug in ENTRIES]


def _numbered(links: list[tuple[str, str]]) -> Iterable[Link]:
    """Two links to records of one kind say the first and the second."""
    words = [each for each, _address in links]
    seen = []
    for each, address in links:
        seen.append(each)
        many = words.count(each) > 1
        yield Link(f"{each} ({seen.count(each)} of {words.count(each)})" if many else each, address)
