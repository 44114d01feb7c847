"""What the rules find of one child, as its page shows it."""

from dataclasses import dataclass

from children.models import Child
from milestones.journeys import Journeys
from milestones.quality.accepted import accepted_of
from milestones.quality.records import load_records
from milestones.quality.rules import findings
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.front.data_quality.mending import ShownFinding, shown_findings


@dataclass(frozen=True)
class QualityOfChild:
    """`to_check` are errors and warnings that nobody accepted, worst first; the other two stand apart."""

    to_check: list[ShownFinding]
    information: list[ShownFinding]
    accepted: list[ShownFinding]
    may_accept: bool


def quality_of(child: Child, journeys: Journeys, *, to: User, named: bool) -> QualityOfChild:
    """Ask all rules of one child, whom `to` may open, as at the day of the journeys, which have all milestones."""
    mine = Child.objects.visible_to(to).filter(pk=child.pk)
    known = accepted_of(mine)
    found = findings(load_records(mine, journeys=journeys), as_at=journeys.as_at)
    pairs = [(each, known.get((each.child_id, each.rule, each.fingerprint))) for each in found]
    shown = shown_findings(pairs, {child.pk: child}, to=to, named={child.pk} if named else set())
    shown.sort(key=lambda each: "EWI".index(each.finding.severity))
    still_open = [each for each in shown if each.accepted is None]
    return QualityOfChild(
        to_check=[each for each in still_open if not each.is_information],
        information=[each for each in still_open if each.is_information],
        accepted=[each for each in shown if each.accepted is not None],
        may_accept=named and can(to, Permission.ACCEPT_FINDINGS),
    )
