"""The page of one cycle: its four steps, each to be read, filled in and put right, and the way to the next cycle."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from improvement.actions.cycles import decide, open_next_cycle, plan_cycle, record_do, record_study
from improvement.children_in_cycles import children_in
from improvement.cycle_chart import cycle_chart
from improvement.cycle_steps import STEPS, Step, missing_for, open_step
from improvement.editions import Collision
from improvement.models import PdsaCycle, TestOfChange
from improvement.models.tests_of_change import TestState
from improvement.next_steps import implementation_of, next_step_of
from improvement.step_forms import FORMS, LABELS, StepForm
from improvement.step_words import differences, steps_in_words
from improvement.written_form import NOTHING
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin

ACTIONS = {Step.PLAN: plan_cycle, Step.DO: record_do, Step.STUDY: record_study, Step.ACT: decide}
NEXT = "next"


class OfOneTest(PermissionRequiredMixin, View):
    """A page about one test of change of the person's own authority."""

    needs = Permission.VIEW_IMPROVEMENT

    @cached_property
    def test(self) -> TestOfChange:
        rows = TestOfChange.objects.visible_to(self.request.user)
        found = (
            rows.filter(pk=self.kwargs["pk"])
            .select_related("authority", "aim", "idea", "lead", "withdrawn_by", "implementation__owner")
            .prefetch_related("cycles", "members")
            .first()
        )
        if found is None:
            raise Http404("There is no such test of change.")
        return found

    @cached_property
    def takes_part(self) -> bool:
        """Whether the person may write into this test."""
        return TestOfChange.objects.editable_by(self.request.user).filter(pk=self.test.pk).exists()

    def check_part(self) -> None:
        if not self.takes_part:
            raise PermissionDenied(
                "Only those who take part in this test, and those who lead improvement, can change it."
            )

    @property
    def may_write(self) -> bool:
        return self.takes_part and not self.test.is_withdrawn

    def show(self, page_file: str, **context):
        shared = {"section": "improvement", "test": self.test, "may_write": self.may_write}
        return render(self.request, f"improvement/{page_file}", shared | context)


class CycleView(OfOneTest):
    keeps_what_was_typed = True

    @cached_property
    def cycle(self) -> PdsaCycle:
        for cycle in self.test.ramp:
            if cycle.number == self.kwargs["number"]:
                cycle.test = self.test
                return cycle
        raise Http404("There is no such cycle.")

    def get(self, request, pk, number):
        cycle = self.cycle
        kept = request.take_kept_form() if self.may_write else None
        if kept is not None:
            form = self.form_of(kept.get("step", ""), kept)
            form.is_valid()
            return self.page(form, kept=True)
        if not self.may_write:
            return self.page(None)
        asked = request.GET.get("step", "")
        if not asked:
            return self.page(None if cycle.decision else self.form_of(open_step(cycle)))
        return self.page(self.form_of(asked))

    def post(self, request, pk, number):
        cycle = self.cycle
        self.check_part()
        if request.POST.get("what") == NEXT:
            return self.open_next()
        form = self.form_of(request.POST.get("step", ""), request.POST)
        if not form.is_valid():
            return self.page(form)
        edition = form.cleaned_data["edition"]
        try:
            changed = ACTIONS[form.step](cycle, form.said, edition=edition, by=request.user, **form.more)
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        label = STEPS[form.step].label
        messages.info(request, f"{label} is kept." if changed else "Nothing was changed: it says so already.")
        return redirect(cycle)

    def open_next(self):
        try:
            following = open_next_cycle(self.test, by=self.request.user)
        except ValidationError as error:
            messages.info(self.request, " ".join(error.messages))
            return redirect(self.cycle)
        words = f"Cycle {following.number} is prefilled from cycle {following.number - 1}. Predict anew."
        messages.info(self.request, words)
        return redirect(following)

    def form_of(self, step: str, data=None) -> StepForm:
        if step not in FORMS:
            raise Http404("There is no such step.")
        return FORMS[Step(step)](data, cycle=self.cycle, by=self.request.user)

    def collided(self, form: StepForm, current: PdsaCycle):
        """Both versions side by side; the person's own stays in the form, ready to be saved over the other."""
        found = differences(current, form.typed)
        now, typed = form.children_beside
        if now != typed:
            found.append((LABELS["children"], now or NOTHING, typed or NOTHING))
        form.send_again_over(current)
        return self.page(form, collided=True, differences=found)

    def page(self, form: StepForm | None, **context):
        cycle, ramp = self.cycle, self.test.ramp
        if form is not None and not form.is_bound and missing_for(form.step, cycle):
            form = None
        place = ramp.index(cycle)
        return self.show(
            "cycle.html",
            cycle=cycle,
            before=ramp[place - 1] if place else None,
            after=ramp[place + 1] if place + 1 < len(ramp) else None,
            steps=steps_in_words(cycle),
            form=form,
            there=children_in(cycle, to=self.request.user),
            chart=cycle_chart(cycle, self.request.user, as_at=timezone.localdate()),
            opens_next=self.may_write and cycle is ramp[-1] and self.test.state == TestState.NEXT_CYCLE,
            next_step=next_step_of(self.test) if cycle is ramp[-1] else None,
            implementation=implementation_of(self.test) if cycle is ramp[-1] else None,
            **context,
        )
