"""That a page of imports showed children by name or reference stands in the trail."""

from collections.abc import Sequence

from children.presenter import PresentedChild
from pace_site.accounts.models import User
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record


def record_seen(shown: Sequence[PresentedChild], *, on: str, by: User) -> None:
    """`on` names the page."""
    named = [who.code for who in shown if who.identified]
    if named:
        record(
            AuditEntry.Action.VIEW,
            authority=by.organisation,
            record_type=on,
            record_id="",
            by=by,
            after={"children": named},
        )
