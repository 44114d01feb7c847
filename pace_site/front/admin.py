"""The admin pages of people and of the audit trail, which lie under all apps: where Django looks for them."""

from pace_site.front.auditing import trail_admin  # noqa: F401  (its pages register themselves)
from pace_site.front.people import people_admin  # noqa: F401
