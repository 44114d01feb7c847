"""Take in files of the national dataset: `manage.py import_national FILE...`."""

from pathlib import Path

from django.core.management.base import CommandError

from aims.national_dataset.intake import take_in_dataset
from aims.national_dataset.reading import MOST_BYTES, DatasetRefused
from pace_site.accounts.command_line import REJECTED, NamedCommand


class Command(NamedCommand):
    help = "Take in files of the national dataset, each whole or not at all; the same file twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="A file that an authority sent.")

    def handle(self, *, files: list[Path], **_options):
        refused = 0
        for path in files:
            try:
                with path.open("rb") as file:
                    # One byte more than is taken in, so that a file that is too large is known and not read whole.
                    body = file.read(MOST_BYTES + 1)
                taken = take_in_dataset(body, by=None)
            except OSError as problem:
                refused += 1
                self.stderr.write(f"{path}: the file cannot be read: {problem.strerror}.")
            except DatasetRefused as error:
                refused += 1
                self.stderr.write("\n".join([f"{path} is refused:", *self._faults(error)]))
            else:
                self.stdout.write(taken.in_words)
        if refused:
            raise CommandError(
                f"{refused} of {len(files)} refused. Nothing was changed by what was refused.", returncode=REJECTED
            )

    def _faults(self, refused: DatasetRefused):
        yield from (f"  {fault}" for fault in refused.faults)
        if more := refused.count - len(refused.faults):
            yield f"  and {more:,} more."
