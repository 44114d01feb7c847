"""What the server and the database do meanwhile, looked at every second."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import psycopg2

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
QUESTION = """
SELECT count(*), count(*) FILTER (WHERE state <> 'idle'), count(*) FILTER (WHERE wait_event_type = 'Lock'),
  coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE xact_start IS NOT NULL), 0)
FROM pg_stat_activity WHERE datname = 'pace' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
TOTALS = "SELECT deadlocks, xact_rollback FROM pg_stat_database WHERE datname = 'pace'"


class Watch(Thread):
    """The most that was seen at once: connections, those that worked, those that waited for a lock; memory."""

    def __init__(self, *, postgres: Path, group: int):
        super().__init__(name="watch", daemon=True)
        self.postgres, self.group = postgres, group
        self.connections = self.busy = self.waiting = self.seconds_waited = 0
        self.longest_transaction = 0.0
        self.memory_of_one = self.memory = 0
        self.done = Event()

    def run(self) -> None:
        link = psycopg2.connect(dbname="pace", host=str(self.postgres), user="pace")
        link.autocommit = True
        self.deadlocks, _rolled_back = self._ask(link, TOTALS)
        self.processor = -processor_seconds(self.group)
        while not self.done.wait(1):
            total, busy, waiting, longest = self._ask(link, QUESTION)
            self.connections, self.busy = max(self.connections, total), max(self.busy, busy)
            self.waiting = max(self.waiting, waiting)
            self.seconds_waited += waiting
            self.longest_transaction = max(self.longest_transaction, float(longest))
            found = memory_of_group(self.group)
            self.memory, self.memory_of_one = max(self.memory, sum(found)), max(self.memory_of_one, *found, 0)
        self.processor += processor_seconds(self.group)
        self.deadlocks = self._ask(link, TOTALS)[0] - self.deadlocks
        link.close()

    def told(self) -> dict[str, float]:
        self.done.set()
        self.join()
        return {
            "web_processor_seconds": round(self.processor, 1),
            "web_memory_mb": round(self.memory / 1e6),
            "largest_process_mb": round(self.memory_of_one / 1e6),
            "database_connections": self.connections,
            "database_busy": self.busy,
            "database_waiting_for_a_lock": self.waiting,
            "seconds_waited_for_locks": self.seconds_waited,
            "longest_transaction_s": round(self.longest_transaction, 1),
            "deadlocks": self.deadlocks,
        }

    def _ask(self, link, question: str) -> tuple:
        with link.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()


def _stats_of_group(group: int) -> list[list[str]]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            words = path.read_text().rpartition(")")[2].split()
            if int(words[2]) == group:
                found.append(words)
    return found


def processor_seconds(group: int) -> float:
    """What the processes of a group have worked so far, children that ended included."""
    return sum(sum(map(int, words[11:15])) for words in _stats_of_group(group)) / TICKS


def memory_of_group(group: int) -> list[int]:
    """Bytes of each process, what they share counted in each."""
    return [int(words[21]) * PAGE for words in _stats_of_group(group)]
