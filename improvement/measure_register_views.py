"""The page of the register of measures, from which one is added to the plan of an aim."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.generic import View

from aims.models import Aim
from improvement.actions.measures import add_from_register
from improvement.measure_definition import MeasureDefinition
from improvement.measure_register import registered_measures
from improvement.models import Measure
from improvement.models.measures import MeasureKind
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin


@dataclass(frozen=True)
class Offered:
    """A measure of the register; `own` is what the aim has of it, and it `fits` an aim that it was made for."""

    shipped: MeasureDefinition
    own: Measure | None
    fits: bool

    @property
    def kind_word(self) -> str:
        return MeasureKind(self.shipped.kind).word


class MeasureRegisterView(PermissionRequiredMixin, View):
    """The register of measures that PACE areas keep, to be added to the plan of an aim."""

    needs = Permission.KEEP_MEASURES

    def get(self, request):
        aims = Aim.objects.visible_to(request.user)
        versions = [each for each in aims.current_versions() if each.aim.status != Aim.Status.CLOSED]
        chosen = next((each for each in versions if each.aim.code == request.GET.get("aim")), None)
        chosen = chosen or next(iter(versions), None)
        own = {}
        if chosen is not None:
            kept = Measure.objects.visible_to(request.user).filter(aim=chosen.aim, retired_on=None)
            own = {measure.register_code: measure for measure in kept}
        number = chosen.data.get("national_aim") if chosen else None
        offered = [
            Offered(shipped, own.get(code), shipped.national_aim in (None, number) or number is None)
            for code, shipped in registered_measures().items()
        ]
        context = {
            "section": "improvement",
            "versions": versions,
            "chosen": chosen,
            "offered": [each for each in offered if each.fits],
            "others": [each for each in offered if not each.fits],
        }
        return render(request, "improvement/measure_register.html", context)

    def post(self, request):
        aim = Aim.objects.visible_to(request.user).filter(code=request.POST.get("aim", "")).first()
        code = request.POST.get("code", "")
        if aim is None or code not in registered_measures():
            raise Http404("There is no such measure to add.")
        try:
            measure = add_from_register(aim, code, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("measures")
        messages.info(request, f"{measure} is among the measures of {aim}.")
        return redirect(measure)
