"""Addresses of the admin pages, what is typed into that of a person, and what the audit trail says of them."""

from django.urls import reverse

from pace_site.audit.models import AuditEntry


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


def trail(**what):
    return AuditEntry.objects.filter(**what)


def person_form(user=None, *, memberships=(), **fields):
    """What the page of a person sends: its fields, and one line for each role, with its key if it is there already."""
    sent = {"email": "new@council.example", "first_name": "New", "last_name": "Person", "is_active": "on"}
    if user is not None:
        sent |= {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
    kept = [row for row in memberships if row.get("id")]
    sent |= {"memberships-TOTAL_FORMS": len(memberships), "memberships-INITIAL_FORMS": len(kept)}
    for number, row in enumerate([*kept, *(row for row in memberships if not row.get("id"))]):
        sent |= {f"memberships-{number}-{name}": value for name, value in row.items()}
        sent[f"memberships-{number}-user"] = user.pk if user else ""
    return {name: value for name, value in (sent | fields).items() if value is not None}
