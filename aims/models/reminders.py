"""What was reminded of by e-mail, and which clocks remind nobody for a while."""

from django.db import models
from django.db.models import F, Q

from aims.models.aims import Aim
from aims.reminder_kinds import ReminderKind
from children.caseload import ScopedQuerySet
from children.models import Child
from pace_site.accounts.models import User


class ReminderSent(models.Model):
    """That people were told by e-mail of one reminder of a child's clock, so that it is sent once."""

    aim = models.ForeignKey(
        Aim, on_delete=models.CASCADE, related_name="reminders_sent", help_text="The aim whose clock it was."
    )
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="reminders_sent", help_text="Whose clock it was."
    )
    clock_start = models.DateField(help_text="The day on which the clock started.")
    kind = models.CharField(
        max_length=8, choices=ReminderKind.choices, help_text="Which of the reminders of a clock it was."
    )
    sent_on = models.DateField(help_text="The day on which it was sent.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "reminders sent"
        constraints = [
            models.UniqueConstraint(fields=["aim", "child", "clock_start", "kind"], name="reminder_sent_once"),
        ]

    def __str__(self):
        return f"{self.aim}: {self.child} {self.kind} sent on {self.sent_on}"


class ReminderSnooze(models.Model):
    """That a child's clock reminds nobody from the day it was asked for until, and not on, a day; and why."""

    aim = models.ForeignKey(
        Aim, on_delete=models.CASCADE, related_name="snoozes", help_text="The aim whose clock is quiet."
    )
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="snoozes", help_text="Whose clock is quiet."
    )
    clock_start = models.DateField(help_text="The day on which the clock started.")
    since = models.DateField(help_text="The day from which on nobody is reminded.")
    until = models.DateField(help_text="The day on which people are reminded again.")
    reason = models.CharField(max_length=200, help_text="Why nobody needs to be reminded.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="snoozes", help_text="Who asked for it.")
    at = models.DateTimeField(auto_now=True, help_text="When it was last asked for.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["aim", "child", "clock_start"], name="one_snooze_for_each_clock"),
            models.CheckConstraint(condition=~Q(reason=""), name="snooze_has_a_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="snooze_ends_after_it_begins"),
        ]

    def __str__(self):
        return f"{self.aim}: {self.child} until {self.until}"
