"""The addresses of signing in and out and of passwords.

Only these of allauth's: a person's e-mail address is what they sign in by, and is kept by the administrator.
"""

from allauth.account import urls

OFFERED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)

urlpatterns = [pattern for pattern in urls.urlpatterns if pattern.name in OFFERED]
