"""Take from a record who the child is, for good, so that every figure stays as it was (ADR 0022)."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date, timedelta
from uuid import uuid4

from django.db.models import F, Q

from aims.definition import AimDefinition
from aims.models import Aim, AimVersion, ReminderSnooze
from aims.outcomes import outcomes
from children.models import (
    Allocation,
    BreakGlass,
    CareEpisode,
    Child,
    Family,
    Identity,
    LegalBasis,
    NotTheSame,
    Placement,
    Restriction,
)
from children.retention.births import substitute_birth
from children.retention.models import KeptLonger, RightsRequest
from children.retention.references import forget
from milestones.catalogue import BY_CODE, OrderType, ReviewKind
from milestones.clocks.running import TWO_YEARS
from milestones.journeys import load_journeys
from milestones.models import AcceptedFinding, KeptFinding, Milestone
from pace_site.accounts.models import Organisation, User
from pace_site.audit.actions import erase_values
from pace_site.front.retention.what_goes import ERASED, FREE_TEXT, KEPT


def pseudonymise(child: Child, definitions: Sequence[AimDefinition], *, on: date, by: User) -> None:
    """Take from one record what `what_goes.GOES` says, for good."""
    child.refresh_from_db()
    for given_up in child.merged_from.all():
        _forget_given_up(given_up, on=on, by=by)
    born = child.date_of_birth or child.expected_on
    if born is not None:
        stays = [*CareEpisode.objects.standing().filter(child=child).values_list("start", "end")]
        other = substitute_birth(born, days=_days_of(child, definitions), stays=stays)
        child.date_of_birth, child.expected_on = (other, None) if child.date_of_birth else (None, other)
    forget(child.local_ref, of=child.authority, year=on.year)
    child.local_ref = f"FORGOTTEN-{uuid4().hex[:20]}"
    child.ethnicity = child.disability = ""
    child.pseudonymised_on, child.edition = on, child.edition + 1
    child.save()
    Identity.objects.filter(child=child).delete()
    Allocation.objects.filter(child=child).delete()
    # A fingerprint is of facts that go, such as the date of birth, and could be guessed from it.
    KeptFinding.objects.filter(child=child).delete()
    AcceptedFinding.objects.filter(child=child).delete()
    for field in FREE_TEXT:
        field.model.objects.filter(child=child).update(**{field.name: field.becomes})
    listed = {outcome for kind in BY_CODE.values() for outcome in (*kind.outcomes, *kind.offered)}
    Milestone.objects.filter(child=child).exclude(outcome__in=listed).update(outcome="")
    reviews = Milestone.objects.filter(child=child).exclude(review_kind__in=ReviewKind.values)
    reviews.update(review_kind="")
    orders = Milestone.objects.filter(child=child).exclude(order_type__in=OrderType.values)
    orders.update(order_type="")
    for model in KEPT:
        rows = model.objects.filter(child=child)
        rows.update(extract_said=None, edition=F("edition") + 1)
        rows.filter(voided_on__isnull=False).update(void_reason=ERASED)
    KeptLonger.objects.filter(child=child).update(reason=ERASED)
    ReminderSnooze.objects.filter(child=child).update(reason=ERASED)
    NotTheSame.objects.filter(Q(first=child) | Q(second=child)).update(reason=ERASED)
    RightsRequest.objects.filter(child=child).update(reference=ERASED, asked="", decision_words="")
    Restriction.objects.filter(child=child).update(reason=ERASED)
    Restriction.objects.filter(child=child, ended_at__isnull=False).update(end_reason=ERASED)
    BreakGlass.objects.filter(restriction__child=child).update(reason=ERASED)
    BreakGlass.objects.filter(restriction__child=child, looked_at__isnull=False).update(looked_words=ERASED)


def _forget_given_up(given_up: Child, *, on: date, by: User) -> None:
    """A record that was merged into the child's: nothing of it stays but the mark of its reference."""
    for earlier in given_up.merged_from.all():
        _forget_given_up(earlier, on=on, by=by)
    forget(given_up.local_ref, of=given_up.authority, year=on.year)
    erase_values(given_up.code, authority=by.organisation, by=by, reason="Pseudonymised after the council's period")
    given_up.delete()


def _days_of(child: Child, definitions: Sequence[AimDefinition]) -> set[date]:
    """Every day that the child's rows carry, and the days that aims count on from those."""
    days: set[date] = set()
    for model in (CareEpisode, Placement, LegalBasis):
        for stretch in model.objects.filter(child=child).values_list("start", "end"):
            days.update(stretch)
    for row in Milestone.objects.filter(child=child).values_list("planned_on", "happened_on", "first_accommodated_on"):
        days.update(row)
    days.discard(None)
    thresholds = {TWO_YEARS, *(definition.threshold for definition in definitions if definition.threshold)}
    reached = {threshold.after(day) for threshold in thresholds for day in days}
    return days | reached | {day + timedelta(days=1) for day in reached}


def rename_families(children: Sequence[Child]) -> None:
    """Forget the council's reference of each family; all of its children go together."""
    families = Family.objects.filter(children__in=children).distinct()
    for family in families:
        family.ref = f"FORGOTTEN-{uuid4().hex[:20]}"
        family.save()


def definitions_of(authority: Organisation) -> list[AimDefinition]:
    """Every version of every aim of an authority: older ones still explain older figures."""
    versions = AimVersion.objects.filter(aim__in=Aim.objects.filter(authority=authority))
    return [version.definition for version in versions.order_by("pk")]


def figures_of(children: Sequence[Child], definitions: Sequence[AimDefinition], days: Sequence[date]) -> list:
    """Every clock of some children under some definitions as at some days, without who they are."""
    journeys = load_journeys(Child.objects.filter(pk__in=[child.pk for child in children]), max(days))
    said = []
    for day in days:
        for definition in definitions:
            found = outcomes(definition, journeys.on(day))
            rows = sorted(astuple(replace(row, child_ref="", exit_reason="")) for row in found.rows)
            said.append((day, definition.code, rows, found.family_count, found.counts))
    return said
