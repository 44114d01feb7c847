"""What the rules of data quality know beside a child's own rows: the clocks, the extracts, and other children."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Replace, Upper
from django.utils import timezone

from children.models import CareEpisode, Child, ExtractSource, LegalBasis, Listed, Origin, Placement
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.clocks.running import ClockRule, episodes_without_placement, run_clocks
from milestones.extract.differences import EXTRACT_OF, UNDONE
from milestones.extract.named_sources import extract_in_words
from milestones.journeys import Journeys, load_journeys
from milestones.models import ImportRun, Milestone
from milestones.quality.waits import WAITING_KINDS
from pace_site.audit.models import AuditEntry

# As many children of one authority with one imported 1 April are no accident: five, and one in a hundred.
FEWEST_IN_BULK = 5
BULK_PER_CENT = 1


@dataclass(frozen=True)
class ExtractChange:
    """A row that an extract changed or no longer had: values by column, before and after."""

    record_type: str
    before: dict
    after: dict | None


@dataclass(frozen=True, eq=False)
class RunningClocks:
    """The clocks of the children of one load, which may be among others in `journeys`."""

    journeys: Journeys
    _found: dict = field(default_factory=dict, kw_only=True)

    def overdue(self, child: Child, rule: ClockRule, as_at: date) -> list[tuple[date, date]]:
        """(start, due) of each clock of the child under `rule` that is late and still waits as at a day."""
        return self._by_child(rule, as_at).get(child.pk, [])

    def without_placement(self, child: Child, as_at: date) -> list[date]:
        """The starts of the child's open episodes that have no placement at all."""
        return self._by_child("without placement", as_at).get(child.pk, [])

    def _by_child(self, asked: ClockRule | str, as_at: date) -> dict[int, list]:
        if (asked, as_at) not in self._found:
            journeys = self.journeys.once(("on", as_at), lambda: self.journeys.on(as_at))
            self._found[asked, as_at] = self._run(asked, journeys)
        return self._found[asked, as_at]

    def _run(self, asked: ClockRule | str, journeys: Journeys) -> dict[int, list]:
        found = defaultdict(list)
        ids = journeys.children["id"].to_numpy()
        if isinstance(asked, ClockRule):
            clocks = run_clocks(asked, journeys)
            late = (clocks["stop"] == OPEN) & (clocks["exit"] == OPEN) & (clocks["due"] < journeys.today)
            for row in clocks[late & clocks["placeable"].astype(bool)].sort_values("start").itertuples():
                found[ids[row.child]].append((from_day(row.start), from_day(row.due)))
        else:
            for row in episodes_without_placement(journeys).itertuples():
                found[ids[row.child]].append(from_day(row.start))
        return found


@dataclass(frozen=True, eq=False)
class Surroundings(RunningClocks):
    """Shared by the records of one load: their clocks, and what other rows say of them.

    `known_on`: the day of the load. `extracts`: by authority, each source with the dates of its extracts. `seen`: the
    date of the last extract that had the child, by child and source. `twice`: children whose council reference
    another has too, but for capitals and spaces. `other_family`: placements that began with those of a child of
    another family. `in_bulk`: (authority, column, day) of imported dates that too many children share.
    """

    known_on: date
    extracts: dict[int, dict[ExtractSource, list[date]]]
    seen: dict[tuple[int, int], date]
    changes: dict[tuple[str, str, str], list[ExtractChange]]
    twice: frozenset[int]
    other_family: frozenset[int]
    in_bulk: frozenset[tuple[int, str, date]]

    def last_extracts(self, child: Child, as_at: date) -> Iterator[tuple[ExtractSource, date]]:
        """The latest extract of each source of the child's authority up to a day."""
        for source, days in self.extracts.get(child.authority_id, {}).items():
            if so_far := [day for day in days if day <= as_at]:
                yield source, max(so_far)

    def changed_by(self, source: ExtractSource, extract: date, child: Child) -> list[ExtractChange]:
        """What the extract of that source and date changed of the child."""
        return self.changes.get((child.authority.code, child.code, said_of(extract, source)), [])


def said_of(extract: date, source: ExtractSource) -> str:
    """The words by which the audit trail names an extract."""
    return f"{EXTRACT_OF}{extract_in_words(extract, source)}"


def load_surroundings(
    children: QuerySet[Child],
    rows: Sequence[Child],
    tables: Iterable[dict[int, list]],
    *,
    journeys: Journeys | None = None,
) -> Surroundings:
    """Read what is around `children` (loaded as `rows`, with their rows in `tables`), in a fixed number of queries.

    `journeys` are theirs, with the kinds of `WAITING_KINDS`, where the caller has read them.
    """
    known_on = timezone.localdate()
    authorities = {row.authority_id for row in rows}
    extracts = defaultdict(lambda: defaultdict(list))
    sources = {source.pk: source for source in ExtractSource.objects.filter(authority__in=authorities)}
    runs = ImportRun.objects.taken_in().filter(authority__in=authorities).values_list("source", "extract_date")
    for key, day in runs.order_by().distinct():
        extracts[sources[key].authority_id][sources[key]].append(day)
    return Surroundings(
        known_on=known_on,
        journeys=journeys or load_journeys(children, known_on, kinds=WAITING_KINDS),
        extracts=extracts,
        seen=Listed.objects.last_seen(children.order_by().values("pk")),
        changes=_changes(rows),
        twice=_twice(rows, authorities),
        other_family=_other_family(children),
        in_bulk=_in_bulk(rows, authorities, tables),
    )


