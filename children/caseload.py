"""Whose children? The scoped querysets of everything that hangs on a child.

A role reaches so far; of those whom it reaches, some records are closed (`children/closing.py`).
"""

from collections.abc import Collection
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from children.closing import adopted, closed_to, closed_to_somebody, restricted
from pace_site.accounts.models import User
from pace_site.accounts.scope import Scope, scope_of, sees_aggregates


def caseload(scope: Scope, *, path: str = "") -> Q:
    """Return the filter for the children whom `scope` opens; `path` leads from the queried model to the child.

    For a relation to many children, as a family's, ask for the children themselves: one closed sibling closes not all.
    """
    if scope.is_empty:
        return Q(pk__in=[])
    return reached(scope, path=path) & ~closed_to(scope, path=path)


def reached(scope: Scope, *, path: str = "") -> Q:
    """Return the filter for the children whom `scope` reaches by its roles, closed records included.

    A record that was merged into another is nobody's: the child is found by the one that was kept.
    """
    if scope.is_empty:
        return Q(pk__in=[])
    authority = Q(**{f"{path}authority": scope.organisation_id, f"{path}merged_into__isnull": True})
    if scope.whole_authority:
        return authority
    theirs = Q(**{f"{path}team__in": scope.team_ids})
    if scope.assigned:
        theirs |= Q(**{f"{path}pk__in": allocated_to(scope.user_id)})
    return authority & theirs


def allocated_to(user_id: int) -> models.QuerySet:
    """The keys of the children allocated to a person today."""
    from children.allocations import in_force_on
    from children.models import Allocation

    return Allocation.objects.filter(in_force_on(timezone.localdate()), user_id=user_id).values("child_id")


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
    def standing(self) -> Self:
        """The rows that stand: those that nobody voided."""
        return self.filter(voided_on__isnull=True)


class StretchQuerySet(KeptQuerySet):
    """Episodes, placements and legal bases: what lasts from a day to a day."""

    def in_force_on(self, day: date) -> Self:
        """Those that last on a day; one that ends on it is over (`design.md` 3)."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=day), start__lte=day)


class FamilyQuerySet(ScopedQuerySet):
    """Families with a child whom the person may open; a family without children is in nobody's scope."""

    def visible_to(self, user: User):
        return self._of(scope_of(user))

    def identifiable_to(self, user: User):
        return self._of(scope_of(user, with_identity=True))

    def _of(self, scope: Scope):
        from children.models import Child

        return self.filter(pk__in=Child.objects.filter(caseload(scope)).order_by().values("family"))


# So many children are asked for by their keys, once these are known.
FEW = 300


class ChildQuerySet(ScopedQuerySet):
    child_path = ""
    # The authority of which these are all children, when they are; no longer known of whatever is made from them.
    whole_of: int | None = None
    # The authority of which they are some, likewise.
    part_of: int | None = None

    def of_whole(self, authority: int):
        """All children of an authority, but for records that were merged into another."""
        rows = self.filter(authority=authority, merged_into__isnull=True)
        if not self.query.where:
            rows.whole_of = authority
        return rows

    def known(self, keys: Collection[int]):
        """These children, whose `keys` were read just now: few are asked for by them, without the scope."""
        return self.model.objects.using(self._db).filter(pk__in=[*keys]) if len(keys) <= FEW else self

    def countable_by(self, user: User):
        """Children whose figures `user` may see: those whom they reach, or the authority's for roles that see counts.

        Restricted and adopted children are among them, as a wrong figure would hide a child who waits.
        """
        scope = scope_of(user)
        if scope.counts_authority:
            return self.of_whole(scope.organisation_id)
        return self._reached(scope)

    def restricted(self):
        """Children whose records are restricted to named people, of whom a command is none."""
        return self.filter(pk__in=restricted())

    def unrestricted(self):
        """The others. A command stands for a data lead, whom adoption orders do not keep out."""
        return self.exclude(pk__in=restricted())

    def reached_by(self, user: User):
        """Children whom the roles of `user` reach, closed records included: to be counted, and not shown."""
        return self._reached(scope_of(user))

    def _reached(self, scope: Scope):
        if scope.whole_authority and not scope.is_empty:
            return self.of_whole(scope.organisation_id)
        rows = self.filter(reached(scope))
        rows.part_of = scope.organisation_id
        return rows

    def closed_to(self, user: User, *, with_identity: bool = False):
        """Children whom `user` reaches and may not open: counted in words, and shown by nothing that tells them apart.

        `with_identity` keeps those whom they would see by name.
        """
        scope = scope_of(user, with_identity=with_identity)
        return self.filter(reached(scope)).filter(closed_to(scope))

    def open_to_everybody(self):
        """Children whose records are closed to nobody: for lists that are handed on."""
        return self.exclude(closed_to_somebody())

    def closed_to_somebody(self):
        """The others: they are counted in what is handed on, and not listed."""
        return self.filter(closed_to_somebody())

    def siblings_of(self, child):
        """Those of these children who are of the same family; an adopted child has none, and is nobody's (ADR 0020)."""
        if child.family_id is None:
            return self.none()
        family = self.model.objects.filter(pk=child.pk).not_adopted().values("family")
        return self.not_adopted().filter(family__in=family).exclude(pk=child.pk)

    def with_last_extract(self):
        """With `in_extract_on`: the last full list that had the child, also by the reference of a record given up.

        A record that was given up may have had another given up for it before.
        """
        own = F("last_extract_on")
        dates = [own]
        for path in ("merged_into", "merged_into__merged_into"):
            given_up = self.model.objects.filter(**{path: OuterRef("pk")}).order_by(own.desc(nulls_last=True))
            dates.append(Subquery(given_up.values("last_extract_on")[:1]))
        # Of some databases the greatest of several is nothing where one of them is.
        known = Coalesce(*dates)
        return self.annotate(in_extract_on=Greatest(*(Coalesce(each, known) for each in dates)))

    def not_adopted(self):
        """Without those whom an adoption order made somebody's own: nothing leads to them from their former family."""
        return self.exclude(adopted())

    def aggregated_for(self, user: User):
        """The children of all authorities, to be counted and never shown: for the national view and nothing else.

        Whoever uses this hands on counts that went through `aims.disclosure`; a test holds who may.
        """
        return self.all() if sees_aggregates(user) else self.none()
