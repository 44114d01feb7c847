"""Whose children a page of figures counts, and whether its numbers may lead to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Max, QuerySet

from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import reach_in_words, scope_of

MINE = "mine"


@dataclass(frozen=True)
class Counted:
    """The children behind the figures of a page; `whose` says in words whose they are.

    `listed`: the person's roles reach every one of them, so a number may link to its list. Such a list leaves out the
    children whose records are closed to the person (`closed`), and says how many they are. `only_mine` and `other` are
    for the few who count the whole authority and open only a part of it: whether that part alone is counted here, and
    whose figures they can see instead.
    """

    user: User
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

    @cached_property
    def closed(self) -> frozenset[int]:
        """The keys of the children whose records are closed to the person; asked of the database once."""
        keys = self.children.filter(pk__in=Child.objects.closed_to(self.user).order_by().values("pk"))
        return frozenset(keys.order_by().values_list("pk", flat=True))

    @cached_property
    def closed_to_somebody(self) -> frozenset[int]:
        """The keys of those whose records are closed to anybody, for what a room full of people reads."""
        return frozenset(self.children.closed_to_somebody().order_by().values_list("pk", flat=True))

    def opened(self, rows: Iterable) -> list:
        """Those of `rows`, each of one child, that are not of closed records."""
        return [row for row in rows if row.child_id not in self.closed]

    def closed_among(self, rows: Iterable) -> int:
        """How many children of these rows have closed records."""
        return len({row.child_id for row in rows} & self.closed)

    def last_extract_on(self) -> date | None:
        return self.children.aggregate(last=Max("last_extract_on"))["last"]


def counted_children(user: User, *, asked: str = "") -> Counted:
    """The children whose figures `user` may see or, when `asked` is "mine", only those whom their roles open."""
    scope = scope_of(user)
    opens = can(user, Permission.VIEW_CHILDREN) and not scope.is_empty
    everybody = Counted(
        user=user,
        children=Child.objects.countable_by(user),
        whose=reach_in_words(user),
        listed=opens and not scope.counts_more_than_it_opens,
        other=reach_in_words(user, to_open=True) if opens and scope.counts_more_than_it_opens else "",
        is_part=not scope.counts_authority,
    )
    if not everybody.other or asked != MINE:
        return everybody
    return Counted(
        user=user,
        children=Child.objects.reached_by(user),
        whose=everybody.other,
        listed=True,
        only_mine=True,
        other=everybody.whose,
        is_part=True,
    )
