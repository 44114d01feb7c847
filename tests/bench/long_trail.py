"""A long audit trail: how long a page of the search takes, and what `verify_audit` costs (docs/performance.md).

`DATABASE_URL=... python -m tests.bench.long_trail fill 1000000` writes a sealed trail straight into an empty database:
two councils, 200 people, 20,000 children; each 40th entry is a list of 50 children, and one child is on all of them.
`... search` and `... verify` then measure, each in a process of its own, so that its memory is its own.
"""

import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from random import Random
from secrets import token_hex

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from pace_site.accounts.models import Organisation, RoleMembership, User  # noqa: E402
from pace_site.accounts.roles import Role  # noqa: E402
from pace_site.accounts.second_factor import MARK  # noqa: E402
from pace_site.audit.chain import (  # noqa: E402
    HASHED,
    NOTHING_BEFORE,
    PERSONAL,
    SEALING,
    content_of,
    digest_values,
    seal_after,
)
from pace_site.audit.verifying import verify  # noqa: E402

COUNCIL, OTHER = "S12000019", "S12000033"
PEOPLE, CHILDREN, ON_A_LIST, BLOCK = 200, 20_000, 50, 20_000
ORDINARY, ON_EVERY_LIST = "P-00777", "P-00413"
SOMEBODY = 1007
ACTIONS = ["view"] * 10 + ["change"] * 4 + ["search"] * 3 + ["create"] * 2 + ["sign_in"]
COLUMNS = (*HASHED, *PERSONAL, *SEALING)
SEARCHES = ("", "action=change", f"person={SOMEBODY}", "since=2026-01-01&until=2026-01-31", "page=200")
OF_A_CHILD = ("about=child", "about=child&action=search", f"about=child&person={SOMEBODY}")


def entries(number: int) -> Iterator[tuple[dict, list[str]]]:
    """Sealed entries of the last 400 days, each with the children of its list."""
    draw, seal = Random(7), NOTHING_BEFORE
    step = timedelta(days=400) / number
    first = timezone.now().astimezone(UTC) - timedelta(days=400)
    for place in range(1, number + 1):
        who, action, listed = draw.randrange(PEOPLE), draw.choice(ACTIONS), []
        entry = dict.fromkeys(COLUMNS, "") | {
            "id": place,
            "at": first + place * step,
            "authority_code": COUNCIL if place % 10 else OTHER,
            "actor_id": 1000 + who,
            "actor": f"p{who}@council.example",
            "action": action,
            "record_type": "child",
            "request_id": f"{place:032x}",
            "before": {"team": 1} if action == "change" else None,
            "after": {"team": 2} if action == "change" else None,
        }
        if place % 40 == 1:
            listed = sorted({ON_EVERY_LIST, *(f"P-{draw.randrange(CHILDREN):05d}" for _ in range(ON_A_LIST - 1))})
            entry |= {"action": "view", "record_type": "caseload", "before": None, "after": {"children": listed}}
        elif action != "sign_in":
            entry["child_code"] = f"P-{draw.randrange(CHILDREN):05d}"
        salt = token_hex(16)
        digest = digest_values(entry, salt)
        seal = seal_after(seal, content_of(entry, digest))
        yield entry | {"position": place, "salt": salt, "values_digest": digest, "seal": seal}, listed


def fill(number: int) -> None:
    call_command("migrate", verbosity=0)
    rows, listed = [], []
    for entry, children in entries(number):
        row = {
            name: json.dumps(entry[name]) if name in ("before", "after") and entry[name] else entry[name]
            for name in COLUMNS
        }
        rows.append(tuple(row.values()))
        listed += [(entry["id"], code) for code in children]
        if len(rows) == BLOCK or entry["id"] == number:
            with transaction.atomic():
                _insert("audit_auditentry", COLUMNS, rows)
                _insert("audit_mentionedchild", ("entry_id", "child_code"), listed)
            rows, listed = [], []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('audit_auditentry', 'id'), %s)", [number])
            cursor.execute("ANALYZE")


def _insert(table: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = ("\t".join("\\N" if value is None else str(value) for value in row) for row in rows)
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO("\n".join(lines)))
        else:
            values = ", ".join(["%s"] * len(columns))
            plain = [
                tuple(value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value for value in row)
                for row in rows
            ]
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", plain)


def search() -> None:
    """The fastest of five, of whole pages of 50 entries; own work is that of this process, SQLite included."""
    settings.ALLOWED_HOSTS = ["*"]
    council = Organisation.objects.get(code=COUNCIL)
    auditor, _made = User.objects.get_or_create(email="ig@council.example", defaults={"organisation": council})
    RoleMembership.objects.get_or_create(user=auditor, role=Role.IG_AUDITOR)
    User.objects.get_or_create(pk=SOMEBODY, defaults={"email": "somebody@council.example", "organisation": council})
    client = Client()
    client.force_login(auditor)
    for child, queries in (("", SEARCHES), (ORDINARY, OF_A_CHILD), (ON_EVERY_LIST, OF_A_CHILD)):
        session = client.session
        session[MARK] = {"user": auditor.pk, "by": "a measurement"}
        session["audit_child"] = child
        session.save()
        for query in queries:
            times, own = [], []
            for _time in range(5):
                began, busy = time.perf_counter(), time.process_time()
                answer = client.get(f"/audit/?{query}")
                times.append(time.perf_counter() - began)
                own.append(time.process_time() - busy)
                if answer.status_code != 200:
                    raise SystemExit(f"/audit/?{query} answered {answer.status_code}.")
            took = f"{min(times) * 1000:7.0f} ms, own work {min(own) * 1000:5.0f} ms"
            tell(f"{child or 'anybody':8} {query or 'everything':36} {took}")


def check() -> None:
    began = time.perf_counter()
    verdict = verify()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took, busy = time.perf_counter() - began, time.process_time()
    said = f"{verdict.read:,} entries, holds: {verdict.holds}"
    tell(f"{said}, {took:.0f} s, of which {busy:.0f} s of this process's own work, at most {peak:.0f} MB")


def tell(words: str) -> None:
    sys.stdout.write(f"{connection.vendor} {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"fill": lambda: fill(int(sys.argv[2])), "search": search, "verify": check}[sys.argv[1]]()
