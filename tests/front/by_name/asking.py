"""What tests of exports by name ask for, and how they read what they get."""

from datetime import date
from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.identified.actions import Asked
from pace_site.front.identified.asking import Purpose

DAY = date(2020, 6, 1)
ELSEWHERE = "S12000033"
WHY = {"purpose": "court", "reason": "Papers for the hearing of 8 June", "file_format": "xlsx"}
MAY = {Role.DATA_LEAD, Role.PACE_LEAD}
ASKED = Asked(Purpose.COURT, WHY["reason"])
CASELOAD = "/caseload/by-name/"


def of_aim(code: str = "TEST") -> str:
    return reverse("aim_by_name", args=[code])


def exports():
    return AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT)


def sheet_of(response, name: str = "Children"):
    return load_workbook(BytesIO(response.content))[name]


def listed_in(response) -> list[dict]:
    """The rows of the list by heading."""
    rows = list(sheet_of(response).iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
