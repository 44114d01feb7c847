"""When what an authority's feed says last changed."""

from datetime import datetime

from django.db.models import Max

from aims.models import PublishedMonth
from pace_site.accounts.models import Organisation


def last_change(authority: Organisation) -> datetime | None:
    """When a month was last published or withdrawn; None before the first."""
    months = PublishedMonth.objects.filter(authority=authority)
    latest = months.aggregate(published=Max("published_at"), withdrawn=Max("withdrawn_at"))
    return max(filter(None, latest.values()), default=None)
