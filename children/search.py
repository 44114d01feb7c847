"""Find children by what a person knows of them: pseudonym, name, council reference or date of birth.

Whoever sees a child by pseudonym finds it by pseudonym alone: what else fits is asked only of children whom the person
may see by name.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from children.likeness import plain
from children.models import Child, Identity
from pace_site.accounts.models import User

# Of names that are only like what was typed, so many are shown.
MOST_ALIKE = 10
LIKE = 80  # of each word with a name, 100 being the same


@dataclass(frozen=True)
class Fit:
    """A child whom a term fits; `is_exact` when the term is their whole code, reference or name, or their birthday."""

    key: int
    code: str
    is_exact: bool


def fitting(term: str, user: User, *, born: date | None = None) -> list[Fit]:
    """The children in scope whom `term` fits, exact hits first, then in the order of their codes.

    `born` is the day that the term says, when it is a date. A record given up in a merge leads to the one kept. Two
    queries, of which each asks the scope once: what closes records costs more than comparing twenty thousand names.
    """
    whole = " ".join(term.split())
    sought = whole.casefold()
    given_up = Child.objects.filter(authority=user.organisation_id, merged_into__isnull=False)
    by_code = Q(code__icontains=whole) | Q(pk__in=given_up.filter(code__iexact=whole).values("merged_into"))
    seen = Child.objects.visible_to(user).filter(by_code).values_list("pk", "code")
    fits = {key: Fit(key, code, sought not in code.casefold() or sought == code.casefold()) for key, code in seen}

    born_then = Q(date_of_birth=born) | Q(date_of_birth=None, expected_on=born) if born else Q(pk__in=[])
    by_ref = Q(local_ref__iexact=whole) | Q(pk__in=given_up.filter(local_ref__iexact=whole).values("merged_into"))
    called = Q(pk__in=_called(whole, of=user.organisation_id).values("child"))
    known = Child.objects.identifiable_to(user).filter(born_then | by_ref | called)
    for key, code, *names in known.values_list("pk", "code", "identity__given_name", "identity__family_name"):
        is_part = is_part_of_name(sought, *(name or "" for name in names))
        fits[key] = Fit(key, code, not is_part or (key in fits and fits[key].is_exact))
    return sorted(fits.values(), key=lambda fit: (not fit.is_exact, fit.code))


def is_part_of_name(sought: str, given: str, family: str) -> bool:
    """Whether a term in small letters fits a name without being all of it, in either order."""
    given, family = given.casefold(), family.casefold()
    words = _words(sought)
    return " ".join(words) not in (f"{given} {family}", f"{family} {given}") and all(
        word in given or word in family for word in words
    )


def _words(term: str) -> list[str]:
    return term.replace(",", " ").split()


def _called(term: str, *, of: int) -> QuerySet[Identity]:
    """Names of one authority that have each word of `term` in one of their own; scope is for whoever uses them."""
    fits = Q()
    for word in _words(term):
        fits &= Q(given_name__icontains=word) | Q(family_name__icontains=word)
    return Identity.objects.filter(fits or Q(pk__in=[]), child__authority=of)


def called_like(term: str, user: User) -> list[int]:
    """The keys of children whose name is spelt like `term`, the likest first: with other accents, or a letter apart.

    One query, which reads the names that the person may see: for when nobody is called exactly so.
    """
    words = [word for word in map(plain, _words(term)) if word]
    if not words or any(sign.isdigit() for sign in term):
        return []
    rows = Identity.objects.identifiable_to(user).values_list("child_id", "given_name", "family_name")
    alike = []
    for key, given, family in rows.iterator():
        names = [plain(given), plain(family)]
        score = min(max(_likeness(word, name) for name in names) for word in words)
        if score >= LIKE:
            alike.append((-score, key))
    return [key for _score, key in sorted(alike)[:MOST_ALIKE]]


def _likeness(word: str, name: str) -> float:
    """100 where the name has the word in it, else how alike the two are."""
    return 100 if word in name else fuzz.ratio(word, name, score_cutoff=LIKE)
