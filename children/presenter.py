"""The one place through which a child's identity reaches a page, a list, a file or an e-mail.

A pseudonym is always shown. Name, council reference and date of birth are shown only for children whom the person may
see with identity; everybody else sees an age that tells the year of birth alone. An age in whole years would tell the
day, to whoever asks for the page as at one day after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from children.models import Child, Identity
from pace_site.accounts.models import User


@dataclass(frozen=True)
class PresentedChild:
    """A child as one person may see them; the empty fields are not theirs to see, or not recorded."""

    child: Child
    code: str
    identified: bool
    name: str
    local_ref: str
    born: date | None
    age: str

    @property
    def called(self) -> str:
        """The pseudonym, with the name where it may be seen."""
        return f"{self.code}, {self.name}" if self.name else self.code


def present(children: Sequence[Child], *, to: User, as_at: date) -> list[PresentedChild]:
    """Present children, whom `to` may already open, in the same order; four queries whatever their number."""
    keys = [child.pk for child in children]
    identified = set(Child.objects.identifiable_to(to).filter(pk__in=keys).values_list("pk", flat=True))
    names = {
        identity.child_id: str(identity)
        for identity in Identity.objects.identifiable_to(to).filter(child__in=identified)
    }
    return [
        PresentedChild(
            child=child,
            code=child.code,
            identified=child.pk in identified,
            name=names.get(child.pk, ""),
            local_ref=child.local_ref if child.pk in identified else "",
            born=child.date_of_birth if child.pk in identified else None,
            age=age_in_words(child, as_at) if child.pk in identified else age_by_year(child, as_at),
        )
        for child in children
    ]


def age_in_words(child: Child, as_at: date) -> str:
    """Whole years, or that the child is not yet born, or that the date is not recorded."""
    born = child.date_of_birth
    if born is None:
        return "not yet born" if child.expected_on and child.expected_on > as_at else "age not recorded"
    if born > as_at:
        return "not yet born"
    years = as_at.year - born.year - ((as_at.month, as_at.day) < (born.month, born.day))
    return "under 1" if years == 0 else str(years)


def age_by_year(child: Child, as_at: date) -> str:
    """The ages that a child has in the year of `as_at`, the same on each of its days: "3 or 4"."""
    born = child.date_of_birth
    if born is None:
        expected = child.expected_on
        is_to_come = expected is not None and expected.year >= as_at.year
        return f"expected in {expected.year}" if is_to_come else "age not recorded"
    years = as_at.year - born.year
    if years < 0:
        return "not yet born"
    if years == 0:
        return f"born in {born.year}"
    return "under 2" if years == 1 else f"{years - 1} or {years}"
