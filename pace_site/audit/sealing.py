"""Join what was written to the hash chain, soon after it is committed (ADR 0015).

An entry is written unsealed, in the transaction of what it speaks of, so that no writer waits for another. When that
transaction has been committed, whoever wrote it seals all committed entries that wait, in order of their ids, under a
lock that nobody else needs. What stays unsealed by a crash is sealed with the next entry, or by `verify_audit`.

From time to time a web server tells the head in its log: where that is kept on another machine, whoever cuts off the
end of the trail is found by it.
"""

import logging
from dataclasses import dataclass
from secrets import token_hex
from time import monotonic

from django.db import connection, transaction

from pace_site.audit.chain import HASHED, NOTHING_BEFORE, PERSONAL, content_of, digest_values, seal_after
from pace_site.audit.models import AuditEntry
from pace_site.audit.occasion import occasion

# Sealed in one transaction: few enough that nobody waits long for the only writer that SQLite allows.
BATCH = 2000
# Any number, the same for every sealer, that no other advisory lock of this database has.
SEALERS_LOCK = 7_022_015
# Seconds between two lines of the log, of each process.
HEAD_TOLD_EVERY = 300
logger = logging.getLogger(__name__)
_told_at: float | None = None


@dataclass(frozen=True)
class Head:
    """The last sealed entry: how many are sealed, and by what the last of them is known."""

    position: int
    seal: str


def head_of_chain() -> Head:
    """Seal what waits, and return the head of the chain: for whoever keeps it elsewhere, as a backup does."""
    seal_waiting()
    return _head()


def seal_soon() -> None:
    """Seal this transaction's entries once it is committed; a failure to do so undoes nothing that was recorded."""
    if not any(call is _seal_if_free for _ids, call, _robust in connection.run_on_commit):
        transaction.on_commit(_seal_if_free, robust=True)


def seal_waiting(*, wait: bool = True) -> int:
    """Seal all committed entries that wait, and return how many; without `wait`, leave it to whoever is at it."""
    sealed = 0
    while count := _seal_batch(wait=wait):
        sealed += count
        if count < BATCH:
            break
    if sealed:
        _tell_head()
    return sealed


def _tell_head() -> None:
    """Say in the log of a web server where the chain ends, unless it said so lately or that may still be undone."""
    global _told_at
    now = monotonic()
    if (
        not occasion().request_id
        or connection.in_atomic_block
        or (_told_at is not None and now - _told_at < HEAD_TOLD_EVERY)
    ):
        return
    _told_at = now
    head = _head()
    logger.info("Head of the audit trail: %s at place %s", head.seal, head.position)


def _seal_if_free() -> None:
    seal_waiting(wait=False)


@transaction.atomic
def _seal_batch(*, wait: bool) -> int:
    if not _hold_lock(wait=wait):
        return 0
    names = (*HASHED, *PERSONAL)
    waiting = list(AuditEntry.objects.filter(position=None).order_by("pk").values(*names)[:BATCH])
    if not waiting:
        return 0
    head = _head()
    before, rows = head.seal, []
    for position, entry in enumerate(waiting, start=head.position + 1):
        salt = token_hex(16)
        values_digest = digest_values(entry, salt)
        before = seal_after(before, content_of(entry, values_digest))
        rows.append((entry["id"], position, salt, values_digest, before))
    _write_seals(rows)
    return len(rows)


def _head() -> Head:
    last = AuditEntry.objects.exclude(position=None).order_by("-position").values_list("position", "seal").first()
    return Head(*last) if last else Head(0, NOTHING_BEFORE)


def _hold_lock(*, wait: bool) -> bool:
    """Be the only sealer until the transaction ends. SQLite has one writer, and the transaction has begun as one."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALERS_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALERS_LOCK])
        return cursor.fetchone()[0]


def _write_seals(rows: list[tuple]) -> None:
    """One statement for a batch: an update per row would make an import twice as slow."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            # Only the table's own name and marks for values are put in.
            f"WITH fresh (id, position, salt, values_digest, seal) AS (VALUES {places}) "  # nosec B608
            f"UPDATE {table} SET position = fresh.position, salt = fresh.salt, values_digest = fresh.values_digest, "
            f"seal = fresh.seal FROM fresh WHERE {table}.id = fresh.id AND {table}.position IS NULL",
            [value for row in rows for value in row],
        )
