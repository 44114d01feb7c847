"""The floor of a page: hand-written SQL that fetches the rows it tells of, and a page of its size that is ready.

What the page adds to that is the program's own: who may see what, clocks, words, drawing.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from milestones.stages import STAGE_KINDS
from milestones.steps import STEP_KINDS
from pace_site.accounts.roles import Role
from pace_site.defences.compressed import CompressedPagesMiddleware
from tests.bench.councils import Council
from tests.bench.statement import statement, well_planned

Statement = tuple[str, list[Any]]
# How rows of a child hang together; none of these is the name of anything that somebody could give.
STRETCHES = (
    ("children_careepisode", 'r.start, r."end", r.destination_id'),
    ("children_placement", 'r.start, r."end", r.placement_type_id, r.short_break'),
    ("children_legalbasis", 'r.start, r."end", r.measure_id'),
)
MILESTONE = "r.kind, r.happened_on, r.planned_on, r.precision, r.route, r.outcome, r.review_kind, r.pre_birth"
CHILD = "c.id, c.code, c.local_ref, c.family_id, c.team_id, c.date_of_birth, c.expected_on, c.sex"


def rows_of(condition: str, values: list[Any], *, kinds: Iterable[str] = ()) -> list[Statement]:
    """All rows of the children `c` of a condition, of the milestones those of `kinds` or all."""
    joined = f"JOIN children_child c ON c.id = r.child_id WHERE {condition} AND r.voided_on IS NULL"
    found = [(f"SELECT {CHILD} FROM children_child c WHERE {condition}", values)]
    found += [(f"SELECT r.child_id, {columns} FROM {table} r {joined}", values) for table, columns in STRETCHES]
    named = sorted(kinds)
    of_kinds = f" AND r.kind IN ({', '.join(['%s'] * len(named))})" if named else ""
    found.append((f"SELECT r.child_id, {MILESTONE} FROM milestones_milestone r {joined}{of_kinds}", values + named))
    return found


def of_council(council: Council, *, kinds: Iterable[str] = ()) -> list[Statement]:
    return rows_of("c.authority_id = %s", [council.organisation.pk], kinds=kinds)


def of_caseload(council: Council) -> list[Statement]:
    """The children allocated to the first social worker."""
    allocated = 'SELECT child_id FROM children_allocation WHERE user_id = %s AND "end" IS NULL'
    return rows_of(f"c.id IN ({allocated})", [council.person(Role.PRACTITIONER).pk], kinds=STEP_KINDS)


def of_team(council: Council) -> list[Statement]:
    team = council.person(Role.TEAM_MANAGER).memberships.get(role=Role.TEAM_MANAGER).team_id
    return rows_of("c.team_id = %s", [team], kinds=STEP_KINDS)


def of_child(council: Council) -> list[Statement]:
    name = ("SELECT given_name, family_name FROM children_identity WHERE child_id = %s", [council.child.pk])
    return [*rows_of("c.id = %s", [council.child.pk]), name]


def of_first_children(council: Council, number: int) -> list[Statement]:
    first = "SELECT id FROM children_child WHERE authority_id = %s ORDER BY code LIMIT %s"
    # Within one more bracket, as a limit may not stand in the inner question itself everywhere.
    return rows_of(f"c.id IN (SELECT id FROM ({first}) first_ones)", [council.organisation.pk, number])


def of_stages(council: Council) -> list[Statement]:
    return of_council(council, kinds=STAGE_KINDS)


def of_aims(*codes: str) -> Callable[[Council], list[Statement]]:
    """The counts of aims by state, of all children of the council; of all aims unless some are named."""

    def counts(council: Council) -> list[Statement]:
        chosen = {"aims": codes} if codes else {}
        sql = statement(connection.vendor, authority_id=council.organisation.pk, as_at=council.as_at, **chosen)
        return [(sql, [])]

    return counts


def of_nation(council: Council) -> list[Statement]:
    """The counts of the national aims over all authorities at one day; the page counts them at eight."""
    aims = ("NAT-1", "NAT-2", "NAT-3", "NAT-4")
    return [(statement(connection.vendor, authority_id=None, as_at=council.as_at, aims=aims), [])]


def of_findings(council: Council) -> list[Statement]:
    counted = (
        "SELECT c.team_id, f.rule, f.severity, COUNT(*) FROM milestones_keptfinding f"
        " JOIN children_child c ON c.id = f.child_id WHERE c.authority_id = %s GROUP BY c.team_id, f.rule, f.severity"
    )
    return [(counted, [council.organisation.pk])]


def latest(table: str, *, by: str, of: str = "authority_id") -> Callable[[Council], list[Statement]]:
    """The latest fifty rows of a table."""

    def fifty(council: Council) -> list[Statement]:
        value = council.organisation.code if of == "authority_code" else council.organisation.pk
        return [(f"SELECT * FROM {table} WHERE {of} = %s ORDER BY {by} DESC LIMIT 50", [value])]

    return fifty


def nothing(_council: Council) -> list[Statement]:
    return []


class _ReadyPage(ClientHandler):
    """Answers whatever is asked with one page, compressed as pages are, and does nothing else."""

    def __init__(self, body: bytes):
        super().__init__()
        self._body = body

    def load_middleware(self, is_async: bool = False) -> None:
        self._middleware_chain = CompressedPagesMiddleware(self._answer)

    def _answer(self, _request: HttpRequest) -> HttpResponse:
        return HttpResponse(self._body)


class Floor:
    """Fetches the rows of the statements, and a ready page of the size of `body`."""

    def __init__(self, statements: list[Statement], body: bytes):
        self._statements = statements
        self._client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
        self._client.handler = _ReadyPage(body)

    def __call__(self) -> None:
        with connection.cursor() as cursor:
            for sql, values in self._statements:
                # What counts aims has its values in it; the others fetch rows by an index.
                with well_planned(cursor, connection.vendor) if values == [] else nullcontext():
                    cursor.execute(sql, values)
                    cursor.fetchall()
        self._client.get("/")
