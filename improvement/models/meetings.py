"""Meetings of the Champions' Group and of aim groups: what is on the agenda, who came, and what was agreed.

Nobody types the state of a meeting: it follows from what is filled in.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from aims.models import Aim
from improvement.models.editions import EDITION
from improvement.models.programme import TEXT, GroupMember
from improvement.scope import ImprovementQuerySet, OfActionsQuerySet, OfMeetingsQuerySet
from pace_site.accounts.models import Organisation, User


class MeetingState(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CLOSED = "closed", "Minutes closed"
    CALLED_OFF = "called_off", "Called off"


class Meeting(models.Model):
    """One meeting; never deleted, but called off with a reason."""

    class Kind(models.TextChoices):
        CHAMPIONS = "champions", "Champions' Group"
        AIM_GROUP = "aim_group", "Aim group"

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="meetings", help_text="The council whose meeting it is."
    )
    kind = models.CharField(
        max_length=10, choices=Kind.choices, default=Kind.CHAMPIONS, help_text="Which kind of group meets."
    )
    aim = models.ForeignKey(
        Aim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        help_text="The aim whose group meets; empty for the Champions' Group.",
    )
    on = models.DateField(help_text="The day of the meeting.")
    place = models.CharField(max_length=100, blank=True, help_text="A room, or that it is by video call.")
    chair = models.ForeignKey(
        GroupMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who chairs it."
    )
    guests = models.TextField(blank=True, max_length=TEXT, help_text="One on each line.")
    called_off_reason = models.CharField(
        max_length=200, blank=True, help_text="Why it was called off; empty for one that was not."
    )
    closed_on = models.DateField(
        null=True, blank=True, help_text="The day on which its minutes were closed; empty while they are open."
    )
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who closed them."
    )
    pack = models.JSONField(null=True, blank=True, help_text="The figures as they were shown, once they are kept.")
    pack_kept_on = models.DateField(null=True, blank=True, help_text="The day on which the pack was kept.")
    pack_kept_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who kept it."
    )
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="champions", aim__isnull=True) | Q(kind="aim_group", aim__isnull=False),
                name="meeting_of_an_aim_group_names_the_aim",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_by__isnull=True)
                | Q(closed_on__isnull=False, closed_by__isnull=False, closed_on__gte=F("on")),
                name="meeting_closed_by_somebody_after_it",
            ),
            models.CheckConstraint(
                condition=Q(pack__isnull=True, pack_kept_on__isnull=True, pack_kept_by__isnull=True)
                | Q(pack__isnull=False, pack_kept_on__isnull=False, pack_kept_by__isnull=False),
                name="pack_kept_by_somebody_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(called_off_reason="") | Q(closed_on__isnull=True), name="meeting_called_off_is_not_closed"
            ),
        ]

    def __str__(self):
        return f"{self.group_name}, {self.on.day} {self.on:%B %Y}"

    def get_absolute_url(self):
        return reverse("meeting", kwargs={"pk": self.pk})

    @property
    def group_name(self) -> str:
        return str(self.Kind.CHAMPIONS.label) if self.aim is None else f"Aim group {self.aim.code}"

    @property
    def is_called_off(self) -> bool:
        return bool(self.called_off_reason)

    @property
    def state(self) -> MeetingState:
        """Held once the minutes say who came or what was said; attendance and items are read where prefetched."""
        if self.is_called_off:
            return MeetingState.CALLED_OFF
        if self.closed_on:
            return MeetingState.CLOSED
        came = any(each.answer == Attendance.Answer.CAME for each in self.attendance.all())
        if came or any(item.notes or item.decisions for item in self.items.all()):
            return MeetingState.HELD
        return MeetingState.PLANNED

    @property
    def takes_minutes(self) -> bool:
        return not self.is_called_off and self.closed_on is None


class AgendaItem(models.Model):
    """One thing on the agenda, with what was said and decided; `fills` names the part of the pack that it speaks of."""

    class Fills(models.TextChoices):
        NOTHING = "", "nothing"
        ACTIONS = "actions", "actions from the last meeting"
        AIMS = "aims", "the data of each aim"
        TESTS = "tests", "tests since the last meeting"
        WAITS = "waits", "children waiting longest"
        BARRIERS = "barriers", "barriers for leaders"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="items", help_text="The meeting on whose agenda it is."
    )
    position = models.PositiveSmallIntegerField(help_text="Its place on the agenda, from 1.")
    title = models.CharField(max_length=120, help_text="What it is about.")
    fills = models.CharField(
        max_length=10, choices=Fills.choices, blank=True, help_text="The part of the pack that it speaks of."
    )
    notes = models.TextField(blank=True, max_length=TEXT, help_text="What was said.")
    decisions = models.TextField(blank=True, max_length=TEXT, help_text="What was decided.")

    objects = OfMeetingsQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="agenda_item_has_a_title"),
            models.CheckConstraint(condition=Q(position__gte=1), name="agenda_starts_at_one"),
        ]

    def __str__(self):
        return self.title


class Attendance(models.Model):
    """Whether a member came, or sent apologies; who is not named here has not said."""

    class Answer(models.TextChoices):
        CAME = "came", "Came"
        APOLOGIES = "apologies", "Apologies"
        WILL_COME = "will_come", "Will come"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance", help_text="The meeting.")
    member = models.ForeignKey(
        GroupMember, on_delete=models.PROTECT, related_name="attendance", help_text="Who came, or sent apologies."
    )
    answer = models.CharField(
        max_length=10, choices=Answer.choices, help_text="Whether they came, will come, or sent apologies."
    )

    objects = OfMeetingsQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name_plural = "attendance"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="member_once_at_a_meeting"),
            models.CheckConstraint(
                condition=Q(answer__in=["came", "apologies", "will_come"]), name="attendance_answer_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_answer_display()}"


def owned_by_one(name: str) -> models.CheckConstraint:
    """Somebody who signs in, or somebody named."""
    return models.CheckConstraint(
        condition=Q(owner__isnull=False, partner="") | (Q(owner__isnull=True) & ~Q(partner="")), name=name
    )


class Action(models.Model):
    """What somebody will do by a day, as a meeting agreed; it is carried over until it is done.

    The owner signs in (`owner`) or is a partner who does not (`partner`, a name).
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="actions", help_text="The meeting that agreed it."
    )
    text = models.CharField(max_length=300, help_text="What will be done.")
    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions_to_do",
        help_text="Who does it, where they sign in here.",
    )
    partner = models.CharField(
        max_length=210, blank=True, help_text="The name of a partner who does it, and does not sign in."
    )
    due_on = models.DateField(help_text="The day by which it will be done.")
    done_on = models.DateField(null=True, blank=True, help_text="The day on which it was done; empty until then.")
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who said that it is done."
    )
    outcome = models.CharField(max_length=300, blank=True, help_text="What came of it.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfActionsQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="action_has_a_text"),
            owned_by_one("action_is_owned_by_one"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True, outcome="")
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="action_done_by_somebody_on_a_day",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("meeting_action", kwargs={"pk": self.pk})

    @property
    def owned_by(self) -> str:
        return str(self.owner) if self.owner_id else self.partner


class Barrier(models.Model):
    """What stands in the way of an aim, or of the whole programme, and what leaders are asked to do about it."""

    authority = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="barriers",
        help_text="The council that it stands in the way of.",
    )
    text = models.CharField(max_length=300, help_text="What stands in the way.")
    aim = models.ForeignKey(
        Aim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="barriers",
        help_text="The aim that it holds up; empty for the whole programme.",
    )
    raised_on = models.DateField(help_text="The day on which it was raised.")
    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="barriers",
        help_text="Who sees to it, where they sign in here.",
    )
    partner = models.CharField(
        max_length=210, blank=True, help_text="The name of a partner who sees to it, and does not sign in."
    )
    asked = models.TextField(
        "what leaders are asked", blank=True, max_length=1000, help_text="What leaders are asked to do about it."
    )
    resolved_on = models.DateField(
        null=True, blank=True, help_text="The day on which it was resolved; empty while it stands."
    )
    resolution = models.CharField(max_length=300, blank=True, help_text="What resolved it.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ["raised_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="barrier_has_a_text"),
            owned_by_one("barrier_is_owned_by_one"),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True, resolution="")
                | (Q(resolved_on__isnull=False, resolved_on__gte=F("raised_on")) & ~Q(resolution="")),
                name="barrier_resolved_after_it_was_raised",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("barrier", kwargs={"pk": self.pk})

    @property
    def owned_by(self) -> str:
        return str(self.owner) if self.owner_id else self.partner
