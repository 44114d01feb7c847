"""The audit trail: one append-only table without foreign keys, so that it outlives what it speaks of."""

from django.db import models

from pace_site.accounts.models import User


class AuditQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """What was done in the person's own organisation; whether they may read it is for their permissions to say."""
        if not user.is_authenticated or not user.is_active or user.organisation_id is None:
            return self.none()
        return self.filter(authority_code=user.organisation.code)


class AuditEntry(models.Model):
    """One thing that somebody, or a command, did."""

    class Action(models.TextChoices):
        CREATE = "create", "Created"
        CHANGE = "change", "Changed"
        VOID = "void", "Voided"
        REMOVE = "remove", "Removed"
        VIEW = "view", "Viewed"
        SEARCH = "search", "Searched"
        EXPORT = "export", "Exported"
        IMPORT = "import", "Imported"
        ISSUE = "issue", "Issued"
        REMIND = "remind", "Reminded"
        SIGN_IN = "sign_in", "Signed in"
        SIGN_IN_FAILED = "sign_failed", "Failed to sign in"
        LOCKED_OUT = "locked_out", "Locked out"
        SIGN_OUT = "sign_out", "Signed out"
        MFA_CHANGED = "mfa_changed", "Changed a second factor"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    authority_code = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True, help_text="Empty when a command acted.")
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=12, choices=Action.choices)
    record_type = models.CharField(max_length=40)
    record_id = models.CharField(max_length=40)
    child_code = models.CharField(max_length=16, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["authority_code", "child_code"]), models.Index(fields=["authority_code", "at"])]

    def __str__(self):
        return f"{self.at:%d %B %Y %H:%M} {self.actor}: {self.get_action_display().lower()} {self.record_type}"


class Receipt(models.Model):
    """That a form was taken in: the same form sent again finds its receipt instead of being recorded twice."""

    token = models.UUIDField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField()
    led_to = models.CharField(max_length=200, blank=True, help_text="The address that the first sending led to.")

    def __str__(self):
        return f"{self.token} at {self.at:%d %B %Y %H:%M}"
