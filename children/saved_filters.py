"""Filters of the caseload list that a person keeps under a name."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pace_site.accounts.models import User


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """One's own alone: a filter shows how somebody works."""
        return self.filter(user=user.pk) if user.is_authenticated and user.is_active else self.none()


class SavedFilter(models.Model):
    """What somebody chose on the caseload list, as the address carries it; the day it speaks of is always today."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        help_text="Whose filter it is; nobody else sees it.",
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300, help_text="What was chosen, as the address of the list carries it.")

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once_per_person"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_filter_has_name_and_query"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('caseload')}?{self.query}"
