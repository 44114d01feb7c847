"""Look through all records for data quality, and keep what is found: to be run each night, before the first reader."""

from django.utils import timezone

from milestones.quality.look_through import look_through
from pace_site.accounts.command_line import NamedCommand
from pace_site.accounts.models import Organisation
from pace_site.look.words import british_date, children


class Command(NamedCommand):
    help = "Look through all records for data quality and keep what is found, for the page Data quality."

    def add_arguments(self, parser):
        parser.add_argument("--authority", metavar="CODE", help="This one alone; else every authority with children.")

    def handle(self, *, authority, **_options):
        local = Organisation.objects.filter(children__isnull=False).distinct().order_by("code")
        if authority:
            local = local.filter(code=authority)
        for organisation in local:
            look = look_through(organisation, as_at=timezone.localdate())
            self.stdout.write(f"{organisation}, as at {british_date(look.as_at)}: {children(look.children)} looked at.")
