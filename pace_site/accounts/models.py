"""Organisations, teams and people."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from pace_site.accounts.own_organisation import MembershipQuerySet, OrganisationQuerySet, OwnOrganisationQuerySet
from pace_site.accounts.roles import TEAM_ROLES, Role

if TYPE_CHECKING:
    from pace_site.accounts.permissions import Permission

# How long somebody may set up their first second step by the password alone, from an act of an administrator on.
SET_UP_DAYS = 7


def end_of_set_up() -> datetime:
    """Until when whoever is given an account today may set up a second step."""
    return timezone.now() + timedelta(days=SET_UP_DAYS)


class Organisation(models.Model):
    """A local authority or a national body: the root of every scope."""

    class Kind(models.TextChoices):
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        NATIONAL = "national", "National body"

    code = models.CharField(max_length=12, unique=True, help_text="Official code, for example S12000019.")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.LOCAL_AUTHORITY)
    fictional = models.BooleanField(default=False, help_text="A demo authority: every page says so.")
    smallest_count_shown = models.PositiveSmallIntegerField(
        default=5,
        help_text="In what leaves the authority, counts from one to just below this are not shown. From 3 to 20.",
    )

    retention_years = models.PositiveSmallIntegerField(
        "years kept",
        default=3,
        help_text="How long a child's record stays as it is after care has ended, before somebody reviews it: "
        "1 to 25 years.",
    )

    second_step_for_everybody = models.BooleanField(
        default=False, help_text="Everybody signs in by two steps, also those whose role does not ask for it."
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_years__gte=1, retention_years__lte=25),
                name="retention_of_one_to_25_years",
                violation_error_message="Records are kept from 1 to 25 years after care has ended.",
            ),
            models.CheckConstraint(
                condition=Q(smallest_count_shown__gte=3, smallest_count_shown__lte=20),
                name="smallest_count_shown_of_three_to_twenty",
                violation_error_message="The smallest count shown must be from 3 to 20.",
            ),
        ]

    def __str__(self):
        return self.name


class Team(models.Model):
    """A team of social workers inside one authority."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)

    objects = OwnOrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once_per_organisation"),
            models.CheckConstraint(condition=~Q(name=""), name="team_has_a_name"),
        ]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager.from_queryset(OwnOrganisationQuerySet)):
    """Creates people by e-mail address, in small letters; everybody belongs to one organisation."""

    def create_user(self, email, password=None, *, organisation, **fields):
        user = self.model(email=self.normalize_email(email).lower(), organisation=organisation, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person who signs in. What they may do and see comes from their role memberships alone."""

    username = None
    email = models.EmailField("e-mail address", unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    session_edition = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often the person was signed out everywhere."
    )
    set_up_until = models.DateTimeField(
        default=end_of_set_up,
        editable=False,
        help_text="Until then the password alone is enough to set up a first second step.",
    )

    # What `permissions_of` found, which is asked of the database once.
    _permissions: "frozenset[Permission]"

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["organisation"]

    class Meta:
        ordering = ["last_name", "first_name", "email"]

    def __str__(self):
        return self.get_full_name() or self.email


class RoleMembership(models.Model):
    """That a person holds a role, in a team where the role needs one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "team"], name="role_once_per_person_and_team"),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(team__isnull=True), name="role_once_per_person_without_team"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=TEAM_ROLES) | Q(team__isnull=False), name="team_role_names_its_team"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"
