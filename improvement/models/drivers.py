"""Driver diagrams: what an aim depends on, and which change ideas should move it (`domain.md` 6.3).

Drivers and links are rows while they stand. Each saved change of a diagram also keeps the whole of it as a version, so
that nothing which was taken off is lost.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from aims.models import Aim
from improvement.models.change_ideas import ChangeIdea
from improvement.models.editions import EDITION
from improvement.models.measures import Measure
from improvement.scope import OfDiagramsQuerySet, OfDriverLinksQuerySet, OfDriversQuerySet, OfMeasureLinksQuerySet
from pace_site.accounts.models import Organisation, User

SENTENCE = 600  # characters; the box of an aim holds no more
DEFINITION = 1000
DEFINITIONS = 2000


class Level(models.TextChoices):
    """How near a driver is to the aim."""

    PRIMARY = "primary", "primary driver"
    SECONDARY = "secondary", "secondary driver"


class DriverDiagram(models.Model):
    """The theory of one aim, or of a whole programme; never deleted, but retired with a reason.

    `edition` counts changes of what stands here itself.
    """

    authority = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="driver_diagrams",
        help_text="The council whose diagram it is.",
    )
    title = models.CharField(max_length=120, help_text="What the diagram is called.")
    aim = models.ForeignKey(
        Aim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="driver_diagrams",
        help_text="Empty for the diagram of a whole programme.",
    )
    sentence = models.TextField(
        "aim in one sentence",
        max_length=SENTENCE,
        help_text="The aim that the whole diagram leads to, in one sentence.",
    )
    definitions = models.TextField(
        "operational definitions",
        blank=True,
        max_length=DEFINITIONS,
        help_text="What exactly is meant by the words of the aim.",
    )
    retired_on = models.DateField(
        null=True, blank=True, help_text="The day on which it was retired; empty while it is worked with."
    )
    # The version before this field writes diagrams without it while both run.
    retired_reason = models.CharField(
        blank=True, max_length=200, default="", db_default="", help_text="Why it was retired."
    )
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfDiagramsQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="diagram_has_a_title"),
            models.CheckConstraint(condition=~Q(sentence=""), name="diagram_says_its_aim"),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True, retired_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retired_reason="")),
                name="diagram_retired_has_day_and_reason",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("driver_diagram", kwargs={"pk": self.pk})

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None


class Driver(models.Model):
    """Something that the aim depends on. Every primary driver leads to the aim; a secondary one to primary drivers."""

    diagram = models.ForeignKey(
        DriverDiagram, on_delete=models.PROTECT, related_name="drivers", help_text="The diagram that it stands on."
    )
    level = models.CharField(
        max_length=9, choices=Level.choices, help_text="Whether it leads to the aim itself, or to primary drivers."
    )
    text = models.CharField(max_length=200, help_text="The driver in a few words.")
    definition = models.TextField(
        "operational definition", blank=True, max_length=DEFINITION, help_text="What exactly is meant by it."
    )
    order = models.PositiveSmallIntegerField(help_text="From 1, among the drivers of its level.")
    serves = models.ManyToManyField(
        "self",
        through="DriverLink",
        through_fields=("secondary", "primary"),
        symmetrical=False,
        related_name="served_by",
        help_text="The primary drivers that a secondary one moves.",
    )
    ideas = models.ManyToManyField(
        ChangeIdea, through="IdeaLink", related_name="drivers", help_text="The change ideas that should move it."
    )
    measures = models.ManyToManyField(
        Measure, through="MeasureLink", related_name="drivers", help_text="The measures that follow it."
    )
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfDriversQuerySet.as_manager()

    class Meta:
        ordering = ["level", "order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="driver_says_something"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="driver_level_is_known"),
            models.CheckConstraint(condition=Q(order__gte=1), name="driver_order_starts_at_one"),
        ]

    def __str__(self):
        return self.text


class DriverLink(models.Model):
    """That a secondary driver moves a primary one."""

    secondary = models.ForeignKey(
        Driver, on_delete=models.CASCADE, related_name="links_to_primary", help_text="The driver that moves the other."
    )
    primary = models.ForeignKey(
        Driver, on_delete=models.CASCADE, related_name="links_to_secondary", help_text="The driver that is moved."
    )

    objects = OfDriverLinksQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["secondary", "primary"], name="drivers_linked_once"),
            models.CheckConstraint(condition=~Q(secondary=F("primary")), name="driver_not_linked_to_itself"),
        ]

    def __str__(self):
        return f"{self.secondary} → {self.primary}"


class IdeaLink(models.Model):
    """That a change idea should move a secondary driver."""

    secondary = models.ForeignKey(
        Driver,
        on_delete=models.CASCADE,
        related_name="links_to_ideas",
        help_text="The driver that the idea should move.",
    )
    idea = models.ForeignKey(
        ChangeIdea, on_delete=models.PROTECT, related_name="links_to_drivers", help_text="The change idea."
    )

    objects = OfDriverLinksQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["secondary", "idea"], name="idea_linked_once_to_a_driver")]

    def __str__(self):
        return f"{self.idea} → {self.secondary}"


class MeasureLink(models.Model):
    """That a measure follows a driver: whether it moves is seen there."""

    driver = models.ForeignKey(
        Driver, on_delete=models.CASCADE, related_name="links_to_measures", help_text="The driver that is followed."
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="links_to_drivers", help_text="The measure that follows it."
    )

    objects = OfMeasureLinksQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["driver", "measure"], name="measure_linked_once_to_a_driver")]

    def __str__(self):
        return f"{self.measure} → {self.driver}"


class DiagramVersion(models.Model):
    """A whole diagram as one change left it. Only ever added, and read by `improvement.diagram_content`."""

    diagram = models.ForeignKey(
        DriverDiagram, on_delete=models.PROTECT, related_name="versions", help_text="The diagram as one change left it."
    )
    number = models.PositiveIntegerField(help_text="Counts the versions of one diagram from 1.")
    content = models.JSONField(help_text="The whole diagram: its drivers, links and ideas.")
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was changed.")
    at = models.DateTimeField(auto_now_add=True, help_text="When it was changed.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who changed it.")

    objects = OfDriversQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["diagram", "number"], name="diagram_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="diagram_versions_start_at_one"),
        ]

    def __str__(self):
        return f"Version {self.number} of {self.diagram}"

    def get_absolute_url(self):
        return reverse("diagram_version", kwargs={"pk": self.diagram_id, "number": self.number})
