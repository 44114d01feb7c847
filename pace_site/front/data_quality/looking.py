"""Have all records looked through in the background, for authorities of which that takes longer than a request may."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from milestones.quality.look_through import look_through
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.long_work.actions import ask_for
from pace_site.long_work.kinds import Outcome, kind
from pace_site.long_work.models import LongWork
from pace_site.long_work.progress import Progress

# So many children are looked through while a page waits: some seconds.
AT_ONCE = 500


def queue_look(*, by: User, after: str = "", recount_since: date | None = None) -> LongWork:
    """`after` says what changed the records: a look that is under way since before is another, and not enough.

    `recount_since` as in `look_through`.
    """
    asked = {"after": after} if after else {}
    if recount_since:
        asked["recount_since"] = recount_since.isoformat()
    return ask_for(look, title="Looking through all records for data quality", asked=asked, by=by)


@kind("look_through", needs=Permission.LOOK_THROUGH)
def look(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    since = asked.get("recount_since")
    look_through(
        by.organisation,
        as_at=timezone.localdate(),
        progress=progress,
        by=by,
        recount_since=date.fromisoformat(since) if since else None,
    )
    return Outcome(address=reverse("data_quality"))
