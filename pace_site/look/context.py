"""What every template may ask for."""

from django.http import HttpRequest

from pace_site.accounts.belonging import IDLE_LIMIT, WARNED_BEFORE
from pace_site.accounts.permissions import ADMIN_PERMISSIONS, Permission, permissions_of


def site(request: HttpRequest) -> dict:
    """The person's organisation and what the menu may offer them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"organisation": None, "may": {}}
    held = permissions_of(user)
    may = {permission.name.lower(): permission in held for permission in Permission}
    may["enter_admin"] = bool(ADMIN_PERMISSIONS & held)
    idle = {"limit": IDLE_LIMIT, "warned_before": WARNED_BEFORE}
    return {"organisation": user.organisation, "may": may, "idle": idle}
