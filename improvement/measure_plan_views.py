"""The page of the measurement plan: the measures of each aim, and what each of them says."""

from dataclasses import dataclass

from django.shortcuts import render
from django.views.generic import View

from aims.counted import counted_children
from aims.models import Aim, AimVersion
from improvement.measured.judged import JudgedMeasure
from improvement.measured.plan import judge_measures
from improvement.models import Measure
from improvement.models.measures import MeasureKind
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.as_at import as_at_of
from pace_site.look.words import count_of

ORDER = list(MeasureKind.values)


@dataclass(frozen=True)
class AimPlan:
    """The measures of one aim: those that are kept, as judged, and those that were retired."""

    version: AimVersion
    kept: list[JudgedMeasure]
    retired: list[Measure]


class MeasuresView(PermissionRequiredMixin, View):
    """The measurement plan by aim, with the latest value of each measure and what its chart says."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        as_at = as_at_of(request)
        measures = list(Measure.objects.visible_to(request.user).select_related("aim", "collector"))
        kept = [measure for measure in measures if not measure.is_retired]
        counted = counted_children(request.user, asked=request.GET.get("children", ""))
        judged = judge_measures(kept, counted=counted, as_at=as_at.day)
        judged.sort(key=lambda each: (ORDER.index(each.measure.kind), each.measure.name))
        plans, unmeasured = [], []
        for version in Aim.objects.visible_to(request.user).current_versions():
            own = [each for each in judged if each.measure.aim_id == version.aim_id]
            retired = [each for each in measures if each.is_retired and each.aim_id == version.aim_id]
            if own or retired:
                plans.append(AimPlan(version, own, retired))
            elif version.aim.status == Aim.Status.ACTIVE:
                unmeasured.append(version)
        context = {
            "section": "improvement",
            "as_at": as_at,
            "counted": counted,
            "plans": plans,
            "unmeasured": unmeasured,
            "headline": headline(len(kept), sum(bool(plan.kept) for plan in plans)),
        }
        return render(request, "improvement/measures.html", context)


def headline(measures: int, aims: int) -> str:
    """7 measures of 3 aims."""
    if not measures:
        return "No measure is kept yet"
    return f"{count_of(measures, 'measure', 'measures')} of {count_of(aims, 'aim', 'aims')}"
