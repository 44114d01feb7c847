"""The demo: two fictional authorities with their people, children and aims, one with a year of improvement work, and a
national analyst.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from aims.actions import save_definition
from aims.aim_file import read_aim_file
from aims.models import Aim, Annotation
from aims.national.months import month_ends
from aims.published.publishing import publish_month
from milestones.quality.look_through import look_through
from pace_site.accounts.authorities import NATIONAL_CODE, NATIONAL_NAME
from pace_site.accounts.models import Organisation, RoleMembership, Team, User
from pace_site.accounts.roles import TEAM_ROLES, Role
from pace_site.front.fiction.allocations import allocate
from pace_site.front.fiction.authority import NotFictional, open_fictional, write_authority
from pace_site.front.fiction.improvement_work import tell_improvement_work
from pace_site.front.fiction.people import ANALYST, BRAEBURN_STAFF, GLENMORE_STAFF, TEAM_NAMES, Staff
from pace_site.front.fiction.recipe import PACE_START, Recipe
from pace_site.front.fiction.removal import remove_authority

AIMS_FILE = Path(__file__).parent / "demo_aims.yaml"
PUBLISHED_MONTHS = 3
MONTHS_OF_QUALITY = 4  # more would make the demo slow to make
DEFAULT_PASSWORD = "braeburn-demo-2026"  # nosec B105 # published, and refused in production
NATIONAL_DOMAIN = "scotland.example"
PACE_BEGAN = (PACE_START, "PACE start")
ANNOTATIONS = {
    "NAT-2": (PACE_BEGAN,),
    "BRA-2": (PACE_BEGAN,),
}


@dataclass(frozen=True)
class Setting:
    """One authority of the demo. `aims` are codes of the demo's aim file, none for all of them."""

    code: str
    name: str
    domain: str
    children: int
    seed: int
    staff: tuple[Staff, ...]
    aims: tuple[str, ...] = ()


BRAEBURN = Setting(
    code="S12009999",
    name="Braeburn (fictional)",
    domain="braeburn.example",
    children=300,
    seed=7,
    staff=BRAEBURN_STAFF,
)
GLENMORE = Setting(
    code="S12009998",
    name="Glenmore (fictional)",
    domain="glenmore.example",
    children=40,
    seed=12,
    staff=GLENMORE_STAFF,
    aims=("NAT-1", "NAT-2", "NAT-3", "NAT-4"),
)
SETTINGS = (BRAEBURN, GLENMORE)


@dataclass(frozen=True)
class SignIn:
    """How to sign in as somebody of the demo."""

    authority: str
    role: str
    name: str
    email: str


def demo_is_there() -> bool:
    """Whether the demo has been made; raise `NotFictional` when a real authority stands in its place."""
    found = Organisation.objects.filter(code__in=[setting.code for setting in SETTINGS])
    for organisation in found:
        if not organisation.fictional:
            raise NotFictional(f"{organisation.code} is {organisation.name}, which is not marked as fictional.")
    return len(found) == len(SETTINGS)


@transaction.atomic
def make_demo(*, recipe: Recipe, password: str, children: int = BRAEBURN.children) -> None:
    """Make whatever is missing of the demo, with `children` in the larger authority."""
    demo_is_there()
    hashed = make_password(password)  # one for all: the demo hides nothing, and hashing is slow by design
    for setting in SETTINGS:
        if not Organisation.objects.filter(code=setting.code).exists():
            _make(setting, recipe=recipe, hashed=hashed, children=children if setting is BRAEBURN else setting.children)
    _hire_analyst(hashed)


@transaction.atomic
def remove_demo() -> None:
    """Take away the fictional authorities of the demo with everything in them, and nothing else."""
    demo_is_there()
    for organisation in Organisation.objects.filter(code__in=[setting.code for setting in SETTINGS]):
        remove_authority(organisation)


def sign_ins() -> Iterator[SignIn]:
    """Everybody who can sign in to the demo, by authority and role."""
    people = [(setting.name, each, setting.domain) for setting in SETTINGS for each in setting.staff]
    for authority, each, domain in [*people, (NATIONAL_NAME, ANALYST, NATIONAL_DOMAIN)]:
        yield SignIn(authority, each.role.label, f"{each.given_name} {each.family_name}", each.email(domain))


def _make(setting: Setting, *, recipe: Recipe, hashed: str, children: int) -> None:
    organisation = open_fictional(code=setting.code, name=setting.name)
    write_authority(organisation, children=children, seed=setting.seed, recipe=recipe)
    team = Team.objects.get(organisation=organisation, name=TEAM_NAMES[0])
    people = {each.role: _hire(each, setting.domain, organisation, hashed=hashed, team=team) for each in setting.staff}
    allocate(organisation, people, seed=setting.seed)
    for definition in read_aim_file(AIMS_FILE):
        if not setting.aims or definition.code in setting.aims:
            aim, _done = save_definition(definition, authority=organisation, by=people[Role.PACE_LEAD])
            _annotate(aim)
    look_through(organisation, as_at=recipe.as_at, months=MONTHS_OF_QUALITY)
    if setting is BRAEBURN:
        tell_improvement_work(people, as_at=recipe.as_at)
        for month_end in _last_month_ends(recipe.as_at):
            publish_month(organisation, month_end=month_end, by=people[Role.PACE_LEAD])


def _last_month_ends(as_at: date) -> list[date]:
    """The ends of the last three months that the made-up data tell of, earliest first."""
    offered = month_ends(min(as_at + timedelta(days=1), timezone.localdate()))
    return sorted(offered[:PUBLISHED_MONTHS])


def _annotate(aim: Aim) -> None:
    remarks = ANNOTATIONS.get(aim.code, ())
    Annotation.objects.bulk_create([Annotation(aim=aim, on=on, label=label) for on, label in remarks])


def _hire(staff: Staff, domain: str, organisation: Organisation, *, hashed: str, team: Team | None = None) -> User:
    email = staff.email(domain)
    if User.objects.filter(email=email).exclude(organisation=organisation).exists():
        raise NotFictional(f"{email} belongs to somebody of another authority.")
    user, _is_new = User.objects.update_or_create(
        email=email,
        defaults={
            "organisation": organisation,
            "first_name": staff.given_name,
            "last_name": staff.family_name,
            "password": hashed,
        },
    )
    RoleMembership.objects.get_or_create(user=user, role=staff.role, team=team if staff.role in TEAM_ROLES else None)
    return user


def _hire_analyst(hashed: str) -> None:
    """The analyst belongs to the national organisation, which is real: the account is all that is added to it."""
    _hire(ANALYST, NATIONAL_DOMAIN, Organisation.objects.get(code=NATIONAL_CODE), hashed=hashed)
