"""Whose children? The scoped querysets of everything that hangs on a child."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pace_site.accounts.models import User
from pace_site.accounts.scope import Scope, scope_of, sees_aggregates


def caseload(scope: Scope, *, path: str = "") -> Q:
    """Return the filter for the children in `scope`; `path` leads from the queried model to the child ("child__")."""
    if scope.is_empty:
        return Q(pk__in=[])
    authority = Q(**{f"{path}authority": scope.organisation_id})
    if scope.whole_authority:
        return authority
    reached = Q(**{f"{path}team__in": scope.team_ids})
    if scope.assigned:
        reached |= Q(**{f"{path}pk__in": allocated_to(scope.user_id)})
    return authority & reached


def allocated_to(user_id: int) -> models.QuerySet:
    """The keys of the children allocated to a person today."""
    from children.models import Allocation

    today = timezone.localdate()
    return Allocation.objects.filter(Q(end__isnull=True) | Q(end__gte=today), user_id=user_id, start__lte=today).values(
        "child_id"
    )


class ScopedQuerySet(models.QuerySet):
    """A queryset that starts from what a person may see. `child_path` leads to the child."""

    child_path = "child__"

    def visible_to(self, user: User):
        """Rows of children that `user` may open, perhaps by pseudonym only."""
        return self.filter(caseload(scope_of(user), path=self.child_path))

    def identifiable_to(self, user: User):
        """Rows of children that `user` may see with names: none of a pseudonymised child, whom nobody knows."""
        known = {f"{self.child_path}pseudonymised_on__isnull": True}
        return self.filter(caseload(scope_of(user, with_identity=True), path=self.child_path), **known)


class KeptQuerySet(ScopedQuerySet):
    def standing(self):
        """The rows that stand: those that nobody voided."""
        return self.filter(voided_on__isnull=True)


class FamilyQuerySet(ScopedQuerySet):
    """Families with a child in scope; a family without children is in nobody's."""

    child_path = "children__"

    def visible_to(self, user: User):
        return super().visible_to(user).distinct()

    def identifiable_to(self, user: User):
        return super().identifiable_to(user).distinct()


class ChildQuerySet(ScopedQuerySet):
    child_path = ""

    def countable_by(self, user: User):
        """Children whose figures `user` may see: those they may open, or the authority's for roles that see counts."""
        scope = scope_of(user)
        if scope.counts_authority:
            return self.filter(authority=scope.organisation_id)
        return self.filter(caseload(scope))

    def aggregated_for(self, user: User):
        """The children of all authorities, to be counted and never shown: for the national view and nothing else.

        Whoever uses this hands on counts that went through `aims.disclosure`; a test holds who may.
        """
        return self.all() if sees_aggregates(user) else self.none()
