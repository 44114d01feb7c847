"""What reviewers do with records whose period is over: keep one longer, propose, turn down, confirm (ADR 0022)."""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from children.closed_records import Withheld, withheld
from children.models import (
    Child,
)
from children.retention.due import Reviewed, over, period_over, told_apart
from children.retention.models import KeptLonger, Pseudonymisation
from children.retention.references import remember
from milestones.extract.corrections import forget_corrections
from milestones.extract.run_models import ImportUndo
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.accounts.scope import scope_of
from pace_site.audit.actions import erase_values
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.retention.pseudonymising import definitions_of, figures_of, pseudonymise, rename_families

TYPED = "PSEUDONYMISE"
NOT_TYPED = f"Type {TYPED}, in capitals, to say that you mean it."
LONGEST_STAY = 5  # years until the next review


def check_reviewer(by: User) -> None:
    """Raise `PermissionDenied` unless `by` reviews records, of the whole authority and by name."""
    check_can(by, Permission.PSEUDONYMISE)
    if not scope_of(by, with_identity=True).whole_authority:
        raise PermissionDenied("Records are reviewed by people who see the whole authority.")


def reviewed_by(user: User, *, on: date) -> list[Reviewed]:
    """The children of the person's authority whose period is over."""
    children = Child.objects.identifiable_to(user)
    return over(children.select_related("team"), years=user.organisation.retention_years, on=on)


def kept_from(user: User, *, on: date) -> Withheld:
    """Of the children of the person's authority whose period is over: those closed to the person."""
    children = Child.objects.closed_to(user, with_identity=True)
    council = user.organisation
    return withheld(period_over(children, years=council.retention_years, on=on), of=council, to=user)


@transaction.atomic
def keep_longer(child: Child, *, until: date, reason: str, by: User) -> KeptLonger:
    """Keep a record as it is, to be reviewed again on a day."""
    check_reviewer(by)
    today = timezone.localdate()
    (reviewed,) = [one for one in reviewed_by(by, on=today) if one.child.pk == child.pk] or [None]
    if reviewed is None:
        raise ValidationError("The period of this record is not over.")
    if until <= today:
        raise ValidationError({"until": "Choose a day that is still to come."})
    if until.year > today.year + LONGEST_STAY:
        raise ValidationError({"until": f"A record is reviewed again within {LONGEST_STAY} years."})
    kept = KeptLonger.objects.create(child=child, until=until, reason=reason, by=by, on=today)
    record(
        AuditEntry.Action.CREATE,
        authority=child.authority,
        record_type="keptlonger",
        record_id=kept.pk,
        child_code=child.code,
        by=by,
        after={"until": until.isoformat()},
        reason=reason,
    )
    return kept


@transaction.atomic
def propose(codes: Collection[str], *, reason: str, typed: str, by: User) -> Pseudonymisation:
    """Propose that these children be pseudonymised; nothing of their records changes yet."""
    check_reviewer(by)
    _check_typed(typed)
    _hold(by.organisation)
    chosen = chosen_among(reviewed_by(by, on=timezone.localdate()), codes)
    proposal = Pseudonymisation.objects.create(authority=by.organisation, reason=reason, proposed_by=by)
    proposal.children.set([one.child for one in chosen])
    _note(proposal, AuditEntry.Action.CREATE, by=by, reason=reason)
    return proposal


def chosen_among(reviewed: Sequence[Reviewed], codes: Collection[str]) -> list[Reviewed]:
    """The chosen children; `ValidationError` where one cannot be chosen, or a brother or sister was left out."""
    if not codes:
        raise ValidationError("Choose at least one child.")
    chosen = [one for one in reviewed if one.child.code in set(codes)]
    if unknown := sorted(set(codes) - {one.child.code for one in chosen}):
        raise ValidationError(f"{', '.join(unknown)}: the period of this record is not over.")
    if waiting := [f"{one.child.code} ({one.waits})" for one in chosen if one.waits]:
        raise ValidationError(f"This cannot be done now: {'; '.join(waiting)}.")
    families = {one.child.family_id for one in chosen if one.child.family_id}
    of_families = [one for one in reviewed if one.child.family_id in families]
    left_out = [one.child for one in of_families if one.child.code not in set(codes)]
    if not left_out:
        return chosen
    keys = [one.child.pk for one in of_families]
    tellable = told_apart(Child.objects.filter(pk__in=keys), families=families)
    if len(tellable) < len(keys):
        raise ValidationError(
            "Records of one family go together, as one who is known tells who the other is; nothing says here which "
            "go together after an adoption. Choose all records that are due, or leave these out."
        )
    raise ValidationError(
        f"Brothers and sisters go together, as one who is known tells who the other is. Choose "
        f"{', '.join(child.code for child in left_out)} too, or neither."
    )


