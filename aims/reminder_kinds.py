"""What a clock can be reminded of."""

from django.db.models import TextChoices


class ReminderKind(TextChoices):
    HALFWAY = "halfway", "Halfway"
    DUE_SOON = "due_soon", "Due within two weeks"
    OVERDUE = "overdue", "Overdue"
