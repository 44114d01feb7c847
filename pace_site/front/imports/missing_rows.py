"""The children whom the latest extract lacks, each with what the records suggest became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from children.closing import ADOPTED, ADOPTION_ORDER
from children.models import CareEpisode, Child, LegalBasis
from children.presenter import PresentedChild, present
from milestones.models import Milestone, MissingAnswer
from pace_site.accounts.models import User
from pace_site.look.words import british_date


@dataclass(frozen=True)
class MissingRow:
    """One child of the page. `on`, `destination` and `hint` are what the records suggest, or what was typed."""

    child: PresentedChild
    last_extract_on: date
    since: date
    answer: MissingAnswer | None
    on: str = ""
    destination: str = ""
    hint: str = ""
    faults: str = ""


def missing_rows(
    children: Sequence[Child], *, latest: date | None, to: User, typed: dict[str, dict[str, str]]
) -> list[MissingRow]:
    """A row for each child, in their order; `typed` by pseudonym is what stands there instead of a suggestion.

    The number of queries does not depend on that of the children.
    """
    of_page = {"child__in": children}
    since = dict(
        CareEpisode.objects.identifiable_to(to)
        .standing()
        .filter(end=None, **of_page)
        .order_by("start")
        .values_list("child", "start")
    )
    given = MissingAnswer.objects.identifiable_to(to).filter(extract_date=latest, **of_page).select_related("by")
    answers = {each.child_id: each for each in given}
    suggested = _suggested(of_page, to)
    shown = present(list(children), to=to, as_at=timezone.localdate())
    return [
        MissingRow(
            child=who,
            last_extract_on=child.in_extract_on,
            since=since[child.pk],
            answer=answers.get(child.pk),
            **typed.get(child.code, suggested.get(child.pk, {})),
        )
        for child, who in zip(children, shown, strict=True)
    ]


def _suggested(of_page: dict, to: User) -> dict[int, dict[str, str]]:
    """By the key of a child, what an adoption order or, failing that, a transfer out says of where it went."""
    moved = Milestone.objects.identifiable_to(to).standing().filter(kind="LA_TRANSFER_OUT", **of_page)
    found = {
        child: {"on": day.isoformat(), "hint": f"A transfer out is recorded on {british_date(day)}."}
        for child, day in moved.exclude(happened_on=None).values_list("child", "happened_on")
    }
    orders = LegalBasis.objects.identifiable_to(to).standing().filter(measure=ADOPTION_ORDER, **of_page)
    for child, day in orders.values_list("child", "start"):
        found[child] = {
            "on": day.isoformat(),
            "destination": ADOPTED,
            "hint": f"An adoption order is recorded since {british_date(day)}.",
        }
    return found
