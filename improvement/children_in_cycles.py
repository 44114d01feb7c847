"""The children of a cycle as one person may see them: by pseudonym alone, and those out of their reach as a number."""

from dataclasses import dataclass

from children.models import Child
from improvement.models import PdsaCycle
from pace_site.accounts.models import User
from pace_site.look.words import count_of


@dataclass(frozen=True)
class ChildrenInCycle:
    """`opened` are those whom the person may open; `others` is how many more there are."""

    opened: list[Child]
    others: int

    @property
    def others_in_words(self) -> str:
        if not self.others:
            return ""
        if not self.opened:
            return count_of(self.others, "child", "children")
        return f"{self.others} more whom you may not open"


def children_in(cycle: PdsaCycle, *, to: User) -> ChildrenInCycle:
    """Two queries, besides those of the person's scope."""
    opened = list(Child.objects.visible_to(to).filter(cycles=cycle).order_by("code"))
    return ChildrenInCycle(opened, cycle.children_in_it.count() - len(opened))
