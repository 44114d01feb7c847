"""Run a worker: it carries out long work until it is told to stop, through outages of the database, too."""

import logging
import time

from django.db import DatabaseError, InterfaceError, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker

from pace_site.config.outages import outage_of
from pace_site.long_work.workers import SignsOfLife

logger = logging.getLogger("pace_site.long_work")

FIRST_PAUSE, LONGEST_PAUSE = 1, 15  # seconds


class Command(db_worker.Command):
    help = (
        "Run a worker, which makes long reports in the background until it is told to stop. As many may run as there "
        "is room for, on as many machines."
    )

    def handle(self, *, worker_id: str, **options):
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                self.work(worker_id, **options)
                return
            except (DatabaseError, InterfaceError) as error:
                if (outage := outage_of(error)) is None:
                    raise
                logger.warning("%s The worker tries again in %d seconds.", outage.value, pause)
            connection.close()
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE  # it had worked in between
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            # Under a new name, so that what the former one had taken up counts as interrupted and is taken up again.
            worker_id = get_random_string(32)

    def work(self, worker_id: str, **options) -> None:
        """Work under one name until told to stop, or until the database is away."""
        signs = SignsOfLife(worker_id)
        try:
            signs.beat()
            signs.start()
            super().handle(worker_id=worker_id, **options)
        finally:
            signs.stop()
