"""The pages of one measure: its chart and values, planning one, and changing or retiring it."""

from datetime import date
from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from aims.counted import counted_children
from aims.models import Aim
from improvement.actions.measures import (
    change_measure,
    plan_measure,
    retire_measure,
    type_value,
)
from improvement.editions import Collision
from improvement.measure_forms import MeasureForm, ValueForm, shown_number
from improvement.measured.drawing import measure_figure
from improvement.measured.judged import JudgedMeasure
from improvement.measured.plan import judge_measures
from improvement.measured.value_history import value_history
from improvement.models import Driver, Measure, MeasureValue
from improvement.models.measures import Better, ChartKind, Frequency
from improvement.remarks import remarks_of
from improvement.written_form import ReasonForm
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.as_at import as_at_of
from pace_site.look.words import british_date


class OfOneMeasure(PermissionRequiredMixin, View):
    """A page of one measure of the person's own authority."""

    needs = Permission.VIEW_IMPROVEMENT

    @cached_property
    def measure(self) -> Measure:
        rows = Measure.objects.visible_to(self.request.user).select_related("aim", "collector", "authority")
        measure = rows.filter(pk=self.kwargs["pk"]).first()
        if measure is None:
            raise Http404("There is no such measure.")
        return measure

    def show(self, template: str, **context):
        context = {"section": "improvement", "measure": self.measure, **context}
        return render(self.request, f"improvement/{template}", context)


class MeasureView(OfOneMeasure):
    """One measure: what it says, its chart and months, its definition; and typing values, for those who may."""

    keeps_what_was_typed = True

    @cached_property
    def may_type(self) -> bool:
        if self.measure.is_computed or self.measure.is_retired:
            return False
        return (
            Measure.objects.visible_to(self.request.user)
            .typed_by(self.request.user)
            .filter(pk=self.measure.pk)
            .exists()
        )

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def get(self, request, pk):
        month = self.asked_month()
        kept = request.take_kept_form() if self.may_type else None
        if kept is not None:
            form = ValueForm(kept, measure=self.measure, today=self.today, month=month)
            form.is_valid()
            return self.page(form, is_open=True, kept=True)
        row = self.row_of(month) if month else None
        form = ValueForm(measure=self.measure, today=self.today, row=row, month=month) if self.may_type else None
        return self.page(form, is_open=month is not None)

    def post(self, request, pk):
        if not self.may_type:
            raise PermissionDenied("Only its collector, and those who keep the measures, can type its values.")
        form = ValueForm(request.POST, measure=self.measure, today=self.today, month=self.asked_month())
        if not form.is_valid():
            return self.page(form, is_open=True)
        edition = form.cleaned_data["edition"]
        try:
            row = type_value(self.measure, form.first, **form.said, edition=edition, by=request.user)
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form, is_open=True)
        words = f"{row.month:%B %Y} is taken out." if row.is_taken_out else f"{row.month:%B %Y} is kept."
        messages.info(request, words)
        return redirect(self.measure)

    def asked_month(self) -> date | None:
        """The month that the address names, to be corrected."""
        try:
            return date.fromisoformat(f"{self.request.GET.get('month', '')}-01")
        except ValueError:
            return None

    def row_of(self, month: date) -> MeasureValue | None:
        rows = MeasureValue.objects.visible_to(self.request.user)
        return rows.filter(measure=self.measure, month=month).first()

    def collided(self, form: ValueForm, current: MeasureValue):
        """Somebody has typed this month already: both are laid side by side."""
        differences = []
        for name, typed in form.said.items():
            now = getattr(current, name)
            sides = [each if name == "note" else shown_number(each) for each in (now, typed)]
            if sides[0] != sides[1]:
                differences.append((form.fields[name].label, sides[0] or "nothing", sides[1] or "nothing"))
        form.send_again_over(current)
        return self.page(form, is_open=True, collided=True, differences=differences)

    def page(self, form, *, is_open: bool, **context):
        request, measure = self.request, self.measure
        as_at = as_at_of(request)
        counted = counted_children(request.user, asked=request.GET.get("children", ""))
        remarks = {measure.aim_id: remarks_of(measure.aim)}
        judged = judge_measures([measure], counted=counted, as_at=as_at.day, remarks=remarks)[0]
        return self.show(
            "measure.html",
            as_at=as_at,
            counted=counted,
            judged=judged,
            drawn=measure_figure(judged, whole=request.GET.get("points") == "all"),
            facts=facts_of(measure),
            drivers=drivers_of(measure),
            form=form,
            is_open=is_open or (form is not None and judged.is_empty),
            history=[] if measure.is_computed else value_history(measure, by=request.user),
            may_edit=Measure.objects.editable_by(request.user).filter(pk=measure.pk).exists(),
            **context,
        )


