"""What was done by the clock, and what came of it."""

from django.db import models
from django.db.models import F, Q


class ScheduledRun(models.Model):
    """One job at one moment: whoever writes the row first does it, so that of two schedulers one does."""

    job = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=1)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    succeeded = models.BooleanField(default=False)

    class Meta:
        ordering = ["-due_at", "job"]
        constraints = [
            models.UniqueConstraint(fields=["job", "due_at"], name="scheduled_once_a_moment"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, succeeded=False) | Q(ended_at__gte=F("began_at")),
                name="scheduled_succeeds_when_it_has_ended",
            ),
        ]

    def __str__(self):
        return f"{self.job}, due {self.due_at:%d %B %Y %H:%M}"