def closed_in(proposal: Pseudonymisation, *, to: User) -> Withheld:
    """The records of a proposal that are closed to `to`: restricted since, or another reviewer's to open."""
    return withheld(proposal.children.closed_to(to), of=proposal.authority, to=to)


@transaction.atomic
def turn_down(proposal: Pseudonymisation, *, reason: str, by: User) -> None:
    """Turn a proposal down, or take one's own back: every record stays as it is."""
    check_reviewer(by)
    current = _open_proposal(proposal, by=by)
    current.state, current.decided_by = Pseudonymisation.State.TURNED_DOWN, by
    current.decided_at, current.decided_reason = timezone.now(), reason
    current.save()
    _note(current, AuditEntry.Action.CHANGE, by=by, reason=reason)


@transaction.atomic
def carry_out(proposal: Pseudonymisation, *, typed: str, by: User) -> list[str]:
    """Pseudonymise the children of a proposal that another person made, for good; return their pseudonyms.

    Everything is checked again. Raise `ValidationError`, with nothing changed, where a record changed since, or a
    figure of an aim would.
    """
    check_reviewer(by)
    _check_typed(typed)
    _hold(by.organisation)
    current = _open_proposal(proposal, by=by)
    if current.proposed_by_id == by.pk:
        raise ValidationError("Somebody else has to confirm what you proposed.")
    if closed := closed_in(current, to=by):
        raise ValidationError(f"{closed}. Nothing was done: somebody who may open every record decides this one.")
    current.state, current.decided_by, current.decided_at = Pseudonymisation.State.CARRIED_OUT, by, timezone.now()
    current.save()
    today = timezone.localdate()
    codes = [*current.children.values_list("code", flat=True)]
    chosen = chosen_among(reviewed_by(by, on=today), codes)
    children = [one.child for one in chosen]
    definitions = definitions_of(by.organisation)
    days = sorted({today, *(one.ended_on for one in chosen), *(one.over_on for one in chosen)})
    before = figures_of(children, definitions, days)
    for child in children:
        pseudonymise(child, definitions, on=today, by=by)
    rename_families(children)
    if figures_of(children, definitions, days) != before:
        raise ValidationError("A figure of an aim would change, so nothing was done. Tell who looks after the program.")
    for child in children:
        erase_values(child.code, authority=by.organisation, by=by, reason="Pseudonymised after the council's period")
    # Closed, and so not to be searched: what records said before a late import would have names, and put them back.
    ImportUndo.objects.filter(run__authority=by.organisation).delete()
    forget_corrections(by.organisation)
    _note(current, AuditEntry.Action.CHANGE, by=by, reason=current.reason)
    return sorted(codes)


@transaction.atomic
def let_in(local_ref: str, *, reason: str, by: User) -> None:
    """Let extracts take a forgotten reference in again, as a new child, who is looked after again."""
    check_reviewer(by)
    if not remember(local_ref, of=by.organisation):
        raise ValidationError({"local_ref": "No record of this reference was pseudonymised."})
    record(
        AuditEntry.Action.CHANGE,
        authority=by.organisation,
        record_type="forgottenreference",
        record_id="",
        by=by,
        reason=reason,
    )


def _check_typed(typed: str) -> None:
    if typed.strip() != TYPED:
        raise ValidationError({"typed": NOT_TYPED})


def _hold(authority: Organisation) -> None:
    """Let no extract and no other review of the authority run beside this one."""
    Organisation.objects.select_for_update(no_key=True).get(pk=authority.pk)


def _open_proposal(proposal: Pseudonymisation, *, by: User) -> Pseudonymisation:
    current = Pseudonymisation.objects.visible_to(by).select_for_update(of=("self",)).get(pk=proposal.pk)
    if current.state != Pseudonymisation.State.PROPOSED:
        raise ValidationError("This proposal was decided already.")
    return current


def _note(proposal: Pseudonymisation, action: AuditEntry.Action, *, by: User, reason: str) -> None:
    record(
        action,
        authority=proposal.authority,
        record_type="pseudonymisation",
        record_id=proposal.pk,
        by=by,
        after={"state": proposal.state, "children": sorted(proposal.children.values_list("code", flat=True))},
        reason=reason,
    )
