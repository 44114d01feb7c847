"""Publish an authority's figures of a month that is over, through disclosure control."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from aims.published.publishing import publish_month
from pace_site.accounts.command_line import REJECTED, AuthorityCommand
from pace_site.front.command_line import month_end
from pace_site.look.words import count_of


class Command(AuthorityCommand):
    help = "Publish the aggregates of all active aims as at the end of a month; what is out never changes."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--month", required=True, type=month_end, metavar="YYYY-MM", help="A month that is over.")

    def handle(self, *, authority, month, **_options):
        try:
            published = publish_month(self.authority(authority), month_end=month, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=REJECTED) from error
        self.stdout.write(f"{published} published: {count_of(published.aims.count(), 'aim', 'aims')}.")
