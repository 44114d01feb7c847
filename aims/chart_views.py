"""The page on which a PACE lead sets how an aim's chart is judged: rules, baseline, new medians and remarks."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.views.generic import View

from aims.chart_actions import annotate, set_chart, start_phase, take_off
from aims.models import Aim, Annotation, ChartSettings, Phase
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.days import day_input

FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class SettingsForm(forms.Form):
    rules = forms.ChoiceField(label="Rules", choices=ChartSettings.Rules.choices)
    shift = forms.TypedChoiceField(label="Points that make a shift", coerce=int, choices=[(n, n) for n in (6, 7, 8)])
    trend = forms.TypedChoiceField(label="Points that make a trend", coerce=int, choices=[(n, n) for n in (5, 6, 7)])
    baseline = forms.IntegerField(
        label="Frozen baseline: the first so many points",
        required=False,
        min_value=10,
        max_value=30,
        help_text="10 to 12 are usual, when they show no signal themselves. Empty: the median of all points.",
    )


class PhaseForm(forms.Form):
    starts_on = forms.DateField(label="New median from", widget=day_input(), input_formats=FORMATS)
    reason = forms.CharField(
        label="Which change is known, and why it will last", max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class RemarkForm(forms.Form):
    on = forms.DateField(label="Day", widget=day_input(), input_formats=FORMATS)
    label = forms.CharField(label="What happened", max_length=80)


class AimChartView(PermissionRequiredMixin, View):
    """Three small forms of one aim, and what they made, each of which can be taken off again."""

    needs = Permission.MANAGE_AIMS
    FORMS = {"settings": SettingsForm, "phase": PhaseForm, "remark": RemarkForm}

    @cached_property
    def aim(self) -> Aim:
        aim = Aim.objects.visible_to(self.request.user).filter(code=self.kwargs["code"]).first()
        if aim is None:
            raise Http404("There is no such aim.")
        return aim

    @cached_property
    def settings(self) -> ChartSettings:
        return ChartSettings.objects.visible_to(self.request.user).filter(aim=self.aim).first() or ChartSettings()

    def get(self, request, code):
        return self.page({})

    def post(self, request, code):
        what = request.POST.get("what", "")
        if what in ("phase-off", "remark-off"):
            return self.remove(Phase if what == "phase-off" else Annotation)
        if what not in self.FORMS:
            raise Http404("There is no such form.")
        form = self.FORMS[what](request.POST)
        if form.is_valid():
            try:
                self.save(what, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if form.errors:
            return self.page({what: form})
        return redirect("aim_chart", code=code)

    def save(self, what: str, values: dict) -> None:
        action = {"settings": set_chart, "phase": start_phase, "remark": annotate}[what]
        action(self.aim, by=self.request.user, **values)

    def remove(self, model: type):
        rows = model.objects.visible_to(self.request.user).filter(aim=self.aim)
        row = rows.filter(pk=self.request.POST.get("pk") or None).first()
        if row is None:
            raise Http404("It is not on the chart any more.")
        take_off(row, by=self.request.user)
        return redirect("aim_chart", code=self.aim.code)

    def page(self, sent: dict):
        said = {name: getattr(self.settings, name) for name in SettingsForm.base_fields}
        shown = {
            "settings": sent.get("settings") or SettingsForm(initial=said),
            "phase": sent.get("phase") or PhaseForm(auto_id="phase_%s"),
            "remark": sent.get("remark") or RemarkForm(auto_id="remark_%s"),
        }
        context = {
            "section": "aims",
            "aim": self.aim,
            "forms": shown,
            "faulty": next(iter(sent.values()), None),
            "phases": self.aim.phases.select_related("by"),
            "remarks": self.aim.annotations.all(),
        }
        return render(self.request, "aims/aim_chart.html", context)
