"""Retention as records: what was reviewed, what was proposed and carried out, and what people asked (ADR 0022)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from children.caseload import ScopedQuerySet
from children.models import Child
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet


class OfAnAuthority(OwnOrganisationQuerySet):
    organisation_path = "authority"


class ReferenceKey(models.Model):
    """The secret under which an authority's forgotten references are marked. It never leaves the database."""

    authority = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField(help_text="The secret itself.")

    def __str__(self):
        return f"Key of {self.authority}"


class ForgottenReference(models.Model):
    """A one-way mark of a council reference whose child was pseudonymised, so that no extract brings it back unseen.

    It names no child and carries the year alone: a day would lead from a guessed reference to the record.
    """

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64, help_text="The keyed hash of the reference, which does not lead back to it.")
    year = models.PositiveSmallIntegerField(help_text="The year in which the reference was forgotten.")

    objects = OfAnAuthority.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "mark"], name="reference_forgotten_once")]

    def __str__(self):
        return f"A reference of {self.authority}, {self.year}"


class KeptLonger(models.Model):
    """That somebody reviewed a child's record and keeps it as it is until a day, and why."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="kept_longer")
    until = models.DateField(help_text="The day on which the record is to be reviewed again.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who reviewed the record.")
    on = models.DateField(default=timezone.localdate, help_text="The day of the review.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["child", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("on")), name="kept_longer_than_today"),
            models.CheckConstraint(condition=~Q(reason=""), name="kept_longer_for_a_reason"),
        ]

    def __str__(self):
        return f"{self.child} until {self.until}"


class Pseudonymisation(models.Model):
    """One person's proposal to pseudonymise children, and what another person decided of it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        CARRIED_OUT = "carried_out", "Carried out"
        TURNED_DOWN = "turned_down", "Turned down"

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    children = models.ManyToManyField(Child, related_name="pseudonymisations", help_text="Whom the proposal is about.")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="A second person, who carried it out or turned it down.",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.CharField(max_length=300, blank=True)

    objects = OfAnAuthority.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="carried_out") | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="pseudonymised_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="pseudonymisation_decided_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Proposal of {self.proposed_at:%d %B %Y}"

    def get_absolute_url(self):
        return reverse("retention_proposal", kwargs={"pk": self.pk})


class RightsRequest(models.Model):
    """What somebody asked about the data of a child (UK GDPR articles 15, 16 and 18), and what was decided."""

    class Kind(models.TextChoices):
        ACCESS = "access", "Access: a copy of what is held"
        CORRECTION = "correction", "Correction of what is wrong"
        RESTRICTION = "restriction", "Restriction: keep it, and do not use it"

    class Decision(models.TextChoices):
        DONE = "done", "Done as asked"
        PARTLY = "partly", "Done in part"
        REFUSED = "refused", "Refused"

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="rights_requests")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reference = models.CharField("the council's reference of the request", max_length=60)
    asked = models.TextField("what is asked", blank=True)
    received_on = models.DateField()
    due_on = models.DateField(help_text="A month after it was received.")
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decision_words = models.TextField("what was decided, and why", blank=True)
    restricted_from = models.DateField(
        null=True, blank=True, help_text="For a restriction: since when the record is not used."
    )
    restricted_to = models.DateField(
        null=True, blank=True, help_text="When the restriction ended; empty while the record is not used."
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.PositiveIntegerField(default=1, help_text="Counts the changes, so that two at once are noticed.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("received_on")), name="request_due_after_it_came"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_by__isnull=True, decision="")
                | Q(closed_on__isnull=False, closed_by__isnull=False) & ~Q(decision=""),
                name="request_closed_with_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(restricted_from__isnull=True) | Q(kind="restriction"), name="only_restriction_restricts"
            ),
            models.CheckConstraint(
                condition=Q(restricted_to__isnull=True) | Q(restricted_from__isnull=False),
                name="restriction_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} for {self.child}"

    def get_absolute_url(self):
        return reverse("rights_request", kwargs={"pk": self.pk})

    def is_overdue(self, on: date) -> bool:
        return self.closed_on is None and self.due_on < on
