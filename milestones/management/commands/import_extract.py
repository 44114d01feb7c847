"""Take in an authority's extract: `manage.py import_extract DIR --authority CODE --extract-date D`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from tqdm import tqdm

from milestones.extract.elsewhere import COVERED, DIFFERS, SAME
from milestones.extract.files import LAYOUT_FILES
from milestones.extract.intake import take_in_extract
from milestones.extract.intake_result import IntakeResult
from milestones.extract.named_sources import source_of_command
from pace_site.accounts.command_line import USAGE, AuthorityCommand, iso_date
from pace_site.accounts.models import Organisation

FIRST = 20


class Command(AuthorityCommand):
    help = "Take in the CSV files of a council's extract: all or nothing, and the same files twice change nothing."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("dir", metavar="DIR", type=Path, help=f"the folder with {', '.join(LAYOUT_FILES)}")
        parser.add_argument("--extract-date", required=True, type=iso_date, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--source",
            metavar="NAME",
            help="where the extract comes from: only what that source said before is replaced (default: the case "
            "system). A name that is not known yet is taken to have some of the children, not all",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON document, not words")
        parser.add_argument(
            "--skip-rejects", action="store_true", help="take in the good rows although others are rejected"
        )
        parser.add_argument(
            "--rejects", type=Path, metavar="FILE", help="where to list rejected rows (default: rejects.csv in DIR)"
        )

    def handle(self, *args, dir, authority, extract_date, source, dry_run, as_json, skip_rejects, rejects, **options):
        organisation = self.authority(authority, kind=Organisation.Kind.LOCAL_AUTHORITY)
        if not dir.is_dir():
            raise CommandError(f"There is no folder {dir}.")
        if rejects and rejects.resolve() in {(dir / file).resolve() for file in LAYOUT_FILES}:
            raise CommandError("The list of rejects would overwrite a file of the extract.", returncode=USAGE)
        try:
            with self._progress(dir) as progress, transaction.atomic():
                result = take_in_extract(
                    dir,
                    authority=organisation,
                    extract_date=extract_date,
                    source=source_of_command(organisation, source) if source is not None else None,
                    dry_run=dry_run,
                    skip_rejects=skip_rejects,
                    rejects_file=rejects,
                    progress=progress,
                )
                if not result.applied:
                    # Nor is a source kept of which nothing was taken in.
                    transaction.set_rollback(True)
        except OSError as error:
            raise CommandError(f"{error.filename or dir}: {error.strerror}. Nothing was changed.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=USAGE) from error
        for warning in [*result.warnings, *said_elsewhere(result)]:
            self.stderr.write(f"Note: {warning}")
        if as_json:
            self._print_json(result)
        elif not result.refused:
            self.stdout.write("\n".join(summary(result)))
        if result.refused:
            raise CommandError("\n".join([*rejects_in_words(result), "Nothing was changed."]))
        if result.rejects:
            self.stderr.write("\n".join(rejects_in_words(result)))

    def _print_json(self, result: IntakeResult) -> None:
        self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False, indent=1))

    @contextmanager
    def _progress(self, folder: Path) -> Iterator[Callable[[int], None] | None]:
        """A bar by bytes on a terminal, and nothing anywhere else."""
        if not self.stderr.isatty():
            yield None
            return
        paths = [folder / file for file in LAYOUT_FILES]
        total = sum(path.stat().st_size for path in paths if path.is_file())
        with tqdm(total=total, unit="B", unit_scale=True, desc="Reading the extract", leave=False) as bar:
            yield bar.update


def summary(result: IntakeResult) -> Iterator[str]:
    """What became of the extract, for a person."""
    yield f"{'file':<16}" + "".join(
        f"{name:>11}" for name in ("new", "changed", "unchanged", "gone", "kept", "rejected")
    )
    for file, counts in result.files.items():
        numbers = (counts.new, counts.changed, counts.unchanged, counts.gone, counts.kept, counts.rejected)
        yield f"{file:<16}" + "".join(f"{number:>11,}" for number in numbers)
    if not result.says_anything_new:
        yield "Nothing to change: the files say what is already recorded."
    for difference in result.differences[:FIRST]:
        yield f"  {difference}"
    if (more := len(result.differences) - FIRST) > 0:
        yield f"  and {more:,} more; --json lists them all."
    if missing := result.missing_children:
        names = ", ".join(missing[:FIRST]) + (" ..." if len(missing) > FIRST else "")
        yield f"In earlier extracts and not in this one, left as they are: {len(missing):,} ({names})."
    if result.dry_run:
        yield "Dry run: nothing was written."


def said_elsewhere(result: IntakeResult) -> Iterator[str]:
    """What is left as other sources and people say it."""
    for how, words in (
        (SAME, "say what is recorded already"),
        (DIFFERS, "say otherwise what is recorded already, and are left out"),
        (COVERED, "tell of a time of which other records tell, and are left out"),
    ):
        for by, count in result.elsewhere.of(how).items():
            yield f"{count:,} rows or cells of {result.source} {words}: {by}."


def rejects_in_words(result: IntakeResult) -> Iterator[str]:
    """The first rejects, how many there are, and where all of them are listed."""
    yield f"The extract has {result.rejects:,} reject{'' if result.rejects == 1 else 's'}:"
    for reject in result.first_rejects:
        yield f"  {reject}"
    if (more := result.rejects - len(result.first_rejects)) > 0:
        yield f"  and {more:,} more."
    yield f"All of them are listed in {result.rejects_file}."
