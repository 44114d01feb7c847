"""A session lasts only while the person still belongs."""

from django.contrib.auth import logout
from django.shortcuts import redirect


class BelongingMiddleware:
    """Sign out whoever holds no role any more, on their next request.

    A deactivated account is already refused by the authentication backend.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and not request.user.memberships.exists():
            logout(request)
            return redirect("account_login")
        return self.get_response(request)
