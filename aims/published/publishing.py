"""Publish the figures of a month that is over, and withdraw them: nothing that is out is changed (ADR 0019)."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from aims.count_columns import DUE, LATE, LEFT, MET, MISSED, OVERDUE, PARTS, WAITING, columns_of, count_columns
from aims.disclosure import Change, PublishedDay, columns_to_hide, never_falls
from aims.figures import journeys_for
from aims.models import Aim, AimVersion, PublishedAim, PublishedMonth
from aims.outcomes import outcomes
from children.models import Child
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.months import end_of_month, month_ends_before
from pace_site.look.words import british_date

# What whoever knows the rules of clocks knows of two months side by side.
CHANGES = (
    # Who is decided stays so, in time or late, and who left undecided is gone.
    *map(never_falls, (MET, LATE, LEFT, MISSED)),
    # Past the due date nobody meets the aim any more: overdue becomes missed, and nothing else does.
    never_falls(MISSED, OVERDUE),
    never_falls(DUE),
    # Past the due date come only those who waited a month ago, where the limit is longer than a month.
    Change(later=(MISSED, OVERDUE), earlier=(MISSED, OVERDUE, WAITING), at_most=True),
)
RECORD_TYPE = "published month"


@dataclass(frozen=True)
class Counted:
    """One aim as it would be published: its true counts, and the columns to hide."""

    version: AimVersion
    counts: dict[str, int]
    hidden: frozenset[str]


def next_month_end(authority: Organisation) -> date | None:
    """The end of the month to publish next, the last that is over; None when that is published already."""
    (last_over,) = month_ends_before(timezone.localdate(), months=1)
    published = PublishedMonth.objects.filter(authority=authority, month_end__gte=last_over).exists()
    return None if published else last_over


def counted_for_publishing(authority: Organisation, *, month_end: date) -> list[Counted]:
    """The active aims at the end of a month, each with what it hides beside all that is out already.

    The figures are the whole authority's, whoever asks: what is hidden must be chosen from all of them.
    """
    versions = list(Aim.objects.filter(authority=authority, status=Aim.Status.ACTIVE).current_versions())
    with_claim = [version for version in versions if version.definition.has_claim]
    definitions = [version.definition for version in with_claim]
    journeys = journeys_for(definitions, Child.objects.filter(authority=authority), month_end)
    earlier = _earlier_days(authority, with_claim)
    found = []
    for version, definition in zip(with_claim, definitions, strict=True):
        counts = count_columns(columns_of(outcomes(definition, journeys)))
        hidden = columns_to_hide(
            counts,
            earlier.get(version.aim_id, []),
            smallest_shown=authority.smallest_count_shown,
            parts=PARTS,
            changes=CHANGES,
        )
        found.append(Counted(version, counts, hidden))
    return found


@transaction.atomic
def publish_month(authority: Organisation, *, month_end: date, by: User | None) -> PublishedMonth:
    """Publish the month; `by` is None when a command asks.

    Raises `PermissionDenied`, and `ValidationError` for a month that is not over, is published already or comes before
    one that is, and when there is nothing to publish.
    """
    if by is not None:
        _check_may_publish(authority, by)
    # One after another: of two who publish at once, the second finds the month published.
    authority = Organisation.objects.select_for_update().get(pk=authority.pk)
    _check_month(authority, month_end)
    counted = counted_for_publishing(authority, month_end=month_end)
    if not counted:
        raise ValidationError("There is no active aim with a limit or a deadline, so there is nothing to publish.")
    month = PublishedMonth.objects.create(
        authority=authority,
        month_end=month_end,
        smallest_shown=authority.smallest_count_shown,
        published_by=by,
    )
    PublishedAim.objects.bulk_create(
        PublishedAim(month=month, version=each.version, counts=each.counts, hidden=sorted(each.hidden))
        for each in counted
    )
    _trail(
        month,
        AuditEntry.Action.ISSUE,
        by=by,
        after={
            "month_end": month_end.isoformat(),
            "smallest_shown": month.smallest_shown,
            "aims": [f"{each.version.aim.code} version {each.version.number}" for each in counted],
        },
    )
    return month


@transaction.atomic
def withdraw_month(month: PublishedMonth, *, reason: str, by: User) -> PublishedMonth:
    """Withdraw a published month with a reason: nobody is given its figures any more. It cannot be published again.

    Raises `PermissionDenied` and `ValidationError`.
    """
    _check_may_publish(month.authority, by)
    month = PublishedMonth.objects.visible_to(by).select_for_update().get(pk=month.pk)
    reason = reason.strip()
    if not reason:
        raise ValidationError("Say why the figures are withdrawn.")
    if month.is_withdrawn:
        raise ValidationError("The figures of this month have been withdrawn already.")
    month.withdrawn_at, month.withdrawn_by, month.withdrawn_reason = timezone.now(), by, reason
    month.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _trail(month, AuditEntry.Action.VOID, by=by, reason=reason)
    return month


def _check_may_publish(authority: Organisation, by: User) -> None:
    check_can(by, Permission.ISSUE_REPORT)
    if not scope_of(by).whole_authority or by.organisation_id != authority.pk:
        raise PermissionDenied("Only who opens the records of the whole authority can publish its figures.")


def _check_month(authority: Organisation, month_end: date) -> None:
    if month_end != end_of_month(month_end):
        raise ValidationError("Figures are published as at the end of a month.")
    if month_end >= timezone.localdate():
        raise ValidationError(f"{month_end:%B %Y} is not over yet: choose a month that is.")
    last = PublishedMonth.objects.filter(authority=authority).first()
    if last is not None and last.month_end >= month_end:
        raise ValidationError(
            f"The figures of {british_date(last.month_end)} are out already. Only a later month can be published, as "
            "an earlier one beside it could tell of single children."
        )


def _earlier_days(authority: Organisation, versions: list[AimVersion]) -> dict[int, list[PublishedDay]]:
    """By aim, what is out already, earliest first; withdrawn months too, as their readers may have kept them."""
    rows = PublishedAim.objects.filter(month__authority=authority, version__aim__in=[each.aim_id for each in versions])
    days: dict[int, list[PublishedDay]] = {}
    for row in rows.select_related("month", "version").order_by("month__month_end"):
        day = PublishedDay(row.counts, frozenset(row.hidden), row.month.smallest_shown)
        days.setdefault(row.version.aim_id, []).append(day)
    return days


def _trail(month: PublishedMonth, action: str, **more) -> None:
    record(action, authority=month.authority, record_type=RECORD_TYPE, record_id=month.pk, **more)
