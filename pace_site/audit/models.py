"""The audit trail: one append-only table without foreign keys, so that it outlives what it speaks of."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat

from pace_site.accounts.models import User


class AuditQuerySet(models.QuerySet):
    def visible_to(self, user: User, *, about: str = ""):
        """What was done in the person's own organisation; whether they may read it is for their permissions to say.

        `about` narrows it to one child, by its pseudonym, and to lists in which the child stood.
        """
        if not user.is_authenticated or not user.is_active or user.organisation_id is None:
            return self.none()
        code = user.organisation.code
        return self.about_child(about, in_authority=code) if about else self.filter(authority_code=code)

    def about_child(self, code: str, *, in_authority: str):
        """Entries about one child, and those of lists in which it stood; pseudonyms of two councils may be the same.

        The council is asked for by an expression that no index answers: with one that does, SQLite reads the trail of
        the whole council through rather than look up the keys (a million entries: 1.8 s instead of 1 ms).
        """
        of_child = AuditEntry.objects.order_by().filter(authority_code=in_authority, child_code=code).values("pk")
        of_lists = MentionedChild.objects.filter(child_code=code).values("entry_id")
        rows = self.alias(council=Concat("authority_code", Value("")))
        return rows.filter(council=in_authority, pk__in=of_child.union(of_lists, all=True))


class AuditEntry(models.Model):
    """One thing that somebody, or a command, did.

    An entry is added, sealed once into the hash chain, and never changed or removed: triggers hold that (ADR 0015).
    """

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
        ERASE = "erase", "Erased"
        BREAK_GLASS = "break_glass", "Opened by break-glass"
        BACK_UP = "back_up", "Backed up"
        VERIFY_BACKUP = "verify", "Verified a backup"
        RESTORE = "restore", "Restored a backup"

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
    address = models.CharField(max_length=45, blank=True, help_text="Where the request came from; empty of a command.")
    request_id = models.CharField(max_length=32, blank=True, help_text="The same for all that one request did.")
    position = models.BigIntegerField(null=True, unique=True, help_text="Its place in the chain; empty until sealed.")
    salt = models.CharField(max_length=32, blank=True, help_text="Empty also when the values were erased.")
    values_digest = models.CharField(max_length=64, blank=True, help_text="The hash of before, after and reason.")
    seal = models.CharField(max_length=64, blank=True, help_text="The hash over this entry and the one before it.")

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["authority_code", "child_code"]),
            models.Index(fields=["authority_code", "at"]),
            models.Index(fields=["authority_code", "actor_id", "at"], name="audit_by_person"),
            models.Index(fields=["authority_code", "action", "at"], name="audit_by_action"),
            models.Index(fields=["record_type", "record_id"], name="audit_of_record"),
            models.Index(fields=["id"], condition=Q(position__isnull=True), name="audit_unsealed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=True, seal="") | (Q(position__isnull=False) & ~Q(seal="")),
                name="audit_place_and_seal_together",
            )
        ]

    # The children by whom an entry that is not saved yet is to be found.
    mentions: Sequence[str] = ()

    def __str__(self):
        return f"{self.at:%d %B %Y %H:%M} {self.actor}: {self.get_action_display().lower()} {self.record_type}"


class MentionedChild(models.Model):
    """That a child stood in the list that an entry speaks of: made from the entry, so that it is found by child."""

    entry_id = models.BigIntegerField(db_index=True)
    child_code = models.CharField(max_length=16)

    class Meta:
        verbose_name_plural = "mentioned children"
        indexes = [models.Index(fields=["child_code", "entry_id"], name="audit_mentions_of_child")]

    def __str__(self):
        return f"{self.child_code} in entry {self.entry_id}"


class Receipt(models.Model):
    """That a form was taken in: the same form sent again finds its receipt instead of being recorded twice."""

    token = models.UUIDField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField()
    led_to = models.CharField(max_length=200, blank=True, help_text="The address that the first sending led to.")

    def __str__(self):
        return f"{self.token} at {self.at:%d %B %Y %H:%M}"
