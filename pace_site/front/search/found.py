"""What a search finds besides children: aims, tests of change, pages and words, each within what a person may open."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from aims.models import Aim
from improvement.models import TestOfChange
from milestones.extract.cells import Unacceptable
from milestones.sheets.days import DayForm, Known, read_day
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, can, permissions_of
from pace_site.front.search.page_names import PAGES
from pace_site.look.glossary import glossary

MOST_OF_A_KIND = 20


@dataclass(frozen=True)
class Found:
    """One thing that was found: its name, what it is, and where it leads."""

    name: str
    what: str
    href: str
    is_exact: bool = False


@dataclass(frozen=True)
class Group:
    """What was found of one kind, exact hits first; `count` are all, of which the first are shown."""

    heading: str
    items: tuple[Found, ...]
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.items)

    @property
    def has_exact(self) -> bool:
        return any(item.is_exact for item in self.items)


def groups_found(term: str, user: User) -> list[Group]:
    """Everything but children that fits, kinds with an exact hit first; three queries whatever there is."""
    kinds = (
        ("Aims", found_aims, Permission.VIEW_AIMS),
        ("Tests of change", found_tests, Permission.VIEW_IMPROVEMENT),
        ("Pages", found_pages, None),
        ("Words", found_words, None),
    )
    groups = [group(heading, find(term, user)) for heading, find, needs in kinds if needs is None or can(user, needs)]
    return sorted((each for each in groups if each.items), key=lambda each: not each.has_exact)


def group(heading: str, found: Iterable[Found]) -> Group:
    every = sorted(found, key=lambda each: not each.is_exact)
    return Group(heading, tuple(every[:MOST_OF_A_KIND]), len(every))


def found_aims(term: str, user: User) -> list[Found]:
    """Aims of the own authority by code, title or text; there are tens of them."""
    fits = fitting_words(term)
    found = []
    for version in Aim.objects.visible_to(user).current_versions():
        aim, data = version.aim, version.data
        if fits(f"{aim.code} {data['title']} {data.get('text', '')}"):
            status = "" if aim.status == Aim.Status.ACTIVE else f" ({aim.get_status_display().lower()})"
            exact = is_whole(term, aim.code, data["title"])
            found.append(Found(f"{aim.code}: {data['title']}", f"Aim{status}", aim.get_absolute_url(), exact))
    return found


def found_tests(term: str, user: User) -> list[Found]:
    """Tests of change by title, or by the aim that they serve; those of one authority, hundreds at most."""
    fits = Q()
    for word in term.split():
        fits &= Q(title__icontains=word)
    tests = TestOfChange.objects.visible_to(user).filter(fits | Q(aim__code__iexact=term)).select_related("aim")
    return [
        Found(
            test.title,
            f"Test of change for {test.aim.code}",
            test.get_absolute_url(),
            is_exact=is_whole(term, test.title),
        )
        for test in tests.order_by("title", "pk")
    ]


def found_pages(term: str, user: User) -> list[Found]:
    """Pages that the person may open, by name or by what people call them."""
    held = permissions_of(user)
    fits = fitting_words(term)
    return [
        Found(page.name, page.what, reverse(page.address), is_exact=is_whole(term, page.name))
        for page in PAGES
        if fits(f"{page.name} {page.also}")
        and page.opens_to(held, national=user.organisation.kind == Organisation.Kind.NATIONAL)
    ]


def found_words(term: str, _user: User) -> list[Found]:
    """Words of the glossary, each with what it means."""
    fits = fitting_words(term)
    return [
        Found(each.word, each.says, f"{reverse('help')}#{each.slug}", is_exact=is_whole(term, each.word))
        for each in glossary().values()
        if fits(f"{each.word} {each.also}")
    ]


def day_in(term: str) -> date | None:
    """The day that a term says, as people write days here or as 2018-03-31; None where it says none."""
    try:
        read = read_day(" ".join(term.split()), DayForm())
    except Unacceptable:
        return None
    return read.day if read.known == Known.DAY else None


def fitting_words(term: str) -> Callable[[str], bool]:
    """Whether a text has each word of `term`, at the beginning of one of its own."""
    words = folded(term).split()

    def fits(text: str) -> bool:
        said = f" {folded(text)}"
        return bool(words) and all(f" {word}" in said for word in words)

    return fits


def is_whole(term: str, *names: str) -> bool:
    return folded(term) in {folded(name) for name in names}


def folded(text: str) -> str:
    """A text in small letters without accents and marks, one space between words."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign if sign.isalnum() else " " for sign in letters if not unicodedata.combining(sign))
    return " ".join(kept.split())
