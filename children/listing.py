"""A list of children as a page shows it to one person."""

from django.utils import timezone

from children.models import Child, PlacementType
from children.presenter import present
from pace_site.accounts.models import User


def listed(children: list[Child], user: User) -> dict:
    """Children presented to `user`, each with where it lives now in words; and whether any may be seen by name."""
    labels = dict(PlacementType.objects.values_list("code", "label"))
    presented = present(children, to=user, as_at=timezone.localdate())
    return {
        "children": [{"who": who, "living": labels.get(who.child.living, "")} for who in presented],
        "named": any(who.identified for who in presented),
    }


def named_in(on_page: dict) -> list[str]:
    """The pseudonyms of those who are shown with a name, for the audit trail."""
    return [row["who"].code for row in on_page["children"] if row["who"].identified]