def _changes(rows: Sequence[Child]) -> dict[tuple[str, str, str], list[ExtractChange]]:
    """What extracts that stand changed of children and their episodes, by authority, pseudonym and extract."""
    codes = defaultdict(list)
    for row in rows:
        codes[row.authority.code].append(row.code)
    # The pseudonyms themselves, not a question for them: then PostgreSQL looks them up (of 1,000 children, 10 to 18 s
    # became less than 0.7).
    of_children = [Q(authority_code=authority, child_code__in=of_it) for authority, of_it in sorted(codes.items())]
    entries = AuditEntry.objects.filter(
        reduce(or_, of_children, Q(pk__in=[])),
        record_type__in=[Child._meta.model_name, CareEpisode._meta.model_name],
    ).filter(Q(reason__startswith=EXTRACT_OF) | Q(reason__startswith=UNDONE))
    found = defaultdict(dict)
    for authority, code, reason, kind, key, action, before, after in entries.order_by("pk").values_list(
        "authority_code", "child_code", "reason", "record_type", "record_id", "action", "before", "after"
    ):
        if reason.startswith(UNDONE):
            # Extracts of one day change a row one after the other, and the last is undone first.
            changes = found[authority, code, EXTRACT_OF + reason.removeprefix(UNDONE)]
            if of_row := changes.get((kind, key)):
                of_row.pop()
        elif action in (AuditEntry.Action.CHANGE, AuditEntry.Action.REMOVE):
            changes = found[authority, code, reason]
            changes.setdefault((kind, key), []).append(ExtractChange(kind, before or {}, after))
    return {said: [each for of_row in rows.values() for each in of_row] for said, rows in found.items()}


def _twice(rows: Sequence[Child], authorities: set[int]) -> frozenset[int]:
    repeated = (
        Child.objects.filter(authority__in=authorities, merged_into=None)
        .order_by()
        .annotate(bare=Replace(Upper("local_ref"), Value(" "), Value("")))
        .values_list("authority_id", "bare")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
        .values_list("authority_id", "bare")
    )
    refs = set(repeated)
    return frozenset(row.pk for row in rows if (row.authority_id, row.local_ref.upper().replace(" ", "")) in refs)


def _other_family(children: QuerySet[Child]) -> frozenset[int]:
    """Placements with a carer with whom a child of another family was placed on the same day.

    Only placements with which the child became looked after: children who come to one carer together, on their first
    day, are most often siblings.
    """
    with_carer = Placement.objects.standing().exclude(carer="")
    # Asked one after the other: as one question, it joins every placement with every other before it counts anything.
    carers = set(with_carer.filter(child__in=children.order_by().values("pk")).values_list("carer", flat=True))
    placed_there = with_carer.filter(
        child__authority__in=children.order_by().values("authority"), carer__in=carers
    ).order_by()
    episodes = CareEpisode.objects.standing().filter(child__in=placed_there.values("child"))
    first_days = set(episodes.order_by().values_list("child", "start"))
    together = defaultdict(list)
    for pk, child, authority, carer, start, family in placed_there.values_list(
        "pk", "child", "child__authority", "carer", "start", "child__family"
    ):
        if (child, start) in first_days:
            together[authority, carer, start].append((pk, family))
    return frozenset(
        pk for placed in together.values() if len({family for _pk, family in placed}) > 1 for pk, _family in placed
    )


def column_of(row: CareEpisode | Placement | LegalBasis | Milestone) -> str:
    """The column of an extract that the first day of a row stands in."""
    return row.kind if isinstance(row, Milestone) else row._meta.model_name


def day_of(row: CareEpisode | Placement | LegalBasis | Milestone) -> date | None:
    """The first day of a row."""
    return row.happened_on if isinstance(row, Milestone) else row.start


def is_first_of_april(row: CareEpisode | Placement | LegalBasis | Milestone) -> bool:
    day = day_of(row)
    return row.origin == Origin.EXTRACT and day is not None and (day.month, day.day) == (4, 1)


def _in_bulk(
    rows: Sequence[Child], authorities: set[int], tables: Iterable[dict[int, list]]
) -> frozenset[tuple[int, str, date]]:
    days = {
        day_of(row) for table in tables for mine in table.values() for row in mine if is_first_of_april(row)
    }  # no such day, no query
    counts = Counter()
    for model, column, day in (
        (CareEpisode, Value(CareEpisode._meta.model_name), "start"),
        (Placement, Value(Placement._meta.model_name), "start"),
        (LegalBasis, Value(LegalBasis._meta.model_name), "start"),
        (Milestone, F("kind"), "happened_on"),
    ):
        found = (
            model.objects.standing()
            .filter(child__authority__in=authorities, origin=Origin.EXTRACT, **{f"{day}__in": days})
            .order_by()
            .annotate(column=column)
            .values_list("child__authority_id", "column", day)
            .annotate(children=Count("child", distinct=True))
        )
        for authority, name, on, count in found:
            counts[authority, name, on] = count
    many = {key: count for key, count in counts.items() if count >= FEWEST_IN_BULK}
    if not many:
        return frozenset()
    sizes = Counter(Child.objects.filter(authority__in=authorities).order_by().values_list("authority_id", flat=True))
    return frozenset(key for key, count in many.items() if count * 100 >= sizes[key[0]] * BULK_PER_CENT)
