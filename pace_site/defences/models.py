"""How often something happened lately."""

from django.db import models


class UseCount(models.Model):
    """How often something happened in a stretch of time that ends at `until`; removed once that has passed.

    In the database, because several processes answer and all must count together.
    """

    of = models.CharField(max_length=80)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "until"], name="use_count_once_a_stretch")]

    def __str__(self):
        return f"{self.of}: {self.count} until {self.until:%d %B %Y %H:%M}"
