"""Delete what was made in the background more than a day ago; a worker does so by itself."""

from django.core.management.base import BaseCommand

from pace_site.long_work.workers import delete_old
from pace_site.look.words import count_of


class Command(BaseCommand):
    help = "Delete files that were made in the background more than a day ago. A running worker does so by itself."

    def handle(self, **_options):
        self.stdout.write(f"{count_of(delete_old(), 'piece of work', 'pieces of work')} deleted.")
