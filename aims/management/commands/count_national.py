"""Count the national aims ahead, for whoever opens the national view first: to be run each night."""

from django.utils import timezone

from aims.national.figures import count_ahead
from aims.national.quarters import quarter_ends
from pace_site.accounts.command_line import NamedCommand
from pace_site.accounts.models import User
from pace_site.accounts.roles import Role
from pace_site.look.words import count_of


class Command(NamedCommand):
    help = "Count the national aims ahead, of authorities that were written to since, for whoever looks at them first."

    def handle(self, **_options):
        if not User.objects.filter(is_active=True, memberships__role=Role.NATIONAL_ANALYST).exists():
            self.stdout.write("Nobody here looks at the figures of all authorities. Nothing was counted.")
            return
        counted = count_ahead(quarter_ends(timezone.localdate()))
        anew = count_of(len(counted.fresh), "authority was", "authorities were")
        self.stdout.write(f"{anew} counted anew and kept, of {len(counted.of)}.")
