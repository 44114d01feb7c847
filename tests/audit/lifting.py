"""What an administrator of the database can do, and the application cannot: take the guards of the trail away."""

from django.db import connection

from pace_site.audit.guards import guards


def lift_guards() -> None:
    """Drop every trigger of the audit trail."""
    with connection.cursor() as cursor:
        for guard in guards():
            on = f' ON "{guard.table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def tamper(statement: str, *values) -> None:
    """Change the trail past its guards."""
    lift_guards()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
