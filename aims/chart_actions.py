"""Set how an aim's chart is judged: rules, frozen baseline, new medians and dated annotations."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim, Annotation, ChartSettings, Phase
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import remove_record, save_record


def _check(aim: Aim, by: User) -> None:
    check_can(by, Permission.MANAGE_AIMS)
    if not Aim.objects.visible_to(by).filter(pk=aim.pk).exists():
        raise ValidationError("You can change aims of your own organisation only.")


@transaction.atomic
def set_chart(aim: Aim, *, rules: str, shift: int, trend: int, baseline: int | None, by: User) -> ChartSettings:
    """Choose the rules of an aim's run chart, and how many first points keep their median."""
    _check(aim, by)
    settings = ChartSettings.objects.filter(aim=aim).first() or ChartSettings(aim=aim)
    settings.rules, settings.shift, settings.trend, settings.baseline = rules, shift, trend, baseline
    settings.full_clean()
    save_record(settings, by=by)
    return settings


@transaction.atomic
def start_phase(aim: Aim, *, starts_on: date, reason: str, by: User) -> Phase:
    """Begin a new median on a day, for a reason that people know: never done by itself (`spc.md`)."""
    _check(aim, by)
    if starts_on > timezone.localdate():
        raise ValidationError({"starts_on": "A new median begins on a day that has come."})
    if aim.phases.filter(starts_on=starts_on).exists():
        raise ValidationError({"starts_on": "A new median begins on this day already."})
    phase = Phase(aim=aim, starts_on=starts_on, reason=reason.strip(), by=by)
    if not phase.reason:
        raise ValidationError({"reason": "Say which change is known, and why it will last."})
    save_record(phase, by=by)
    return phase


@transaction.atomic
def annotate(aim: Aim, *, on: date, label: str, by: User) -> Annotation:
    """Draw a dated remark on the charts of an aim."""
    _check(aim, by)
    annotation = Annotation(aim=aim, on=on, label=label.strip())
    if not annotation.label:
        raise ValidationError({"label": "Say what happened on that day."})
    save_record(annotation, by=by)
    return annotation


@transaction.atomic
def take_off(row: Phase | Annotation, *, by: User) -> None:
    """Take a new median or an annotation off the charts; the audit trail keeps what it said."""
    _check(row.aim, by)
    remove_record(row, by=by)
