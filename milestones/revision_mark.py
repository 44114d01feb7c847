"""The mark of a revision: something new whenever a row that figures rest on was written (ADR 0031)."""

from django.db import models


class RevisionMark(models.Model):
    """A random word that triggers of the database renew with every write to the journeys of an authority.

    An authority has as many as ever wrote to it at once, so that no writer waits for another. Whoever sees the same
    marks sees the same rows. There is no foreign key: what is deleted leaves its mark.
    """

    authority_id = models.BigIntegerField(db_index=True, help_text="The key of the authority.")
    mark = models.CharField(max_length=32, help_text="Another after every write.")

    def __str__(self):
        return f"{self.mark} of authority {self.authority_id}"
