"""The change ideas of one authority: its own, and those that it took from the shipped library."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from aims.models import Aim
from improvement.models.editions import EDITION
from improvement.scope import OfIdeasQuerySet
from pace_site.accounts.models import Organisation, User


class ChangeIdea(models.Model):
    """One idea of what might be done differently; never deleted, but retired with a reason."""

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="change_ideas", help_text="The council whose idea it is."
    )
    title = models.CharField(max_length=120, help_text="The idea in a few words.")
    description = models.TextField(blank=True, max_length=2000, help_text="What would be done differently.")
    source = models.CharField(
        max_length=200, blank=True, help_text="Who had it, or where it worked, so that others can ask."
    )
    national_aim = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The national aim that it serves, 1 to 4; empty for none, or for every aim."
    )
    aim = models.ForeignKey(
        Aim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="change_ideas",
        help_text="The council's own aim that it serves; empty for none, or for every aim.",
    )
    library_key = models.CharField(
        max_length=60, blank=True, help_text="The idea of the shipped library that this was taken from."
    )
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who wrote it down."
    )
    retired_on = models.DateField(
        null=True, blank=True, help_text="The day on which it was retired; empty while it is offered."
    )
    retired_reason = models.CharField(max_length=200, blank=True, help_text="Why it was retired.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfIdeasQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="idea_has_a_title"),
            models.CheckConstraint(
                condition=Q(national_aim__isnull=True) | Q(national_aim__gte=1, national_aim__lte=4),
                name="idea_of_one_of_four_national_aims",
            ),
            models.UniqueConstraint(
                fields=["authority", "library_key"], condition=~Q(library_key=""), name="idea_taken_from_library_once"
            ),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True, retired_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retired_reason="")),
                name="idea_retired_has_day_and_reason",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("change_idea", kwargs={"pk": self.pk})

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None
