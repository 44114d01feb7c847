"""Write what a fresh site begins with, at once or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from aims.actions import save_definition
from aims.aim_templates import aim_templates
from pace_site.accounts.models import Organisation, Team, User
from pace_site.audit.actions import state_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.people.actions import make_administrator


class AlreadySetUp(Exception):
    """Somebody has an account: from then on people and aims are made on the pages for that."""


@dataclass(frozen=True)
class Administrator:
    """The first person of a site; without a password, one is given by `changepassword`."""

    email: str
    given_name: str
    family_name: str
    password: str | None = None


def is_fresh() -> bool:
    """Whether nobody has an account."""
    return not User.objects.exists()


@transaction.atomic
def set_up(
    organisation: Organisation, *, administrator: Administrator, teams: Sequence[str] = (), aims: Sequence[str] = ()
) -> User:
    """Make the first administrator, the teams and, of the templates with these codes, the aims of a council.

    Raises `AlreadySetUp` when anybody has an account, of whatever council.
    """
    # Two who set up at once wait for each other here, whichever councils they choose.
    list(Organisation.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not is_fresh():
        raise AlreadySetUp
    person, _is_new = make_administrator(
        administrator.email.lower(),
        organisation=organisation,
        password=administrator.password,
        first_name=administrator.given_name,
        last_name=administrator.family_name,
    )
    for name in teams:
        team = Team.objects.create(organisation=organisation, name=name)
        record(
            AuditEntry.Action.CREATE,
            authority=organisation,
            record_type="team",
            record_id=team.pk,
            by=None,
            after=state_of(team),
        )
    templates = aim_templates()
    for code in aims:
        save_definition(templates[code].definition, authority=organisation, by=None, reason="Set up from a template")
    return person
