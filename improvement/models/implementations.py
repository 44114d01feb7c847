"""What keeps an adopted change in place once the test is over."""

from django.db import models
from django.urls import reverse

from improvement.models.editions import EDITION
from improvement.models.tests_of_change import TEXT, TestOfChange
from improvement.scope import OfCyclesQuerySet
from pace_site.accounts.models import User


class Implementation(models.Model):
    """The record that an adopted test opens: who owns the change, and what holds the gain (`domain.md` 6.2).

    It speaks for the authority only while the test stands as adopted; a decision that is changed leaves it in place.
    """

    test = models.OneToOneField(
        TestOfChange, on_delete=models.PROTECT, related_name="implementation", help_text="The test that was adopted."
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="changes_owned", help_text="Who sees that the change stays."
    )
    training = models.TextField(blank=True, max_length=TEXT, help_text="Who learns it, how, and who starts later.")
    procedure = models.TextField(
        "written procedure", blank=True, max_length=TEXT, help_text="Where it is written down."
    )
    measure = models.TextField(
        "measure that holds the gain",
        blank=True,
        max_length=TEXT,
        help_text="What is watched, how often, and from which value on somebody acts.",
    )
    review_on = models.DateField(null=True, blank=True, help_text="The day on which it is looked at again.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfCyclesQuerySet.as_manager()

    class Meta:
        ordering = ["test"]

    def __str__(self):
        return f"Implementation of {self.test}"

    def get_absolute_url(self):
        return reverse("implementation", kwargs={"pk": self.test_id})

    @property
    def missing(self) -> list[str]:
        """What it does not say yet, in words."""
        said = {
            "training": self.training,
            "a written procedure": self.procedure,
            "the measure that holds the gain": self.measure,
            "a day to review it": self.review_on,
        }
        return [words for words, value in said.items() if not value]
