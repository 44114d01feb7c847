"""Pseudonyms: random, unique inside one authority (P-0417), and found by what somebody types."""

from random import Random, SystemRandom

from django.db.models import Q

from children.models import Child
from pace_site.accounts.models import Organisation

FEWEST_DIGITS = 4


def new_codes(authority: Organisation, count: int, *, rng: Random | None = None) -> list[str]:
    """Return `count` codes that no child of `authority` has; `rng` makes a demo repeatable."""
    rng = rng or SystemRandom()
    taken = set(Child.objects.filter(authority=authority).values_list("code", flat=True))
    # Four times as many numbers as children, so that a code says nothing about how many there are.
    digits = max(FEWEST_DIGITS, len(str(4 * (len(taken) + count))))
    codes = []
    while len(codes) < count:
        code = f"P-{rng.randrange(10**digits):0{digits}d}"
        if code not in taken:
            taken.add(code)
            codes.append(code)
    return codes


def pseudonym_of(typed: str, *, authority: Organisation) -> str:
    """The pseudonym of the authority's child with this pseudonym or council reference, typed in full; else empty."""
    whole = Q(code__iexact=typed) | Q(local_ref__iexact=typed)
    return Child.objects.filter(whole, authority=authority).values_list("code", flat=True).first() or ""
