"""What the national dataset stores: the secret of an authority's pseudonyms, and the files that came in."""

from django.db import models
from django.db.models import F, Q

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.scope import sees_aggregates
from pace_site.look.words import count_of


class ReceivedQuerySet(models.QuerySet):
    """Files of authorities: for who sees the aggregates of all authorities, and for nobody else."""

    def visible_to(self, user: User):
        return self.all() if sees_aggregates(user) else self.none()


class PseudonymSecret(models.Model):
    """The key by which an authority's pseudonyms of the national dataset are made. It never leaves the database."""

    authority = models.OneToOneField(
        Organisation,
        on_delete=models.CASCADE,
        related_name="pseudonym_secret",
        help_text="The council whose pseudonyms it makes.",
    )
    key = models.BinaryField(help_text="32 random bytes.")
    made_at = models.DateTimeField(auto_now_add=True, help_text="When it was made.")

    def __str__(self):
        return f"Secret of {self.authority}"


class NationalFile(models.Model):
    """The dataset of one authority as at the end of one month; a corrected one takes its place."""

    authority = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="national_files",
        help_text="The council whose children it tells of.",
    )
    month_end = models.DateField(help_text="The last day of the month at whose end it speaks.")
    sha256 = models.CharField(max_length=64, help_text="Checksum of the file, by which the same one is recognised.")
    rows = models.PositiveIntegerField(help_text="How many clocks it holds.")
    received_at = models.DateTimeField(auto_now=True, help_text="When the file came in, or the last correction of it.")
    received_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who brought it in; empty where a command did.",
    )
    corrections = models.PositiveIntegerField(default=0, help_text="How often a corrected file took its place.")

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        ordering = ["authority__name", "-month_end"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "month_end"], name="national_file_once_a_month"),
            models.CheckConstraint(condition=~Q(sha256=""), name="national_file_has_a_checksum"),
        ]

    def __str__(self):
        return f"{self.authority}, {self.month_end:%B %Y}"

    @property
    def clocks_in_words(self) -> str:
        return count_of(self.rows, "clock", "clocks")


class NationalClock(models.Model):
    """One row of a file; the fields are the columns of the dataset."""

    file = models.ForeignKey(
        NationalFile, on_delete=models.CASCADE, related_name="clocks", help_text="The file that it stands in."
    )
    child = models.CharField(
        max_length=18, help_text="The child's pseudonym in the national dataset, the same in every month."
    )
    spell = models.PositiveSmallIntegerField(help_text="Which of the child's spells away from home it is, from 1.")
    age_band = models.CharField(max_length=12, help_text="How old the child was on the day first accommodated.")
    first_accommodated = models.DateField(
        null=True,
        help_text="The first day of the spell; of a child from another authority, the day first accommodated there.",
    )
    last_accommodated = models.DateField(
        null=True,
        help_text="The last day of the spell; empty while it goes on, and where it would tell the 18th birthday.",
    )
    exit_reason = models.CharField(max_length=20, blank=True, help_text="Why the spell ended; empty while it goes on.")
    left_after_limit = models.BooleanField(
        null=True,
        help_text="For who reached 18, in place of the day: whether that was after the limit of national aim 2.",
    )
    still_looked_after = models.BooleanField(
        help_text="Whether the child was looked after at the month's end, away from home or not."
    )
    recommended_on = models.DateField(
        null=True, help_text="The day of the first recommendation for permanence in the spell."
    )
    recommended_route = models.CharField(max_length=8, blank=True, help_text="The route of that recommendation.")
    adm_on = models.DateField(
        null=True,
        help_text="The day of the agency decision that approved or refused a plan last, failing one that deferred it.",
    )
    adm_outcome = models.CharField(
        max_length=10, blank=True, help_text="What the agency decision maker decided on that day."
    )
    lodged_on = models.DateField(
        null=True,
        help_text="The day on which the first application was lodged in court; after an approval, the first since.",
    )

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        ordering = ["file", "child", "spell"]
        constraints = [
            models.UniqueConstraint(fields=["file", "child", "spell"], name="national_clock_once_in_a_file"),
            models.CheckConstraint(
                condition=Q(last_accommodated__isnull=True)
                | Q(first_accommodated__isnull=True)
                | Q(last_accommodated__gte=F("first_accommodated")),
                name="national_clock_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.child}, spell {self.spell}"


class NationalCounts(models.Model):
    """What the national view counted of an authority with children here, kept while its rows stay as they are.

    `key` is a digest of all that the counts depend on (`aims/national/kept_counts.py`). The counts are as they were
    counted: nothing of them is withheld yet.
    """

    authority = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="national_counts")
    key = models.CharField(max_length=64)
    counts = models.JSONField(help_text="By aim, quarter end and column.")
    counted_at = models.DateTimeField(auto_now=True)

    objects = ReceivedQuerySet.as_manager()

    def __str__(self):
        return f"Counts of {self.authority}"
