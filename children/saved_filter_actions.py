"""Keep, rename and remove a person's own filters. The trail learns what they filter by, not what they call it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from children.saved_filters import SavedFilter
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

# So many fit above a list; whoever keeps more no longer finds them.
MOST = 20


@transaction.atomic
def save_filter(*, name: str, query: str, by: User) -> SavedFilter:
    """Keep `query` under `name`: a known name gets the new query, a known query the new name."""
    check_can(by, Permission.VIEW_CHILDREN)
    if not query:
        raise ValidationError("This list is not filtered or sorted, so there is nothing to save.")
    User.objects.select_for_update().get(pk=by.pk)  # so that two sendings at once find each other's filter
    own = SavedFilter.objects.visible_to(by)
    kept = own.filter(name=name).first() or own.filter(query=query).first()
    if kept is None:
        if own.count() >= MOST:
            raise ValidationError(f"You have {MOST} saved filters, which is the most. Remove one first.")
        kept = SavedFilter.objects.create(user=by, name=name, query=query)
        _note(AuditEntry.Action.CREATE, kept, by=by, after={"query": query})
        return kept
    before = {"query": kept.query}
    kept.name, kept.query = name, query
    kept.save()
    _note(AuditEntry.Action.CHANGE, kept, by=by, before=before, after={"query": query})
    return kept


@transaction.atomic
def remove_filter(kept: SavedFilter, *, by: User) -> None:
    """Remove one's own filter."""
    check_can(by, Permission.VIEW_CHILDREN)
    if kept.user_id != by.pk:
        raise PermissionDenied("This filter is somebody else's.")
    _note(AuditEntry.Action.REMOVE, kept, by=by, before={"query": kept.query})
    kept.delete()


def _note(action: AuditEntry.Action, kept: SavedFilter, *, by: User, **what) -> None:
    record(action, authority=by.organisation, record_type="saved filter", record_id=kept.pk, by=by, **what)
