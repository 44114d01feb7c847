"""Imports: who brought which extract, how far it is, what it changed, and what is kept for a while besides."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from children.caseload import ScopedQuerySet
from children.models import Child, ExtractSource
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet
from pace_site.long_work.models import LongWork


class ImportRunQuerySet(OwnOrganisationQuerySet):
    organisation_path = "authority"

    def taken_in(self):
        """Those whose extract stands in the records."""
        return self.filter(state=ImportRun.State.APPLIED)


class ImportRun(models.Model):
    """One extract: whose, of which date, by whom, how far it is, and what it changed.

    An extract that a command takes in is applied at once; one from the browser goes from state to state.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        PREVIEWING = "previewing", "Dry run under way"
        PREVIEWED = "previewed", "Dry run made"
        APPLYING = "applying", "Being taken in"
        APPLIED = "applied", "Taken in"
        CANCELLED = "cancelled", "Cancelled"
        UNDONE = "undone", "Undone"

    # Nothing of these stands in the records, and their files are kept.
    WAITING = (State.UPLOADED, State.PREVIEWING, State.PREVIEWED, State.APPLYING)

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_runs")
    extract_date = models.DateField(help_text="The day up to which the extract tells.")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, help_text="Who brought it; empty when a command did."
    )
    source = models.ForeignKey(
        ExtractSource, on_delete=models.PROTECT, related_name="runs", help_text="Where the extract comes from."
    )
    state = models.CharField(max_length=12, choices=State, default=State.APPLIED)
    summary = models.JSONField(
        default=dict, help_text="Rows of each file by what became of them, missing children, rejected rows."
    )
    mapping = models.JSONField(null=True, blank=True, help_text="How its columns are read; empty of the five files.")
    corrected = models.JSONField(default=list, blank=True, help_text="Cells that a person corrected for this import.")
    failure = models.TextField(blank=True, help_text="Why the last step was not made, in words.")
    work = models.ForeignKey(
        LongWork,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The long work that makes its next step.",
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who cancelled or undid it."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("applied", "undone"), applied_at__isnull=False)
                | (~Q(state__in=("applied", "undone")) & Q(applied_at__isnull=True)),
                name="import_run_applied_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("cancelled", "undone"), ended_at__isnull=False)
                | (~Q(state__in=("cancelled", "undone")) & Q(ended_at__isnull=True)),
                name="import_run_ended_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.authority}: extract of {self.extract_date}"

    def get_absolute_url(self):
        return reverse("import", kwargs={"pk": self.pk})

    @property
    def counts(self) -> dict[str, int]:
        """Rows of all files by what became of them; empty of an extract that is not taken in."""
        files = self.summary.get("files", {}).values()
        return {name: sum(each.get(name, 0) for each in files) for name in ("new", "changed", "gone")} if files else {}

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING


class OfARun(OwnOrganisationQuerySet):
    organisation_path = "run__authority"


class ImportUpload(models.Model):
    """A file as it was sent, closed; deleted when its import is taken in or cancelled, or after some days."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200, help_text="The name of the file.")
    size = models.PositiveIntegerField(help_text="Bytes, as it was sent.")
    body = models.BinaryField(help_text="The file, encrypted.")

    objects = OfARun.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="import_upload_name_once")]

    def __str__(self):
        return self.name


class ImportPreview(models.Model):
    """What a dry run found, closed, as it tells of children; deleted with the uploads."""

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, related_name="preview")
    made_at = models.DateTimeField(auto_now_add=True)
    body = models.BinaryField(help_text="What the dry run found, encrypted.")

    objects = OfARun.as_manager()

    def __str__(self):
        return f"Dry run of {self.run}"


class SheetLooks(models.Model):
    """What is to be seen of the sheets of an upload, closed, as examples tell of children; deleted with the uploads."""

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, related_name="looks")
    body = models.BinaryField(help_text="The columns with examples, encrypted.")

    objects = OfARun.as_manager()

    def __str__(self):
        return f"Sheets of {self.run}"


class ColumnMapping(models.Model):
    """How the columns of one source were read when a person last confirmed it; put to its next sheets."""

    authority = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="column_mappings")
    source = models.CharField(max_length=80, blank=True, help_text="The name of the source.")
    fingerprint = models.CharField(max_length=64, help_text="Of the names of its columns.")
    mapping = models.JSONField(help_text="How its columns are read.")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(auto_now=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-confirmed_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "source", "fingerprint"], name="column_mapping_once")
        ]

    def __str__(self):
        return f"Columns of {self.source or 'an unnamed source'}"


class ImportUndo(models.Model):
    """What the rows said before an import, closed; deleted when it is undone, and after some weeks."""

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, related_name="undo")
    kept_since = models.DateTimeField(auto_now_add=True)
    body = models.BinaryField(help_text="What the rows said before, encrypted.")

    objects = OfARun.as_manager()

    def __str__(self):
        return f"Undo of {self.run}"


class MissingAnswer(models.Model):
    """What a person says of a child whom an earlier extract had and the latest lacks, and who has not left care."""

    class Answer(models.TextChoices):
        ASKED = "asked", "The worker is asked"
        STILL = "still", "Still looked after: the extract lacks the child in error"

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="missing_answers")
    extract_date = models.DateField(help_text="Of the extract that lacks the child.")
    answer = models.CharField(max_length=8, choices=Answer)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who answered.")
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["child", "extract_date"], name="missing_answer_once_for_an_extract")
        ]

    def __str__(self):
        return f"{self.child}: {self.get_answer_display()}"
