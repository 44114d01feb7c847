"""A piece of long work, the file that it made, and the workers that were seen."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.belonging import belonging_of

# A worker that was not seen for so long is gone: six times the pause between two signs of life (`workers.py`).
SILENT_AFTER = timedelta(seconds=90)


class LongWorkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person's own, of where they belong now: what they asked for is nobody else's to see."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(owner=user, asked_as__organisation=user.organisation_id)

    def open(self):
        return self.filter(state__in=(LongWork.State.WAITING, LongWork.State.RUNNING))


class LongWork(models.Model):
    """What somebody asked for. `attempt` is the task that may write here: one that was given up is not heard.

    `asked_as` says where its owner belonged and which roles they held: it is made and handed out for those alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to begin"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="long_work")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    asked = models.JSONField()
    asked_as = models.JSONField(null=True, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempt = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    steps_done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)

    objects = LongWorkQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(failure="")) | (~Q(state="failed") & Q(failure="")),
                name="long_work_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "failed"), ended_at__isnull=False)
                | Q(state__in=("waiting", "running"), ended_at__isnull=True),
                name="long_work_ended_has_its_time",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.asked_as = belonging_of(self.owner).as_stamp()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("long_work", kwargs={"pk": self.pk})

    def check_still_belongs(self) -> None:
        """Raise `PermissionDenied` where the owner has lost a role or moved since they asked."""
        if self.asked_as is None or not belonging_of(self.owner).has_all_of(self.asked_as):
            raise PermissionDenied("Your roles have changed since you asked for this. Ask for it again.")

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class FinishedFile(models.Model):
    """The file that a piece of work made; in the database, as any web server must be able to hand it out."""

    work = models.OneToOneField(LongWork, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name


class WorkerSeenQuerySet(models.QuerySet):
    def alive(self):
        return self.filter(seen_at__gte=timezone.now() - SILENT_AFTER)


class WorkerSeen(models.Model):
    """The last sign of life of a worker process."""

    name = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    objects = WorkerSeenQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self):
        return self.name
