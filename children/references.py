"""From what somebody types to a child's pseudonym, for those who may see pseudonyms and no more."""

from django.db.models import Q

from children.models import Child
from pace_site.accounts.models import Organisation


def pseudonym_of(typed: str, *, authority: Organisation) -> str:
    """The pseudonym of the authority's child with this pseudonym or council reference, typed in full; else empty."""
    whole = Q(code__iexact=typed) | Q(local_ref__iexact=typed)
    return Child.objects.filter(whole, authority=authority).values_list("code", flat=True).first() or ""
