"""The programme of one authority: its charter, who belongs to its groups, and how far it says it has come."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from aims.models import Aim
from improvement.models.editions import EDITION
from improvement.scope import AppendOnlyOfProgrammeQuerySet, ImprovementQuerySet, OfProgrammeQuerySet
from pace_site.accounts.models import Organisation, User

TEXT = 4000  # characters
SCORES = [Decimal(halves) / 2 for halves in range(1, 11)]


class GroupRole(models.TextChoices):
    """What somebody is in a group (`domain.md` 1.2 and 6.7)."""

    SPONSOR = "sponsor", "Sponsor"
    PACE_LEAD = "pace_lead", "PACE lead"
    DATA_LEAD = "data_lead", "Data lead"
    ADMINISTRATIVE_LEAD = "administrative_lead", "Administrative lead"
    PRACTITIONER = "practitioner", "Practitioner"
    MANAGER = "manager", "Manager"
    SOLICITOR = "solicitor", "Council solicitor"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    REPORTER = "reporter", "Children's Reporter"
    PANEL_MEMBER = "panel_member", "Panel member"
    OTHER = "other", "Other"


class Programme(models.Model):
    """One for each authority, made when somebody first says something of it. The fields are those of `domain.md` 6.5;
    its team are the members of the Champions' Group.
    """

    authority = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="programme", help_text="The council whose programme it is."
    )
    problem = models.TextField(blank=True, max_length=TEXT, help_text="What goes wrong today, and for whom.")
    aim = models.TextField(
        blank=True, max_length=TEXT, help_text="What shall be better, for whom, by how much and by when."
    )
    why_now = models.TextField(blank=True, max_length=TEXT, help_text="Why it is done now.")
    scope_in = models.TextField("in scope", blank=True, max_length=TEXT, help_text="What belongs to it.")
    scope_out = models.TextField(
        "out of scope", blank=True, max_length=TEXT, help_text="What others must not expect from it."
    )
    measures = models.TextField(
        blank=True, max_length=TEXT, help_text="By which figures the group sees whether it improves."
    )
    baseline = models.TextField(blank=True, max_length=TEXT, help_text="Where the figures stood at the start.")
    starts_on = models.DateField(null=True, blank=True, help_text="The day on which it starts.")
    ends_on = models.DateField(null=True, blank=True, help_text="The day on which it ends.")
    risks = models.TextField(blank=True, max_length=TEXT, help_text="What could keep it from its aim.")
    approvals = models.TextField(blank=True, max_length=TEXT, help_text="Who approved the charter, and when.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="programme_ends_after_it_starts",
            )
        ]

    def __str__(self):
        return f"PACE in {self.authority}"

    def get_absolute_url(self):
        return reverse("programme")


class GroupMember(models.Model):
    """That somebody belongs to the Champions' Group or, with `aim`, to the group of that aim.

    Somebody who signs in is `user`; somebody of a partner agency who does not is a name. Nobody is deleted, as
    minutes speak of them: they leave on a day. The lead of an aim group is `Aim.lead`.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="members", help_text="The programme whose group it is."
    )
    aim = models.ForeignKey(
        Aim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="group_members",
        help_text="The aim whose group it is; empty for the Champions' Group.",
    )
    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="group_memberships",
        help_text="Who signs in here; empty for a partner who does not.",
    )
    name = models.CharField(max_length=100, blank=True, help_text="The name of a partner who does not sign in.")
    agency = models.CharField(max_length=100, blank=True, help_text="For whom they work.")
    role = models.CharField(
        max_length=20, choices=GroupRole.choices, default=GroupRole.OTHER, help_text="What they are in the group."
    )
    leads = models.BooleanField(default=False, help_text="Leads the Champions' Group.")
    joined_on = models.DateField(help_text="The day on which they joined.")
    left_on = models.DateField(
        null=True, blank=True, help_text="The day on which they left; empty while they belong to it."
    )
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-leads", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, name="") | (Q(user__isnull=True) & ~Q(name="")),
                name="member_is_a_user_or_a_name",
            ),
            models.CheckConstraint(condition=Q(role__in=GroupRole.values), name="member_role_is_known"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="member_leaves_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(leads=False) | Q(aim__isnull=True, left_on__isnull=True),
                name="member_leads_the_champions_while_there",
            ),
            models.UniqueConstraint(fields=["programme"], condition=Q(leads=True), name="one_lead_of_the_champions"),
            models.UniqueConstraint(
                fields=["programme", "user"],
                condition=Q(aim__isnull=True, left_on__isnull=True),
                name="user_once_in_the_champions_group",
            ),
            models.UniqueConstraint(
                fields=["aim", "user"], condition=Q(left_on__isnull=True), name="user_once_in_an_aim_group"
            ),
        ]

    def __str__(self):
        return f"{self.called}, {self.agency}" if self.agency else self.called

    def get_absolute_url(self):
        return reverse("group_member", kwargs={"pk": self.pk})

    @property
    def called(self) -> str:
        return str(self.user) if self.user_id else self.name


class ProgressScore(models.Model):
    """How far the programme says it has come in a month (`domain.md` 6.6); people give it, nothing sets it.

    Nothing is changed or removed: whoever thinks better gives another score, and the last one of a month stands.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="scores", help_text="The programme that is scored."
    )
    month = models.DateField(help_text="The first day of the month that it speaks of.")
    score = models.DecimalField(max_digits=2, decimal_places=1, help_text="From 0.5 to 5.0 in steps of a half.")
    reason = models.CharField(max_length=500, help_text="What whoever gave it can point to.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who gave it.")
    at = models.DateTimeField(auto_now_add=True, help_text="When it was given; the last one of a month stands.")

    objects = AppendOnlyOfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score__in=SCORES), name="score_in_steps_of_a_half"),
            models.CheckConstraint(condition=~Q(reason=""), name="score_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.score} in {self.month:%B %Y}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(APPEND_ONLY)


APPEND_ONLY = "A progress score is never changed or removed: give another."
