"""Councils' own sign-in: who may come in by it.

The provider says an e-mail address that it has verified; the person of that address must exist here already, be active,
and belong to the organisation that the provider is configured for. No account is made, linked or changed.
"""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views as council_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.second_factor import mark_second_factor
from pace_site.front.signing_in.sign_in_trail import record_refused_council_sign_in

# Of the words of RFC 8176 the one that says "by several factors"; others name single ones.
SEVERAL_FACTORS = "mfa"


class CouncilSignInAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """Let in exactly one person, or refuse with a page that says whom to ask."""
        app = sociallogin.provider.app
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            refuse(request, app, "It was asked for something other than a sign-in.")
        told, signed = claims_of(sociallogin)
        if signed.get("sub") != told.get("sub"):
            refuse(request, app, "The provider spoke of two people.")
        address = str(told.get("email") or "").strip().lower()
        if not address or not is_verified(told):
            refuse(request, app, "The provider did not say a verified e-mail address.")
        person = User.objects.filter(email=address).select_related("organisation").first()
        if person is None:
            refuse(request, app, "Nobody of this address has an account.")
        if person.organisation.code != app.settings["organisation"]:
            refuse(request, app, "The person belongs to another organisation.")
        if not person.is_active:
            refuse(request, app, "The account is closed.", person=person)
        sociallogin.user = person
        if says_several_factors(signed, app.settings["second_factor_acr"]):
            mark_second_factor(request, person, by=f"single sign-on of {app.name}")

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """Cancelled, expired, or the provider does not answer."""
        refuse(request, provider.app, f"The provider did not sign anybody in ({error}).", temporary=True)


@login_not_required
def council_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to a council's provider, or say in words that it does not answer."""
    try:
        return council_views.login(request, provider_id)
    except RequestException:
        app = get_adapter().get_app(request, provider=provider_id)
        return refusal(request, app, "The provider did not answer.", temporary=True)


def claims_of(sociallogin) -> tuple[dict, dict]:
    """What the provider says of the person, and what it has signed."""
    data = sociallogin.account.extra_data
    signed = data.get("id_token") or {}
    return data.get("userinfo") or signed, signed


def is_verified(told: dict) -> bool:
    """Entra says `xms_edov` in place of `email_verified`."""
    return told.get("email_verified") is True or told.get("xms_edov") in (True, 1, "1", "true")


def says_several_factors(signed: dict, acr_values: list[str]) -> bool:
    """Whether the provider says, in the signed token, that it asked for a second step too."""
    return SEVERAL_FACTORS in (signed.get("amr") or ()) or signed.get("acr") in acr_values


def refuse(request: HttpRequest, app, why: str, **more) -> None:
    """Stop here with the page of `refusal`."""
    raise ImmediateHttpResponse(refusal(request, app, why, **more))


def refusal(request: HttpRequest, app, why: str, *, person: User | None = None, temporary: bool = False):
    """Note in the trail why, and return one page for all reasons: it tells nobody who has an account."""
    organisation = Organisation.objects.filter(code=app.settings["organisation"]).first()
    record_refused_council_sign_in(organisation=organisation, provider=app.provider_id, why=why, person=person)
    context = {"council": app.name, "temporary": temporary}
    return render(request, "account/council_refused.html", context, status=403)
