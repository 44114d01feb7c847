"""The clocks of the national aims counted by authority, and kept in the database while its rows stay as they are.

What is kept of an authority is found by a digest of all that it depends on: the marks of its revision (ADR 0031), which
are read anew each time, the definitions, the days, and the program itself. So an authority that was written to since is
counted again, and no other (ADR 0037).
"""

import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from time import time

import numpy as np
import pandas as pd
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from aims.count_columns import columns_of, count_columns
from aims.definition import AimDefinition
from aims.figures import journeys_for
from aims.models import NationalCounts
from aims.outcomes import Outcomes, outcomes
from children.models import Child
from milestones.kept_journeys import Revision, revisions_of
from pace_site.config.outages import Outage, outage_of

logger = logging.getLogger(__name__)
# Children whose journeys are in memory together: a nation at once takes half a gigabyte, so many a fifth of one.
MOST_AT_ONCE = 10_000
# Where the rules by which figures are reckoned stand, and when this process had read them.
PROGRAM = ("children", "milestones", "aims")
LOADED_AT = time()
# Counts by aim, day (ISO) and column, as they are kept.
Counts = Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass
class Counted:
    """The counts of some authorities (their keys); `fresh` are those of them to be kept, under their digest."""

    of: dict[int, Counts] = field(default_factory=dict)
    fresh: dict[int, str] = field(default_factory=dict)


def counts_of(
    authorities: Collection[int],
    children: QuerySet[Child],
    definitions: Sequence[AimDefinition],
    days: Sequence[date],
) -> Counted:
    """Count the clocks of the authorities' `children`, who are all that there are of them, at each of the days.

    It only reads; `keep` keeps what it counted anew.
    """
    program = _program()
    revisions = revisions_of(authorities, using=children.db) if program else {}
    digests = {each: _digest(revision, definitions, days, program) for each, revision in revisions.items()}
    counted = Counted()
    if digests:
        kept = NationalCounts.objects.using(children.db).filter(authority__in=digests, key__in=digests.values())
        for authority, key, counts in kept.values_list("authority", "key", "counts"):
            if key == digests[authority]:
                counted.of[authority] = counts
    for part in _parts([each for each in authorities if each not in counted.of], children):
        counted.of |= _count(part, children.filter(authority__in=part), definitions, days)
        # What somebody wrote while it was read is in some of the counts and not in others: shown, and not kept.
        after = revisions_of([each for each in part if each in digests], using=children.db) if digests else {}
        counted.fresh |= {each: digests[each] for each in after if after[each] == revisions[each]}
    return counted


def keep(counted: Counted) -> None:
    """Keep the counts that are fresh in the place of those before. Two who do it at once overwrite each other's.

    Where the database is busy they are not kept, and whoever asks next counts again.
    """
    if not counted.fresh:
        return
    rows = [
        NationalCounts(authority_id=authority, key=key, counts=counted.of[authority], counted_at=timezone.now())
        for authority, key in sorted(counted.fresh.items())  # in one order, so that nobody waits in a circle
    ]
    try:
        with transaction.atomic():
            NationalCounts.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["authority"], update_fields=["key", "counts", "counted_at"]
            )
    except OperationalError as error:
        if outage_of(error) is not Outage.BUSY:
            raise
        logger.info("The counts of %d authorities were not kept: %s", len(rows), Outage.BUSY.value)


def _parts(authorities: Collection[int], children: QuerySet[Child]) -> Iterator[tuple[int, ...]]:
    """The authorities, so many at a time that their journeys fit into memory; one at least."""
    if not authorities:
        return
    sizes = dict(children.filter(authority__in=authorities).order_by().values_list("authority").annotate(Count("pk")))
    part: list[int] = []
    size = 0
    for each in authorities:
        if part and size + sizes.get(each, 0) > MOST_AT_ONCE:
            yield tuple(part)
            part, size = [], 0
        part.append(each)
        size += sizes.get(each, 0)
    yield tuple(part)


def _count(
    authorities: Collection[int],
    children: QuerySet[Child],
    definitions: Sequence[AimDefinition],
    days: Sequence[date],
) -> dict[int, Counts]:
    journeys = journeys_for(definitions, children, max(days))
    counts: dict[int, dict] = {each: {definition.code: {} for definition in definitions} for each in authorities}
    for day in days:
        then = journeys.on(day)
        for definition in definitions:
            for authority, columns in _by_authority(outcomes(definition, then), authorities).items():
                counts[authority][definition.code][day.isoformat()] = columns
    return counts


def _by_authority(outcomes: Outcomes, authorities: Collection[int]) -> dict[int, dict[str, int]]:
    of_authority = outcomes.children["authority"].to_numpy()[outcomes.frame["child"].to_numpy()]
    clocks = columns_of(outcomes)
    return {each: count_columns(clocks, among=of_authority == each) for each in authorities}


def _digest(revision: Revision, definitions: Sequence[AimDefinition], days: Sequence[date], program: str) -> str:
    on = {
        "authority": revision.authority,
        "marks": sorted(revision.marks),
        "definitions": [definition.to_mapping() for definition in definitions],
        "days": [day.isoformat() for day in days],
        "program": program,
    }
    return sha256(json.dumps(on, sort_keys=True).encode()).hexdigest()


@cache
def _program() -> str:
    """A digest of the files that figures are reckoned by: another release counts for itself.

    Empty where one of them was written since this process read it: nothing says by which it reckons.
    """
    digest = sha256(f"{np.__version__} {pd.__version__}".encode())
    for folder in PROGRAM:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in (".py", ".yaml"):
                if file.stat().st_ctime >= LOADED_AT:
                    return ""
                body = file.read_bytes()
                digest.update(f"{file.relative_to(settings.BASE_DIR)} {len(body)} ".encode() + body)
    return digest.hexdigest()
