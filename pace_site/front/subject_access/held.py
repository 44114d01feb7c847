"""All that is held of one child, as tables of words: what both files of a subject access are made of.

Of other people (ADR 0022): brothers and sisters are counted and not named, carers are left out, workers are named as
those who acted for the council, and of a list in which the child stood, the other children are left out. Words that
people typed are given whole: whoever hands the file out reads them first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from aims.models import ReminderSent, ReminderSnooze
from children.closed_records import Withheld, withheld
from children.models import Child, Kept, Origin
from children.retention.models import KeptLonger, RightsRequest
from milestones.catalogue import ChangePrompt, OrderType, Precision, ReviewKind, Route, label_of, outcome_label
from milestones.models import AcceptedFinding
from pace_site.accounts.models import User
from pace_site.audit.models import AuditEntry
from pace_site.front.auditing.entry_words import in_words
from pace_site.look.words import british_date, british_moment, count_of

NOTHING_WITHHELD = Withheld()
SEVERAL = "Several children: not given here"


@dataclass(frozen=True)
class Table:
    """Rows of words under headings; `note` says what is left out and why."""

    key: str
    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True)
class Held:
    facts: list[tuple[str, str]]
    tables: list[Table]
    withheld: Withheld = NOTHING_WITHHELD


def held_of(child: Child, *, to: User) -> Held:
    """Everything held of a child whom `to` may see by name; a constant number of queries."""
    people = {str(person.pk): str(person) for person in User.objects.visible_to(to)}
    return Held(
        facts=_facts(child, to=to),
        withheld=withheld(
            Child.objects.closed_to(to, with_identity=True).siblings_of(child), of=child.authority, to=to
        ),
        tables=[
            _stretches(
                "care",
                "Looked after",
                child.episodes.select_related("destination", "extract_source"),
                ("Went to",),
                lambda row: (_words(row.destination),),
            ),
            _stretches(
                "placements",
                "Where the child lived",
                child.placements.select_related("placement_type", "extract_source"),
                ("Kind of home", "Provider", "Short break"),
                lambda row: (str(row.placement_type), row.provider, "yes" if row.short_break else ""),
                note="Carers are other people and are left out.",
            ),
            _stretches(
                "legal_bases",
                "Legal bases",
                child.legal_bases.select_related("measure", "extract_source"),
                ("Basis",),
                lambda row: (str(row.measure),),
            ),
            _milestones(child),
            _workers(child),
            _tests_of_change(child),
            _reminders(child),
            _reviews(child),
            _accepted(child),
            _trail(child, to=to, people=people),
        ],
    )


def _facts(child: Child, *, to: User) -> list[tuple[str, str]]:
    name = getattr(child, "identity", None)
    # Of a brother or sister whose record is closed to the reader, or who was adopted, not even the number tells.
    siblings = Child.objects.visible_to(to).siblings_of(child).count()
    return [
        ("Given name", name.given_name if name else "not recorded"),
        ("Family name", name.family_name if name else "not recorded"),
        ("Council reference", child.local_ref),
        ("Pseudonym", child.code),
        ("Date of birth", british_date(child.date_of_birth)),
        ("Expected date of birth", british_date(child.expected_on)),
        ("Sex", child.get_sex_display()),
        ("Ethnic group", child.ethnicity or "not recorded"),
        ("Disability", child.disability or "not recorded"),
        ("Locality", child.locality or "not recorded"),
        ("Team", str(child.team) if child.team else "not recorded"),
        ("Brothers and sisters on record", f"{siblings}; what is held of them is theirs, and not here"),
        ("Came from", _came_from(child)),
        ("Last extract that had the child", british_date(child.last_extract_on)),
    ]


def _came_from(row: Kept | Child) -> str:
    """By hand, or with the extracts of which source."""
    if row.origin == Origin.HAND:
        return row.get_origin_display()
    return f"{row.get_origin_display()}: {row.extract_source}"


def _stretches(key: str, title: str, rows: Iterable[Kept], headings: tuple[str, ...], of, *, note: str = "") -> Table:
    found = sorted(rows, key=lambda row: (row.start, row.pk))
    return Table(
        key,
        title,
        ("From", "To", *headings, "Where it comes from", "Set aside"),
        [
            (
                british_date(row.start),
                british_date(row.end) if row.end else "",
                *of(row),
                _came_from(row),
                _set_aside(row),
            )
            for row in found
        ],
        note,
    )


def _milestones(child: Child) -> Table:
    reviews, orders, routes = dict(ReviewKind.choices), dict(OrderType.choices), dict(Route.choices)
    rows = child.milestones.select_related("recorded_by", "extract_source").order_by("happened_on", "planned_on", "pk")
    said = []
    for row in rows:
        more = [
            ("Route", routes.get(row.route, row.route)),
            ("Also planned", routes.get(row.concurrent_route, row.concurrent_route)),
            ("Outcome", outcome_label(row.outcome) if row.outcome else ""),
            ("Review", reviews.get(row.review_kind, row.review_kind)),
            ("Order", orders.get(row.order_type, row.order_type)),
            ("Before birth", "yes" if row.pre_birth else ""),
            ("First accommodated", british_date(row.first_accommodated_on) if row.first_accommodated_on else ""),
            ("Why the plan changed", row.change_reason),
            ("Prompted by", dict(ChangePrompt.choices).get(row.change_prompt, row.change_prompt)),
            ("Note", row.note),
        ]
        said.append(
            (
                label_of(row.kind),
                british_date(row.happened_on) if row.happened_on else "",
                british_date(row.planned_on) if row.planned_on else "",
                "" if row.precision == Precision.DAY else row.get_precision_display(),
                "; ".join(f"{label}: {words}" for label, words in more if words),
                row.source,
                f"{row.recorded_by or row.recorder or _came_from(row)}, {british_date(row.recorded_on)}",
                _set_aside(row),
            )
        )
    headings = ("Milestone", "Happened", "Planned", "How exact", "More", "Read from", "Recorded", "Set aside")
    return Table("milestones", "Milestones", headings, said, "How each was changed stands in the audit trail below.")


def _workers(child: Child) -> Table:
    rows = child.allocations.select_related("user").order_by("start", "pk")
    return Table(
        "workers",
        "Who worked with the child",
        ("Name", "From", "To"),
        [(str(row.user), british_date(row.start), british_date(row.end) if row.end else "") for row in rows],
    )


def _tests_of_change(child: Child) -> Table:
    cycles = child.cycles.select_related("test").order_by("pk")
    return Table(
        "tests_of_change",
        "Tests of change in which the child took part",
        ("Test", "Cycle"),
        [(cycle.test.title, str(cycle.number)) for cycle in cycles],
    )


def _reminders(child: Child) -> Table:
    sent = ReminderSent.objects.filter(child=child).select_related("aim").order_by("sent_on", "pk")
    asleep = ReminderSnooze.objects.filter(child=child).select_related("aim", "by").order_by("since", "pk")
    rows = [(british_date(row.sent_on), f"Reminder sent: {row.aim}", "") for row in sent]
    rows += [(british_date(row.since), f"Put off by {row.by}: {row.aim}", row.reason) for row in asleep]
    return Table("reminders", "Reminders", ("Day", "What", "Why"), rows)


def _reviews(child: Child) -> Table:
    rows = [
        (
            british_date(row.received_on),
            row.get_kind_display(),
            row.asked,
            row.get_decision_display(),
            row.decision_words,
        )
        for row in RightsRequest.objects.filter(child=child).order_by("received_on", "pk")
    ]
    rows += [
        (british_date(row.on), f"Kept until {british_date(row.until)}", "", "", row.reason)
        for row in KeptLonger.objects.filter(child=child)
    ]
    return Table(
        "requests", "Requests and reviews of this record", ("Day", "What", "Asked", "Decided", "In words"), rows
    )


def _accepted(child: Child) -> Table:
    """What somebody accepted as true of the record, and why; what the checks find is made anew from the rows above."""
    accepted = AcceptedFinding.objects.filter(child=child).select_related("accepted_by")
    rows = [
        (
            british_date(timezone.localdate(row.accepted_at)),
            row.message,
            row.reason,
            str(row.accepted_by),
            british_date(timezone.localdate(row.taken_back_at)) if row.taken_back_at else "",
        )
        for row in accepted.order_by("accepted_at", "pk")
    ]
    return Table("accepted", "Odd and accepted as true", ("Day", "What", "Why", "By whom", "Taken back"), rows)


def _trail(child: Child, *, to: User, people: dict[str, str]) -> Table:
    """Who did what with the record, oldest first; of a list with others, that the child stood in it and no more."""
    entries = AuditEntry.objects.visible_to(to, about=child.code).order_by("pk")
    rows = []
    for told in in_words(list(entries), to=to, people=people):
        is_own = told.entry.child_code == child.code
        changes = "; ".join(f"{change.field}: {change.before} -> {change.after}" for change in told.changes)
        rows.append(
            (
                british_moment(told.at),
                told.who,
                told.did,
                told.what,
                changes if is_own else SEVERAL,
                told.reason if is_own else "",
            )
        )
    headings = ("When", "Who", "Did", "What", "Before and after", "Reason")
    note = (
        "Where the child stood on a list with others, the entry says so, and the others are left out. Addresses of "
        "machines are left out."
    )
    return Table("audit_trail", "Who saw or changed the record", headings, rows, note)


def _set_aside(row: Kept) -> str:
    return f"{british_date(row.voided_on)}: {row.void_reason}" if row.is_void else ""


def _words(value: object | None) -> str:
    return "" if value is None else str(value)


def counted(held: Held) -> list[str]:
    """What a file would hold, in words, for the page that asks why."""
    return [f"{table.title}: {count_of(len(table.rows), 'row', 'rows')}" for table in held.tables]
