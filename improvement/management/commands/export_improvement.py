"""Write the improvement work of an authority to a file that others may have (`design.md` 4)."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from improvement.sharing.export import ExportRefused, export_improvement
from improvement.sharing.files import ENDINGS, as_text
from pace_site.accounts.command_line import REJECTED, USAGE, AuthorityCommand


class Command(AuthorityCommand):
    help = "Write ideas, tests, driver diagrams, measures and the programme to one file, without any child's data."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="Ends in .json, .yaml or .yml.")

    def handle(self, *, authority, out, **_options):
        out = Path(out)
        form = ENDINGS.get(out.suffix.lower())
        if form is None:
            raise CommandError(f"{out.name} ends in none of {', '.join(ENDINGS)}.", returncode=USAGE)
        organisation = self.authority(authority)
        try:
            shared = export_improvement(organisation, made_on=timezone.localdate(), by=None)
        except ExportRefused as refusal:
            said = "\n".join(["Nothing was written: a child may be known from these texts.", *refusal.places])
            raise CommandError(said, returncode=REJECTED) from None
        try:
            out.write_text(as_text(shared.document, form=form), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}", returncode=REJECTED) from None
        for words in shared.left_out:
            self.stderr.write(words)
        self.stdout.write(f"{out}: {', '.join(words for _count, words in shared.in_words)}.")
