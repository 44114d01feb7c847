"""What every page about one child shares that shows its name: finding it, and noting who saw it."""

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from children.models import Child
from children.presenter import PresentedChild, present
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.trail import record_view


class OfOneChild(PermissionRequiredMixin, View):
    """A page about one child whom the person may see with a name."""

    needs = Permission.VIEW_CHILDREN

    @cached_property
    def today(self):
        return timezone.localdate()

    @cached_property
    def child(self) -> Child:
        found = (
            Child.objects.identifiable_to(self.request.user)
            .select_related("authority", "family", "team", "identity")
            .filter(code=self.kwargs["code"])
            .first()
        )
        if found is None:
            raise Http404("There is no such child.")
        return found

    @cached_property
    def who(self) -> PresentedChild:
        """The child with its name; whoever is shown it stands in the trail."""
        record_view(self.child, by=self.request.user)
        (who,) = present([self.child], to=self.request.user, as_at=self.today)
        return who

    def siblings(self) -> list[PresentedChild]:
        """Brothers and sisters whom the person may see with a name."""
        others = list(Child.objects.identifiable_to(self.request.user).siblings_of(self.child).order_by("code"))
        return present(others, to=self.request.user, as_at=self.today)
