"""Aims as data: each definition is a version, and a change of definition makes a new one."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from aims.definition import AimDefinition
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet


class AimQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The aims of the person's own organisation."""
        if not user.is_authenticated or user.organisation_id is None:
            return self.none()
        return self.filter(authority=user.organisation_id)

    def current_versions(self) -> models.QuerySet:
        """The latest version of each of these aims, with its aim, in order of code."""
        latest = AimVersion.objects.filter(aim=models.OuterRef("aim")).order_by("-number").values("pk")[:1]
        versions = AimVersion.objects.filter(aim__in=self, pk=models.Subquery(latest))
        return versions.select_related("aim").order_by("aim__code")


class OfAimQuerySet(OwnOrganisationQuerySet):
    """What hangs on an aim of the person's own organisation."""

    organisation_path = "aim__authority"


class Aim(models.Model):
    """One aim of one authority; what it says is in its versions."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        CLOSED = "closed", "Closed"

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="aims", help_text="The council whose aim it is."
    )
    code = models.CharField(max_length=20, help_text="What the aim is called in lists, addresses and files. It stays.")
    status = models.CharField(
        max_length=8,
        choices=Status.choices,
        default=Status.ACTIVE,
        help_text="A draft claims nothing, an active aim is judged and reminds people, and a closed one is history.",
    )
    lead = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="aims_led",
        help_text="Who leads the aim group.",
    )
    group = models.CharField(max_length=100, blank=True, help_text="The aim group: who works on this aim together.")

    objects = AimQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="aim_code_once_per_authority"),
            models.CheckConstraint(condition=~Q(code=""), name="aim_has_a_code"),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("aim", kwargs={"code": self.code})


class AimVersion(models.Model):
    """One definition of an aim, in the shape of the aim file (ADR 0004); never changed, only followed by another."""

    aim = models.ForeignKey(
        Aim, on_delete=models.CASCADE, related_name="versions", help_text="The aim that it defines."
    )
    number = models.PositiveIntegerField(help_text="Counts the versions of one aim from 1; the highest one holds.")
    data = models.JSONField(help_text="The definition, in the fields of the aim file.")
    at = models.DateTimeField(auto_now_add=True, help_text="When it was made.")
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, help_text="Who made it; empty where a command did."
    )
    reason = models.CharField(max_length=200, blank=True, help_text="Why this version was made.")

    objects = OfAimQuerySet.as_manager()

    class Meta:
        ordering = ["aim", "number"]
        constraints = [
            models.UniqueConstraint(fields=["aim", "number"], name="aim_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="aim_version_starts_at_one"),
        ]

    def __str__(self):
        return f"{self.aim} version {self.number}"

    @property
    def definition(self) -> AimDefinition:
        return AimDefinition.from_mapping(self.data)


class Annotation(models.Model):
    """A dated remark drawn on an aim's charts."""

    aim = models.ForeignKey(
        Aim, on_delete=models.CASCADE, related_name="annotations", help_text="On whose charts it is drawn."
    )
    on = models.DateField(help_text="The day at which it is drawn.")
    label = models.CharField(max_length=80, help_text="What is remarked.")
    link = models.URLField(blank=True, help_text="A page that says more.")
    until = None  # a remark is of one day

    objects = OfAimQuerySet.as_manager()

    class Meta:
        ordering = ["aim", "on"]
        constraints = [models.CheckConstraint(condition=~Q(label=""), name="annotation_has_a_label")]

    def __str__(self):
        return f"{self.aim} {self.on}: {self.label}"


class ChartSettings(models.Model):
    """What a run chart of an aim is judged by; without a row, Perla's rules and the median of all points."""

    class Rules(models.TextChoices):
        PERLA = "perla", "Perla, Provost and Murray: shift, trend and runs"
        ANHOEJ = "anhoej", "Anhøj: longest run and crossings"

    aim = models.OneToOneField(
        Aim, on_delete=models.CASCADE, related_name="chart_settings", help_text="Whose run chart is judged by these."
    )
    rules = models.CharField(
        max_length=8, choices=Rules.choices, default=Rules.PERLA, help_text="Which tests for signals are used."
    )
    shift = models.PositiveSmallIntegerField(
        "points in a shift",
        default=6,
        help_text="From how many points in a row on one side of the median a shift is claimed.",
    )
    trend = models.PositiveSmallIntegerField(
        "points in a trend", default=5, help_text="From how many points in a row going one way a trend is claimed."
    )
    baseline = models.PositiveSmallIntegerField(
        "frozen baseline", null=True, blank=True, help_text="The median of this many first points is kept."
    )

    objects = OfAimQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "chart settings"
        constraints = [
            models.CheckConstraint(condition=Q(shift__gte=6, shift__lte=8), name="shift_of_six_to_eight"),
            models.CheckConstraint(condition=Q(trend__gte=5, trend__lte=7), name="trend_of_five_to_seven"),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline__gte=10, baseline__lte=30),
                name="baseline_of_ten_to_thirty",
            ),
        ]

    def __str__(self):
        return f"Chart of {self.aim}"


class Phase(models.Model):
    """That people set a new median from a day on, because a change is known and expected to last (`spc.md`)."""

    aim = models.ForeignKey(
        Aim, on_delete=models.CASCADE, related_name="phases", help_text="On whose run chart the new median begins."
    )
    starts_on = models.DateField(help_text="The first decision on or after this day begins the new median.")
    reason = models.CharField(max_length=200, help_text="Which change is known, and why it is expected to last.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, help_text="Who set it.")
    at = models.DateTimeField(auto_now_add=True, help_text="When it was set.")

    objects = OfAimQuerySet.as_manager()

    class Meta:
        ordering = ["aim", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["aim", "starts_on"], name="phase_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="phase_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.aim} from {self.starts_on}"
