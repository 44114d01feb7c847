"""Children whom an earlier extract had and the latest lacks, and who by what is recorded are still looked after.

Only sources with the full list of children are asked, and each is compared with itself (ADR 0029).

Discharged, adopted, transferred, or lacking in error: a person says which, through the actions that record it.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from children.actions import end_care
from children.allocations import in_force_on
from children.caseload import allocated_to
from children.keeping import check_may
from children.models import Allocation, CareEpisode, Child, Destination, Listed
from milestones.actions import Draft, record_milestones
from milestones.extract.run_models import ImportRun, MissingAnswer
from milestones.models import Milestone
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

TRANSFERRED = "LA_TRANSFER_OUT"
Answer = MissingAnswer.Answer


def latest_extracts(user: User) -> dict[int, date]:
    """By the key of each source with the full list of children: the date of its latest extract in the records."""
    runs = ImportRun.objects.visible_to(user).taken_in().filter(source__is_whole=True).order_by()
    return dict(runs.values_list("source").annotate(latest=Max("extract_date")))


def latest_extract(user: User) -> date | None:
    """The date of the latest extract with the full list of the children of the person's authority."""
    return max(latest_extracts(user).values(), default=None)


def still_missing(user: User) -> QuerySet[Child]:
    """The children in question whom `user` may see by name, those missing for longest first.

    Whom nobody has answered for comes before whom somebody has.
    """
    extracts = latest_extracts(user)
    if not extracts:
        return Child.objects.none()
    lacking, listed = Q(pk__in=[]), Listed.objects.all()
    for source, latest in extracts.items():
        lacking |= listed.having(source=source) & ~listed.having(source=source, last_on__gte=latest)
    in_care = CareEpisode.objects.standing().filter(child=OuterRef("pk"), end=None)
    return (
        Child.objects.identifiable_to(user)
        .with_last_extract()
        .filter(lacking, Exists(in_care))
        .annotate(answered=Max("missing_answers__at", filter=Q(missing_answers__extract_date=max(extracts.values()))))
        .order_by(F("answered").asc(nulls_first=True), "last_extract_on", "code")
    )


def asked_of(worker: User) -> QuerySet[MissingAnswer]:
    """Of which children allocated to `worker` today it is asked whether they left care; the longest asked first.

    Nobody asks any more once the child has left care, a later extract is taken in, or somebody answered.
    """
    theirs = still_missing(worker).filter(pk__in=allocated_to(worker.pk)).order_by()
    asked = MissingAnswer.objects.identifiable_to(worker).filter(answer=Answer.ASKED, child__in=theirs.values("pk"))
    return asked.filter(extract_date=latest_extract(worker)).select_related("by").order_by("at", "pk")


@transaction.atomic
def has_left(child: Child, *, on: date, destination: Destination, by: User) -> None:
    """The child left care on that day: the episode ends, and with it what is open in it."""
    end_care(child, on=on, destination=destination, by=by)


@transaction.atomic
def was_transferred(child: Child, *, on: date, by: User) -> None:
    """Another council looks after the child since that day; here the episode ends with it."""
    known = Milestone.objects.standing().filter(child=child, kind=TRANSFERRED)
    if not known.exists():
        record_milestones([Draft(child, TRANSFERRED, {"happened_on": on, "source": "missing from the extract"})], by=by)
    end_care(child, on=on, destination=Destination.objects.get(code="OTHER"), by=by)


def workers_of(child: Child, *, by: User) -> list[User]:
    """Who works with the child today and would be asked, by the allocations that `by` may see."""
    held = Allocation.objects.identifiable_to(by).filter(in_force_on(timezone.localdate()), child=child)
    people = [each.user for each in held.filter(user__is_active=True).select_related("user").order_by("pk")]
    return list(dict.fromkeys(people))


@transaction.atomic
def answer(child: Child, said: Answer, *, by: User) -> None:
    """Note that the worker is asked, or that the extract lacks the child in error; the record stays as it is."""
    check_may(by, Permission.RECORD_CARE, child)
    latest = latest_extract(by)
    if not still_missing(by).filter(pk=child.pk).exists():
        raise ValidationError("This child is not missing from the latest extract any more.")
    if said == Answer.ASKED and not workers_of(child, by=by):
        raise ValidationError(
            "Nobody is allocated to this child, so nobody would be asked. Allocate the child first, or ask the team "
            "and say here what became of the child. Nothing was changed."
        )
    MissingAnswer.objects.update_or_create(child=child, extract_date=latest, defaults={"answer": said, "by": by})
    record(
        AuditEntry.Action.CHANGE,
        authority=child.authority,
        record_type="missinganswer",
        record_id=child.pk,
        child_code=child.code,
        by=by,
        after={"answer": Answer(said).label, "extract": latest.isoformat()},
    )
