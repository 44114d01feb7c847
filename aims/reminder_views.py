"""The page that snoozes the reminders of one clock for a while, with a reason, and wakes them again."""

from datetime import date, timedelta
from functools import cached_property

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import FormView

from aims.due_reminders import reminders_of
from aims.models import Aim, AimVersion, ReminderSnooze
from aims.reminder_actions import LONGEST_SNOOZE, check_until, snooze, wake
from aims.reminders import Reminder
from children.models import Child
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.days import day_input
from pace_site.look.words import british_date

WAKE = "wake"


class ClockForm(forms.Form):
    """Which clock the address names."""

    aim = forms.CharField(max_length=Aim._meta.get_field("code").max_length)
    child = forms.CharField(max_length=Child._meta.get_field("code").max_length)
    start = forms.DateField(input_formats=["%Y-%m-%d"])


class SnoozeForm(forms.Form):
    """Until when, and why; checked as the action checks it."""

    until = forms.DateField(
        label="Remind again on",
        help_text=f"A day after today, at most {LONGEST_SNOOZE.days} days ahead.",
        widget=day_input(),
        error_messages={"required": "Say on which day to remind again."},
    )
    reason = forms.CharField(
        label="Why no reminder is needed until then",
        help_text="Read also by colleagues who may not see names: write none.",
        max_length=ReminderSnooze._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["until"].widget.attrs |= {"min": today + timedelta(days=1), "max": today + LONGEST_SNOOZE}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("until", "reason", Submit("snooze", "Snooze"))

    def clean_until(self) -> date:
        until = self.cleaned_data["until"]
        check_until(until)
        return until


class ReminderSnoozeView(PermissionRequiredMixin, FormView):
    """Of which clock stands in the address: `aim` and `child` by their codes, `start` the day on which it began."""

    needs = Permission.VIEW_CHILDREN
    template_name = "aims/reminder_snooze.html"
    form_class = SnoozeForm
    extra_context = {"section": "children"}

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()

    @cached_property
    def asked(self) -> dict:
        form = ClockForm(self.request.GET)
        if not form.is_valid():
            raise Http404("There is no such clock.")
        return form.cleaned_data

    @cached_property
    def version(self) -> AimVersion:
        aims = Aim.objects.visible_to(self.request.user).filter(code=self.asked["aim"])
        version = aims.current_versions().first()
        if version is None:
            raise Http404("There is no such aim.")
        return version

    @cached_property
    def child(self) -> Child:
        return get_object_or_404(Child.objects.visible_to(self.request.user), code=self.asked["child"])

    @property
    def start(self) -> date:
        return self.asked["start"]

    @cached_property
    def reminder(self) -> Reminder | None:
        """The latest of the clock's reminders that is still true."""
        if self.version.aim.status != Aim.Status.ACTIVE:
            return None
        children = Child.objects.visible_to(self.request.user).filter(pk=self.child.pk)
        given = reminders_of([self.version], children, as_at=self.today)
        return next((reminder for reminder in reversed(given) if reminder.start == self.start), None)

    @cached_property
    def snoozed(self) -> ReminderSnooze | None:
        of_clock = {"aim": self.version.aim, "child": self.child, "clock_start": self.start}
        snoozes = ReminderSnooze.objects.visible_to(self.request.user).filter(**of_clock)
        return snoozes.filter(until__gt=self.today).select_related("by").first()

    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs) if self.reminder else self.gone()

    def post(self, request, *args, **kwargs):
        if self.reminder is None:
            return self.gone()
        if WAKE in request.POST:
            wake(self.version.aim, self.child, start=self.start, by=request.user)
            return self.done(f"{self.child.code} under {self.version.aim.code}: reminded of again from now on.")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: SnoozeForm):
        row = snooze(self.version.aim, self.child, start=self.start, by=self.request.user, **form.cleaned_data)
        return self.done(f"{self.child.code} under {self.version.aim.code}: snoozed until {british_date(row.until)}.")

    def gone(self):
        """The child was decided, or left, meanwhile; or the aim changed."""
        return self.done(f"{self.child.code} under {self.version.aim.code}: there is nothing to be reminded of now.")

    def done(self, words: str):
        messages.info(self.request, words)
        return redirect("home")

    def get_context_data(self, **context):
        return super().get_context_data(
            reminder=self.reminder,
            definition=self.version.definition,
            child=self.child,
            snoozed=self.snoozed,
            today=self.today,
            **context,
        )
