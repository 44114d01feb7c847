"""Whose improvement work? That of one's own authority; and of its tests, those in which one takes part."""

from django.db import models
from django.db.models import Q

from pace_site.accounts.models import User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission, can


class ImprovementQuerySet(OwnOrganisationQuerySet):
    """Rows of improvement work. `organisation_path` leads to the authority, `test_path` to the test of change."""

    organisation_path = "authority"
    test_path: str | None = None

    def visible_to(self, user: User):
        """Rows of the person's own authority, for whoever may see its improvement work."""
        rows = super().visible_to(user)
        return rows if can(user, Permission.VIEW_IMPROVEMENT) else rows.none()

    def editable_by(self, user: User):
        """Rows that the person may change: all of them for who leads, those of their own tests for who takes part."""
        rows = self.visible_to(user)
        if can(user, Permission.LEAD_IMPROVEMENT):
            return rows
        if self.test_path is None or not can(user, Permission.RUN_TESTS):
            return rows.none()
        from improvement.models import TestOfChange

        # By key, as a join to the members would give a row once for each of them.
        own = TestOfChange.objects.filter(Q(lead=user) | Q(members=user)).values("pk")
        return rows.filter(**{f"{self.test_path}__in": own})


class OfIdeasQuerySet(ImprovementQuerySet):
    """Change ideas: who proposed one may put it right, and who leads may put right every one."""

    def editable_by(self, user: User):
        rows = self.visible_to(user)
        if can(user, Permission.LEAD_IMPROVEMENT):
            return rows
        return rows.filter(proposed_by=user) if can(user, Permission.RUN_TESTS) else rows.none()


class OfMeasuresQuerySet(ImprovementQuerySet):
    """Measures: the plan is changed by who keeps measures, and values are typed by its collector as well."""

    def editable_by(self, user: User):
        rows = self.visible_to(user)
        return rows if can(user, Permission.KEEP_MEASURES) else rows.none()

    def typed_by(self, user: User):
        """Measures of which the person may type values; those that are computed have none to type."""
        rows = self.visible_to(user).filter(rule__isnull=True)
        if can(user, Permission.KEEP_MEASURES):
            return rows
        return rows.filter(collector=user) if can(user, Permission.RUN_TESTS) else rows.none()


class OfMeasureValuesQuerySet(ImprovementQuerySet):
    """The typed values of measures."""

    organisation_path = "measure__authority"


class OfTestsQuerySet(ImprovementQuerySet):
    """Tests of change themselves."""

    test_path = "pk"


class OfCyclesQuerySet(ImprovementQuerySet):
    """What hangs on a test of change: its cycles, and the record of its implementation."""

    organisation_path = "test__authority"
    test_path = "test"


class OfChildrenInCyclesQuerySet(ImprovementQuerySet):
    """That children take part in a cycle. Which of them a person may open is for `Child.objects.visible_to`."""

    organisation_path = "cycle__test__authority"
    test_path = "cycle__test"


class OfDiagramsQuerySet(ImprovementQuerySet):
    """Driver diagrams: everybody of the authority reads them, and who leads improvement changes them."""


class OfDriversQuerySet(ImprovementQuerySet):
    """What belongs to a driver diagram: its drivers and its versions."""

    organisation_path = "diagram__authority"


class OfDriverLinksQuerySet(ImprovementQuerySet):
    """What links a secondary driver, to a primary one or to an idea."""

    organisation_path = "secondary__diagram__authority"


class OfMeasureLinksQuerySet(ImprovementQuerySet):
    """What links a driver to the measures that follow it."""

    organisation_path = "driver__diagram__authority"


class OfProgrammeQuerySet(ImprovementQuerySet):
    """What hangs on the programme of an authority: the members of its groups, and its scores."""

    organisation_path = "programme__authority"


class AppendOnlyOfProgrammeQuerySet(OfProgrammeQuerySet):
    """Rows that are only ever added."""

    def update(self, **values):
        raise TypeError("These rows are only ever added.")

    def delete(self):
        raise TypeError("These rows are only ever added.")


class OfMeetingsQuerySet(ImprovementQuerySet):
    """What hangs on a meeting."""

    organisation_path = "meeting__authority"


class OfActionsQuerySet(OfMeetingsQuerySet):
    """What a meeting agreed: those who lead change it all, and its owner says that it is done."""

    def editable_by(self, user: User):
        rows = self.visible_to(user)
        if can(user, Permission.LEAD_IMPROVEMENT):
            return rows
        return rows.filter(owner=user) if can(user, Permission.RUN_TESTS) else rows.none()


def who_may_run_tests(user: User) -> models.QuerySet[User]:
    """The people of `user`'s own authority who may lead a test or take part in one."""
    return _who_may(Permission.RUN_TESTS, user)


def who_may_see_improvement(user: User) -> models.QuerySet[User]:
    """The people of `user`'s own authority who may see its improvement work: leaders too."""
    return _who_may(Permission.VIEW_IMPROVEMENT, user)


def _who_may(permission: Permission, user: User) -> models.QuerySet[User]:
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    people = User.objects.visible_to(user).filter(is_active=True, memberships__role__in=roles)
    return people.distinct()
