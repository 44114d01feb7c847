"""Run a worker: it carries out long work until it is told to stop."""

from django_tasks_db.management.commands import db_worker

from pace_site.long_work.workers import SignsOfLife


class Command(db_worker.Command):
    help = (
        "Run a worker, which makes long reports in the background until it is told to stop. As many may run as there "
        "is room for, on as many machines."
    )

    def handle(self, *, worker_id: str, **options):
        signs = SignsOfLife(worker_id)
        signs.beat()
        signs.start()
        try:
            super().handle(worker_id=worker_id, **options)
        finally:
            signs.stop()
