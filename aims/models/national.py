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

    authority = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="pseudonym_secret")
    key = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"Secret of {self.authority}"


class NationalFile(models.Model):
    """The dataset of one authority as at the end of one month; a corrected one takes its place."""

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="national_files")
    month_end = models.DateField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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

    file = models.ForeignKey(NationalFile, on_delete=models.CASCADE, related_name="clocks")
    child = models.CharField(max_length=18)
    spell = models.PositiveSmallIntegerField()
    age_band = models.CharField(max_length=12)
    first_accommodated = models.DateField(null=True)
    last_accommodated = models.DateField(null=True)
    exit_reason = models.CharField(max_length=20, blank=True)
    left_after_limit = models.BooleanField(null=True)
    still_looked_after = models.BooleanField()
    recommended_on = models.DateField(null=True)
    recommended_route = models.CharField(max_length=8, blank=True)
    adm_on = models.DateField(null=True)
    adm_outcome = models.CharField(max_length=10, blank=True)
    lodged_on = models.DateField(null=True)

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
