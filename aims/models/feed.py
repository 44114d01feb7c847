"""What the feed to other programs stores: whether it is on, and who may read it."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet


class OfAuthorityQuerySet(OwnOrganisationQuerySet):
    organisation_path = "authority"


class FeedSwitch(models.Model):
    """Whether an authority's feed is on; without a row it never was."""

    authority = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="feed_switch", help_text="The council whose feed it is."
    )
    is_on = models.BooleanField(default=False, help_text="Whether other programs can read the feed.")
    switched_at = models.DateTimeField(auto_now=True, help_text="When it was last switched on or off.")
    switched_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who switched it.")

    objects = OfAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feed switches"

    def __str__(self):
        return f"Feed of {self.authority}: {'on' if self.is_on else 'off'}"


class FeedToken(models.Model):
    """What lets one program read an authority's feed. Of the token itself only a digest is kept.

    A plain SHA-256 is enough, and quick: the token has 256 random bits, so there is nothing to guess or to look up, as
    there would be with a password.
    """

    authority = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="feed_tokens", help_text="The council whose feed it opens."
    )
    label = models.CharField(max_length=80, help_text="Which program has it.")
    begins_with = models.CharField(max_length=12, help_text="To recognise it by.")
    sha256 = models.CharField(
        max_length=64,
        unique=True,
        help_text="The digest by which the token is recognised; the token itself is kept nowhere.",
    )
    expires_on = models.DateField(help_text="The last day on which it lets anybody in.")
    made_at = models.DateTimeField(auto_now_add=True, help_text="When it was made.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who made it.")
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="When it was revoked; empty while it stands.")
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who revoked it."
    )

    objects = OfAuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="feed_token_has_a_label"),
            models.CheckConstraint(condition=~Q(sha256=""), name="feed_token_has_a_digest"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="feed_token_revoked_has_time_and_person",
            ),
            # Also keeps a form that is sent twice from making two tokens.
            models.UniqueConstraint(
                fields=["authority", "label"], condition=Q(revoked_at__isnull=True), name="feed_token_label_once"
            ),
        ]

    def __str__(self):
        return f"{self.label} ({self.begins_with}…)"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def has_expired(self, today: date | None = None) -> bool:
        return self.expires_on < (today or timezone.localdate())
