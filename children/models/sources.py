"""Where imported rows come from: the systems, teams and spreadsheets of a council that tell of its children (ADR 0029).

Each imported row belongs to the source that said it, and only that source takes it back.
"""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from children.caseload import ScopedQuerySet
from children.models.records import Child
from pace_site.accounts.models import Organisation
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet

CASE_SYSTEM = "Case system"
LONGEST_NAME = 80
# A record that was given up for another may have had one given up for it before (ADR 0026).
CHILD_OR_GIVEN_UP = ("child", "child__merged_into", "child__merged_into__merged_into")


class ExtractSourceQuerySet(OwnOrganisationQuerySet):
    organisation_path = "authority"

    def called(self, name: str):
        """The source of that name, however it is written."""
        return self.filter(known_as=plain_name(name))


class ExtractSource(models.Model):
    """A source of imports, by one name per authority; extracts of which nobody says whence are of the default one."""

    authority = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="extract_sources")
    name = models.CharField(max_length=LONGEST_NAME)
    known_as = models.CharField(max_length=LONGEST_NAME, editable=False, help_text="The name without capitals.")
    is_whole = models.BooleanField(
        "the full list of children", help_text="Children who are lacking from its latest extract are asked about."
    )
    is_default = models.BooleanField(
        default=False,
        help_text="Extracts of which nobody says whence they come are of this source; one for each authority.",
    )

    objects = ExtractSourceQuerySet.as_manager()

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "known_as"], name="extract_source_once_by_name"),
            models.UniqueConstraint(
                fields=["authority"], condition=Q(is_default=True), name="extract_source_one_default"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(known_as=""), name="extract_source_has_a_name"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name = " ".join(self.name.split())
        self.known_as = plain_name(self.name)
        super().save(*args, **kwargs)


class ListedQuerySet(ScopedQuerySet):
    def last_seen(self, children: models.QuerySet) -> dict[tuple[int, int], date]:
        """When each source last had each of `children`, by their keys, also by the reference of a record given up."""
        parts = [
            self.filter(**{f"{path}__in": children}).order_by().values_list(path, "source", "last_on")
            for path in CHILD_OR_GIVEN_UP
        ]
        found: dict[tuple[int, int], date] = {}
        for child, source, day in parts[0].union(*parts[1:], all=True):
            found[child, source] = max(day, found.get((child, source), day))
        return found

    def having(self, **by: object) -> Q:
        """Children whom a source has, also by the reference of a record that was given up for theirs."""
        found = Q(pk__in=[])
        for path in CHILD_OR_GIVEN_UP:
            found |= Q(Exists(self.filter(**{path: OuterRef("pk")}, **by)))
        return found


class Listed(models.Model):
    """That a source has a child, and the date of its last extract that had it."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="listed", db_index=False)
    source = models.ForeignKey(ExtractSource, on_delete=models.CASCADE, related_name="listed", db_index=False)
    last_on = models.DateField(help_text="Date of the last extract of the source that had the child.")

    objects = ListedQuerySet.as_manager()

    class Meta:
        verbose_name = "child in a source"
        verbose_name_plural = "children in sources"
        constraints = [models.UniqueConstraint(fields=["child", "source"], name="listed_once_by_a_source")]

    def __str__(self):
        return f"{self.child} in {self.source}, {self.last_on}"


def default_source(authority: Organisation) -> ExtractSource:
    """The source of extracts of which nobody says whence they come; it holds the full list of children."""
    found = ExtractSource.objects.filter(authority=authority, is_default=True).first()
    if found is None:
        # A source of this name may be there already, said to be another.
        found, _is_new = ExtractSource.objects.get_or_create(
            authority=authority,
            known_as=plain_name(CASE_SYSTEM),
            defaults={"name": CASE_SYSTEM, "is_whole": True, "is_default": True},
        )
    return found


def plain_name(name: str) -> str:
    """A name without capitals and stray spaces, by which a source is known."""
    return " ".join(name.split()).casefold()[:LONGEST_NAME]
