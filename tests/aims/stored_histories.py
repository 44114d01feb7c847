"""Store invented histories as rows and measure them with the product's own engine."""

from datetime import date

from aims.compliance import Measured, measure
from aims.definition import AimDefinition
from aims.figures import journeys_for
from children.models import CareEpisode, Child, Family, LegalBasis, Placement
from milestones.models import Milestone
from pace_site.accounts.models import Organisation
from tests.naive.histories import ChildHistory

RECORDED_ON = date(2099, 12, 31)


def store(histories: list[ChildHistory], *, authority: Organisation) -> None:
    """Write the histories as rows, each in its recorded order."""
    refs = sorted({history.family for history in histories if history.family})
    families = {
        family.ref: family for family in _create(Family, [Family(authority=authority, ref=ref) for ref in refs])
    }
    children = _create(
        Child,
        [
            Child(
                authority=authority,
                code=f"P-{history.ref}",
                local_ref=history.ref,
                family=families.get(history.family),
                date_of_birth=history.born,
            )
            for history in histories
        ],
    )
    each = list(zip(children, histories, strict=True))
    _create(CareEpisode, [CareEpisode(child=c, start=e.start, end=e.end) for c, h in each for e in h.episodes])
    _create(
        Placement,
        [
            Placement(child=c, start=p.start, end=p.end, placement_type_id=p.type, short_break=p.short_break)
            for c, h in each
            for p in h.placements
        ],
    )
    _create(
        LegalBasis,
        [LegalBasis(child=c, start=b.start, end=b.end, measure_id=b.code) for c, h in each for b in h.legal],
    )
    _create(
        Milestone,
        [
            Milestone(
                child=c,
                kind=e.kind,
                happened_on=e.on,
                precision=e.precision,
                route=e.route,
                outcome=e.outcome,
                review_kind=e.review_kind,
                pre_birth=e.pre_birth,
                first_accommodated_on=e.first_accommodated_on,
                recorded_on=RECORDED_ON,
                voided_on=RECORDED_ON if e.void else None,
                void_reason="recorded in error" if e.void else "",
            )
            for c, h in each
            for e in h.events
        ],
    )


def measured(aim: AimDefinition, histories: list[ChildHistory], *, as_at: date, authority: Organisation) -> Measured:
    store(histories, authority=authority)
    return measure(aim, journeys_for([aim], Child.objects.filter(authority=authority), as_at))


def _create(model, rows):
    return model.objects.bulk_create(rows)