def drivers_of(measure: Measure) -> list[Driver]:
    """The drivers that a measure follows, of diagrams that are worked with (one query).

    Whoever may see the measure may see the diagrams of its authority.
    """
    rows = measure.drivers.filter(diagram__retired_on=None).select_related("diagram")
    return list(rows.order_by("diagram__title", "level", "order"))


def facts_of(measure: Measure) -> list[tuple[str, str]]:
    """The plan of a measure in words, what is not said left out."""
    collector = "computed from milestones" if measure.is_computed else str(measure.collector or "nobody yet")
    baseline = ""
    if measure.baseline_points:
        baseline = f"The first {measure.baseline_points} months"
    elif measure.baseline_until:
        baseline = f"The months up to {british_date(measure.baseline_until)}"
    facts = [
        ("Type", measure.get_kind_display()),
        ("Numerator", measure.numerator),
        ("Denominator", measure.denominator),
        ("Exclusions", measure.exclusions),
        ("Data source", measure.source),
        ("Collector", collector),
        ("Collected", Frequency(measure.frequency).label),
        ("Chart", ChartKind(measure.chart).label),
        ("What is better", Better(measure.better).label),
        ("Counted from", f"{measure.counts_from:%B %Y}" if measure.counts_from else ""),
        ("Baseline", baseline),
        ("Target", JudgedMeasure(measure, (), timezone.localdate()).target),
    ]
    return [(label, said) for label, said in facts if said]


class MeasureNewView(PermissionRequiredMixin, View):
    """Plan a measure whose values people type in."""

    needs = Permission.KEEP_MEASURES
    keeps_what_was_typed = True

    def get(self, request):
        kept = request.take_kept_form()
        if kept is not None:
            form = MeasureForm(kept, by=request.user)
            form.is_valid()
            return self.page(form, kept=True)
        aim = Aim.objects.visible_to(request.user).filter(code=request.GET.get("aim", "")).first()
        return self.page(MeasureForm(by=request.user, aim=aim))

    def post(self, request):
        form = MeasureForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.page(form)
        try:
            measure = plan_measure(form.chosen_aim, form.said, by=request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The measure is in the plan. Now its values can be typed in, month by month.")
        return redirect(measure)

    def page(self, form, **context):
        context = {"section": "improvement", "form": form, **context}
        return render(self.request, "improvement/measure_form.html", context)


class MeasureEditView(OfOneMeasure):
    """Put the plan of a measure right, or retire it."""

    needs = Permission.KEEP_MEASURES
    keeps_what_was_typed = True

    def get(self, request, pk):
        kept = request.take_kept_form()
        if kept is not None:
            form = MeasureForm(kept, by=request.user, measure=self.measure)
            form.is_valid()
            return self.page(form, kept=True)
        return self.page()

    def post(self, request, pk):
        if request.POST.get("what") == "retire":
            return self.retire()
        form = MeasureForm(request.POST, by=request.user, measure=self.measure)
        if not form.is_valid():
            return self.page(form)
        try:
            changed = change_measure(
                self.measure, form.said, edition=form.cleaned_data["edition"] or 0, by=request.user
            )
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The plan is changed." if changed else "Nothing was changed: it says so already.")
        return redirect(self.measure)

    def retire(self):
        form = ReasonForm(self.request.POST, auto_id="retire_%s")
        why = "Somebody else has changed this measure meanwhile. Look at it, then retire it."
        if not form.carried_out(partial(retire_measure, self.measure, by=self.request.user), why=why):
            return self.page(reason_form=form)
        messages.info(self.request, "The measure is retired. What was counted stays.")
        return redirect("measures")

    def collided(self, form: MeasureForm, current: Measure):
        differences = form.beside({name: getattr(current, name) for name in form.said}, form.said)
        form.send_again_over(current)
        return self.page(form, collided=True, differences=differences)

    def page(self, form=None, *, reason_form=None, **context):
        return self.show(
            "measure_form.html",
            form=form or MeasureForm(by=self.request.user, measure=self.measure),
            reason_form=reason_form or ReasonForm(initial={"edition": self.measure.edition}, auto_id="retire_%s"),
            **context,
        )
