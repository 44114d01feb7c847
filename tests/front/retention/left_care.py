"""Children who have left care, and those whose records are due."""

from datetime import date

from django.utils import timezone

from children.models import CareEpisode, Placement
from pace_site.front.retention.actions import reviewed_by
from tests.builders import child

LONG_AGO = date(2020, 3, 3)


def left(code="P-0042", *, ended=LONG_AGO, **more):
    """A child who was looked after until a day."""
    row = child(code=code, **more)
    row.local_ref = f"SECRETREF{code[-4:]}"
    row.save()
    CareEpisode.objects.create(child=row, start=date(2018, 1, 9), end=ended)
    Placement.objects.create(
        child=row, start=date(2018, 1, 9), end=ended, placement_type_id="FOST_LA", provider="Secretprovider"
    )
    return row


def codes_due(user, on=None):
    return [one.child.code for one in reviewed_by(user, on=on or timezone.localdate()) if one.is_due]
