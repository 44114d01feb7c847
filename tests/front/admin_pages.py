"""Addresses of the admin pages, and what the audit trail says of them."""

from django.urls import reverse

from pace_site.audit.models import AuditEntry


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


def trail(**what):
    return AuditEntry.objects.filter(**what)
