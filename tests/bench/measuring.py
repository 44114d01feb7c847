"""Eight aims of a large council, from rows to figures, beside the one statement that computes the same counts."""

import statistics
import sys
from collections import Counter

from django.db import connection

from aims.compliance import Compliance
from aims.definition import AimDefinition
from aims.figures import journeys_for
from aims.outcomes import outcomes
from children.models import Child
from tests.bench.councils import Council
from tests.bench.statement import AIMS, statement, well_planned
from tests.bench.visits import milliseconds

REPEATS = 5


def row(council: Council) -> dict:
    """Stop where the two differ in a single count: a quick wrong answer is worth nothing."""
    definitions = [AimDefinition.from_mapping(mapping) for mapping in AIMS]
    sql = statement(connection.vendor, authority_id=council.organisation.pk, as_at=council.as_at)

    def by_statement() -> Counter:
        with connection.cursor() as cursor, well_planned(cursor, connection.vendor):
            cursor.execute(sql)
            return Counter({(aim, state): count for aim, state, count in cursor.fetchall()})

    def by_engine() -> Counter:
        journeys = journeys_for(definitions, Child.objects.filter(authority=council.organisation), council.as_at)
        found = Counter()
        for definition in definitions:
            counts = Compliance(outcomes(definition, journeys)).counts
            for state in ("MET", "MISSED", "OVERDUE", "WAITING", "EXITED"):
                found[definition.code, state] = counts[state]
            found[definition.code, "EXCLUDED"] = counts["excluded"]
        return +found

    if by_engine() != by_statement():
        sys.exit(f"The statement and the engine differ: {by_engine() - by_statement()}, {by_statement() - by_engine()}")
    # Turn about, so that whatever else the machine does falls on both.
    times = [(milliseconds(by_engine), milliseconds(by_statement)) for _ in range(REPEATS)]
    p50, floor = (statistics.median(column) for column in zip(*times, strict=True))
    return {
        "name": "eight aims measured",
        "p50_ms": round(p50, 1),
        "floor_ms": round(floor, 1),
        "ratio": round(p50 / floor, 2),
    }
