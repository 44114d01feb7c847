"""Children whose records are in order, but for what a test says of them."""

from datetime import date

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.quality.declaration import Finding
from milestones.quality.records import load_records
from milestones.quality.rules import findings
from tests.builders import child, milestone

SINCE = date(2024, 1, 8)
AS_AT = date(2024, 6, 1)


def cared_for(
    *,
    since: date = SINCE,
    until: date | None = None,
    to: str | None = None,
    living: str | None = "FOST_LA",
    ground: str | None = "CSO",
    reviewed: bool = True,
    **who,
) -> Child:
    """A child looked after `since`, on a ground and living somewhere, reviewed after five weeks."""
    row = child(**who)
    episode(row, since, until, to)
    if living:
        stay(row, since, until, living)
    if ground:
        basis(row, since, until, ground)
    if reviewed:
        milestone(row, "REVIEW", date.fromordinal(since.toordinal() + 35))
    return row


def episode(row: Child, start: date, end: date | None = None, to: str | None = None, **more) -> CareEpisode:
    return CareEpisode.objects.create(child=row, start=start, end=end, destination_id=to, **more)


def stay(row: Child, start: date, end: date | None = None, living: str = "FOST_LA", **more) -> Placement:
    return Placement.objects.create(child=row, start=start, end=end, placement_type_id=living, **more)


def basis(row: Child, start: date, end: date | None = None, ground: str = "CSO", **more) -> LegalBasis:
    return LegalBasis.objects.create(child=row, start=start, end=end, measure_id=ground, **more)


def move(row: Child, on: date, living: str, *, left: date | None = None) -> None:
    """End the open placement, on the day of the move or as `left` says, and begin another."""
    row.placements.filter(end=None).update(end=left or on)
    stay(row, on, living=living)


def found_in(row: Child, as_at: date = AS_AT) -> list[Finding]:
    return findings(load_records(Child.objects.filter(pk=row.pk)), as_at=as_at)


def rules_broken(row: Child, as_at: date = AS_AT) -> list[int]:
    """The numbers of the rules that the child's records break, each as often as it does."""
    return [each.rule for each in found_in(row, as_at)]
