"""Children, their families, and the care they are in. These rows are the only stored truth about who and where."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from children.caseload import ChildQuerySet, FamilyQuerySet, ScopedQuerySet, StretchQuerySet
from children.closing import LEFT_BY_ADOPTION
from pace_site.accounts.models import Organisation, Team, User


class Origin(models.TextChoices):
    """Who says so: a person, or the council's extract (whose rows a corrected extract replaces)."""

    HAND = "hand", "Recorded by hand"
    EXTRACT = "extract", "From an extract"


class Kept(models.Model):
    """A row that people record and correct: never deleted but voided with a reason, and never overwritten unseen.

    `edition` counts its changes, so that two people who change it at once notice. `extract_source` is the source whose
    extract brought it (ADR 0029), and `extract_said` what that gave before a person corrected it, so that the next
    extract knows its own row again (ADR 0005).
    """

    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.HAND)
    extract_source = models.ForeignKey(
        "children.ExtractSource",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The source whose extract brought the row; empty of one recorded by hand.",
    )
    edition = models.PositiveIntegerField(default=1, help_text="Counts the changes, so that two at once are noticed.")
    extract_said = models.JSONField(
        null=True,
        blank=True,
        help_text="What the extract gave before a person corrected the row; empty of a row that nobody corrected.",
    )
    void_reason = models.CharField(
        max_length=200, blank=True, help_text="Why the row is void: it counts no more, and stays in the history."
    )
    voided_on = models.DateField(
        null=True, blank=True, help_text="The day on which somebody voided the row; empty of a row that stands."
    )
    voided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who voided the row."
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True, void_reason="") | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                name="%(class)s_void_has_day_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.HAND) | Q(extract_source__isnull=False),
                name="%(class)s_of_an_extract_has_its_source",
            ),
        ]

    @property
    def is_void(self) -> bool:
        return self.voided_on is not None


class CodeTable(models.Model):
    """One row of a code table; `clas_code` is filled in by the authority."""

    code = models.CharField(max_length=20, primary_key=True, help_text="The code that extracts use.")
    label = models.CharField(max_length=80, help_text="What people read in its place.")
    clas_code = models.CharField(
        "CLAS code",
        max_length=20,
        blank=True,
        help_text="The council's own code of the national return, which it fills in; its sheets may use that, too.",
    )
    active_from = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which the code may be used; any day before the last where it is empty.",
    )
    active_to = models.DateField(
        null=True,
        blank=True,
        help_text="The last day on which the code may be used; any day from the first where it is empty.",
    )

    class Meta:
        abstract = True
        ordering = ["label"]

    def __str__(self):
        return self.label


class PlacementType(CodeTable):
    """A kind of place where a child may live, as the national statistics name it."""

    group = models.CharField(
        max_length=20, help_text="At home, community or residential, as the national statistics group them."
    )


class LegalMeasure(CodeTable):
    """A ground on which a child may be looked after."""

    basis = models.CharField(max_length=80, blank=True, help_text="The Act and the section.")


class Destination(CodeTable):
    """Where a child goes who is no longer looked after."""


class Family(models.Model):
    """Siblings who are thought of together, under the council's own reference."""

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="families")
    ref = models.CharField("family reference", max_length=40, help_text="The council's own reference of the family.")

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "families"
        constraints = [
            models.UniqueConstraint(fields=["authority", "ref"], name="family_ref_once_per_authority"),
            models.CheckConstraint(condition=~Q(ref=""), name="family_has_a_ref"),
        ]

    def __str__(self):
        return self.ref


