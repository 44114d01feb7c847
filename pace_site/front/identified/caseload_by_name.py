"""The caseload list by name, narrowed and ordered as on its page."""

from collections.abc import Collection
from datetime import date
from functools import cached_property

from aims.reports.columns import Value
from children.closed_records import Withheld, withheld
from children.models import Child
from children.presenter import PresentedChild
from pace_site.accounts.models import User
from pace_site.front.caseload.cases import Case, in_care
from pace_site.front.caseload.choosing_forms import ChoosingForm
from pace_site.front.identified.named_list import (
    WHO,
    Column,
    NamedList,
    Offered,
    known_by_name,
    not_in,
    who_cells,
    without_empty,
)
from pace_site.look.words import british_date

COLUMNS = (
    *WHO,
    Column("Placement", 26),
    Column("Route", 26),
    Column("Works with the child", 28),
    Column("State", 16),
    Column("Next step", 26),
    Column("Due", 18),
    Column("Steps overdue", 13),
    Column("Away from home since", 18),
)


class CaseloadByName:
    """The children of a caseload list whom `to` may see by name; nobody while a choice of the list is wrong."""

    title = "Caseload"
    keys: tuple[str, ...] = ()
    offered: tuple[Offered, ...] = ()

    def __init__(self, choosing: ChoosingForm, *, as_at: date, to: User):
        self.choosing, self.as_at, self.to = choosing, as_at, to

    def child_count(self, _shown: Collection[str]) -> int:
        return len(self._known)

    def listed(self, _shown: Collection[str]) -> NamedList:
        cases = [case for case in self.choosing.chosen() if case.child.pk in self._known]
        columns, rows = without_empty(
            COLUMNS, [(*who_cells(self._known[case.child.pk]), *_cells(case)) for case in cases]
        )
        return NamedList(
            title=self.title,
            facts=(
                ("Authority", str(self.to.organisation)),
                ("As at", british_date(self.as_at)),
                ("Children", f"{len(cases):,} looked after; {self.narrowed}"),
                *not_in(self.withheld(())),
            ),
            audited={"as_at": self.as_at.isoformat(), "chosen": self.choosing.query},
            columns=columns,
            rows=rows,
            children=tuple(case.child for case in cases),
        )

    def withheld(self, _shown: Collection[str]) -> Withheld:
        """The closed records of the whole list, however it is narrowed: nothing of them may be compared."""
        closed = in_care(Child.objects.closed_to(self.to, with_identity=True), day=self.as_at)
        return withheld(closed, of=self.to.organisation, to=self.to)

    @property
    def narrowed(self) -> str:
        """How the list is narrowed, in words."""
        if not self.choosing.is_valid():
            return "one of the choices of this list is wrong or no longer there"
        chosen = self.choosing.cleaned_data
        words = [
            f"{field.label.lower()}: {dict(field.choices)[chosen[name]]}"
            for name, field in self.choosing.fields.items()
            if name != "sort" and chosen[name]
        ]
        return "; ".join(words) or "the whole list"

    @cached_property
    def _known(self) -> dict[int, PresentedChild]:
        return known_by_name([case.child for case in self.choosing.chosen()], to=self.to, as_at=self.as_at)


def _cells(case: Case) -> tuple[Value, ...]:
    return (
        case.living_label,
        case.route_label,
        ", ".join(map(str, case.workers or ())) or "nobody",
        case.urgency_label,
        case.step.label if case.step else "",
        case.due,
        case.overdue,
        case.away_since,
    )
