"""Driver diagrams: what an aim depends on, and which change ideas should move it (`domain.md` 6.3).

Drivers and links are rows while they stand. Each saved change of a diagram also keeps the whole of it as a version, so
that nothing which was taken off is lost.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from aims.models import Aim
from improvement.models.change_ideas import ChangeIdea
from improvement.scope import OfDiagramsQuerySet, OfDriverLinksQuerySet, OfDriversQuerySet
from pace_site.accounts.models import Organisation, User

SENTENCE = 600  # characters; the box of an aim holds no more
DEFINITION = 1000
DEFINITIONS = 2000


class Level(models.TextChoices):
    """How near a driver is to the aim."""

    PRIMARY = "primary", "primary driver"
    SECONDARY = "secondary", "secondary driver"


class DriverDiagram(models.Model):
    """The theory of one aim, or of a whole programme; `edition` counts changes of what stands here itself."""

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="driver_diagrams")
    title = models.CharField(max_length=120)
    aim = models.ForeignKey(
        Aim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="driver_diagrams",
        help_text="Empty for the diagram of a whole programme.",
    )
    sentence = models.TextField("aim in one sentence", max_length=SENTENCE)
    definitions = models.TextField("operational definitions", blank=True, max_length=DEFINITIONS)
    edition = models.PositiveIntegerField(default=1)

    objects = OfDiagramsQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="diagram_has_a_title"),
            models.CheckConstraint(condition=~Q(sentence=""), name="diagram_says_its_aim"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("driver_diagram", kwargs={"pk": self.pk})


class Driver(models.Model):
    """Something that the aim depends on. Every primary driver leads to the aim; a secondary one to primary drivers."""

    diagram = models.ForeignKey(DriverDiagram, on_delete=models.PROTECT, related_name="drivers")
    level = models.CharField(max_length=9, choices=Level.choices)
    text = models.CharField(max_length=200)
    definition = models.TextField("operational definition", blank=True, max_length=DEFINITION)
    order = models.PositiveSmallIntegerField(help_text="From 1, among the drivers of its level.")
    serves = models.ManyToManyField(
        "self",
        through="DriverLink",
        through_fields=("secondary", "primary"),
        symmetrical=False,
        related_name="served_by",
    )
    ideas = models.ManyToManyField(ChangeIdea, through="IdeaLink", related_name="drivers")
    edition = models.PositiveIntegerField(default=1)

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

    secondary = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="links_to_primary")
    primary = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="links_to_secondary")

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

    secondary = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="links_to_ideas")
    idea = models.ForeignKey(ChangeIdea, on_delete=models.PROTECT, related_name="links_to_drivers")

    objects = OfDriverLinksQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["secondary", "idea"], name="idea_linked_once_to_a_driver")]

    def __str__(self):
        return f"{self.idea} → {self.secondary}"


class DiagramVersion(models.Model):
    """A whole diagram as one change left it. Only ever added, and read by `improvement.diagram_content`."""

    diagram = models.ForeignKey(DriverDiagram, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

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