class Child(models.Model):
    """A child, known by a random pseudonym; the name lives in `Identity`."""

    class Sex(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"
        OTHER = "X", "Other"
        UNKNOWN = "", "Not recorded"

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(
        "pseudonym",
        max_length=16,
        help_text="The pseudonym: made at random, and what people read in place of the name.",
    )
    local_ref = models.CharField(
        "council reference",
        max_length=40,
        help_text="The council's own reference of the child, by which an extract knows it again.",
    )
    family = models.ForeignKey(
        Family,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="The siblings whom the council thinks of together.",
    )
    date_of_birth = models.DateField(null=True, blank=True)
    expected_on = models.DateField(
        "expected date of birth",
        null=True,
        blank=True,
        help_text="The expected date of birth, before the child is born.",
    )
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN, blank=True)
    ethnicity = models.CharField(max_length=60, blank=True, help_text="As the council's system words it.")
    disability = models.CharField(max_length=60, blank=True, help_text="As the council's system words it.")
    locality = models.CharField(
        max_length=60, blank=True, help_text="The part of the council's area, as its system words it."
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="The team that works with the child.",
    )
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.HAND)
    extract_source = models.ForeignKey(
        "children.ExtractSource",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The source whose extract brought the child; empty of one recorded by hand.",
    )
    filled_by = models.JSONField(
        null=True,
        blank=True,
        help_text="What other sources filled where its own said nothing: the key of the source, by field.",
    )
    edition = models.PositiveIntegerField(default=1, help_text="Counts the changes, so that two at once are noticed.")
    last_extract_on = models.DateField(
        null=True, blank=True, help_text="Date of the last extract with the full list of children that had this child."
    )
    pseudonymised_on = models.DateField(
        null=True, blank=True, help_text="Since then nobody knows who this is; the date of birth is another (ADR 0022)."
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        help_text="The record that was kept of two of the same child (ADR 0026).",
    )

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "children"
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="child_code_once_per_authority"),
            models.UniqueConstraint(fields=["authority", "local_ref"], name="child_ref_once_per_authority"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(local_ref=""), name="child_has_code_and_ref"),
            models.CheckConstraint(
                condition=Q(origin=Origin.HAND) | Q(extract_source__isnull=False),
                name="child_of_an_extract_has_its_source",
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("child", kwargs={"code": self.code})


class Identity(models.Model):
    """A child's name: a separate row that pseudonymised views never join."""

    child = models.OneToOneField(Child, on_delete=models.CASCADE, related_name="identity")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "identities"

    def __str__(self):
        return f"{self.given_name} {self.family_name}"


class Allocation(models.Model):
    """That a person works with a child, from a day to a day; scope follows today's."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="allocations")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="allocations", help_text="Who works with the child."
    )
    start = models.DateField(help_text="The first day.")
    end = models.DateField(null=True, blank=True, help_text="The last day, which counts; empty while it goes on.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="allocation_end_after_start"
            )
        ]

    def __str__(self):
        return f"{self.child} to {self.user}"


class CareEpisode(Kept):
    """One period of being looked after."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="episodes")
    start = models.DateField(help_text="The day on which the child came to be looked after.")
    end = models.DateField(null=True, blank=True, help_text="The day on which that ended; empty while it goes on.")
    destination = models.ForeignKey(
        Destination, on_delete=models.PROTECT, null=True, blank=True, help_text="Where the child went afterwards."
    )

    objects = StretchQuerySet.as_manager()

    class Meta:
        ordering = ["child", "start"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="episode_end_after_start"
            ),
        ]
        indexes = [models.Index(fields=["child"], condition=LEFT_BY_ADOPTION, name="episode_left_by_adoption")]

    def __str__(self):
        return f"{self.child} looked after from {self.start}"


class Placement(Kept):
    """Where a child lives, from a day to a day. It belongs to its episode by date, not by key (ADR 0003)."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="placements")
    start = models.DateField(help_text="The day on which the child moved there.")
    end = models.DateField(
        null=True, blank=True, help_text="The day on which the child moved on; empty while it goes on."
    )
    placement_type = models.ForeignKey(PlacementType, on_delete=models.PROTECT)
    provider = models.CharField(
        max_length=80, blank=True, help_text="Who provides it, as the council's system words it."
    )
    carer = models.CharField(
        "carer pseudonym", max_length=40, blank=True, help_text="A pseudonym of the carers, never their name."
    )
    short_break = models.BooleanField(
        default=False, help_text="A planned short break from home: no time away from home, and it starts no clock."
    )

    objects = StretchQuerySet.as_manager()

    class Meta:
        ordering = ["child", "start"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="placement_end_after_start"
            ),
        ]
        indexes = [models.Index(fields=["carer"], name="placement_by_carer")]

    def __str__(self):
        return f"{self.child} {self.placement_type_id} from {self.start}"


class LegalBasis(Kept):
    """On what legal ground a child is looked after, from a day to a day."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="legal_bases")
    start = models.DateField(help_text="The first day on which it was in force.")
    end = models.DateField(null=True, blank=True, help_text="The day on which it ended; empty while it is in force.")
    measure = models.ForeignKey(LegalMeasure, on_delete=models.PROTECT, help_text="The order or other ground.")

    objects = StretchQuerySet.as_manager()

    class Meta:
        ordering = ["child", "start"]
        verbose_name_plural = "legal bases"
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="legal_end_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.child} {self.measure_id} from {self.start}"
