"""Whose children a page of figures counts, and whether its numbers may lead to them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import reach_in_words, scope_of

MINE = "mine"


@dataclass(frozen=True)
class Counted:
    """The children behind the figures of a page; `whose` says it in words.

    `listed`: the person may open every one of them, so a number may link to its list. `choice` is what to ask for in
    the address to see `other` children instead, for those few who count the authority and open only a part of it.
    """

    children: QuerySet[Child]
    whose: str
    listed: bool
    only_mine: bool = False
    other: str = ""
    is_part: bool = False  # of the authority, whose targets are not set for a part of it

    @property
    def query(self) -> dict[str, str]:
        """What keeps the choice in the addresses of the page."""
        return {"children": MINE} if self.only_mine else {}

    def last_extract_on(self) -> date | None:
        return self.children.aggregate(last=Max("last_extract_on"))["last"]


def counted_children(user: User, *, asked: str = "") -> Counted:
    """The children whose figures `user` may see or, when `asked` is "mine", only those whom they may open."""
    scope = scope_of(user)
    opens = can(user, Permission.VIEW_CHILDREN) and not scope.is_empty
    everybody = Counted(
        children=Child.objects.countable_by(user),
        whose=reach_in_words(user),
        listed=opens and not scope.counts_more_than_it_opens,
        other=reach_in_words(user, to_open=True) if opens and scope.counts_more_than_it_opens else "",
        is_part=not scope.counts_authority,
    )
    if not everybody.other or asked != MINE:
        return everybody
    return Counted(
        children=Child.objects.visible_to(user),
        whose=everybody.other,
        listed=True,
        only_mine=True,
        other=everybody.whose,
        is_part=True,
    )
