"""The addresses of signing in and out, of passwords and of the second step.

Only these of allauth's: a person's e-mail address is what they sign in by, and is kept by the administrator; accounts
are neither made nor linked by single sign-on.
"""

from allauth.account import urls as account_urls
from allauth.mfa.base import urls as second_step_urls
from allauth.mfa.recovery_codes import urls as code_urls
from allauth.mfa.totp import urls as app_urls
from allauth.mfa.webauthn import urls as passkey_urls
from allauth.mfa.webauthn.views import login_webauthn
from allauth.socialaccount.providers.openid_connect import views as council_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from pace_site.front.signing_in.single_sign_on import council_sign_in
from pace_site.look.pages import page

OFFERED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)
OFFERED_SECOND_STEP = frozenset(
    {
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
    }
)


def _offered(patterns: list, names: frozenset) -> list:
    return [pattern for pattern in patterns if getattr(pattern, "name", None) in names]


urlpatterns = [
    *_offered(account_urls.urlpatterns, OFFERED),
    path(
        "password/reset/",
        login_not_required(page("pace_site.front.signing_in.views.ForgottenPasswordView")),
        name="account_reset_password",
    ),
    path("session/", page("pace_site.front.signing_in.views.SessionLeftView"), name="session_left"),
    path(
        "sign-out-everywhere/",
        page("pace_site.front.signing_in.views.SignOutEverywhereView"),
        name="sign_out_everywhere",
    ),
    path("second-step/", page("pace_site.front.signing_in.views.SignInOfMineView"), name="mfa_index"),
    path("second-step/", include(_offered(second_step_urls.urlpatterns, OFFERED_SECOND_STEP))),
    path("second-step/app/", include(_offered(app_urls.urlpatterns, OFFERED_SECOND_STEP))),
    path("second-step/codes/", include(_offered(code_urls.urlpatterns, OFFERED_SECOND_STEP))),
    path("second-step/passkeys/", include(_offered(passkey_urls.urlpatterns, OFFERED_SECOND_STEP))),
    path(
        "second-step/passkeys/<int:pk>/remove/",
        page("pace_site.front.signing_in.views.RemovePasskeyView"),
        name="mfa_remove_webauthn",
    ),
    path("passkey/", login_not_required(login_webauthn), name="mfa_login_webauthn"),
    path("council/<slug:provider_id>/", council_sign_in, name="openid_connect_login"),
    path("council/<slug:provider_id>/back/", council_views.callback, name="openid_connect_callback"),
]
