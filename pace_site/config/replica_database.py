"""How a replica is connected to: one that is away keeps nobody waiting."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Seconds; a server that has left the network says nothing, and is found by these.
PATIENCE = {"connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


def replica_of(primary: dict[str, Any], replica: dict[str, Any]) -> dict[str, Any]:
    """The settings of the replica; raise `ImproperlyConfigured` unless both are PostgreSQL."""
    if not (primary["ENGINE"] == replica["ENGINE"] == "django.db.backends.postgresql"):
        raise ImproperlyConfigured("REPLICA_DATABASE_URL is for a streaming replica of DATABASE_URL, both PostgreSQL.")
    return {
        **replica,
        "OPTIONS": PATIENCE | replica.get("OPTIONS", {}),
        "CONN_MAX_AGE": primary["CONN_MAX_AGE"],
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "default"},
    }
