"""Where reports were read, as Prometheus is told."""

from prometheus_client import Counter

COUNTED = Counter(
    "pace_replica_readings",
    "Readings apart: from the replica, or from the primary because it lagged, was away or was left alone for a while.",
    ["where"],
)
