"""A session lasts only while the person still belongs and uses it; whoever must take a second step does it first."""

from django.contrib.auth import logout
from django.http import HttpRequest
from django.shortcuts import redirect

from pace_site.accounts.belonging import (
    ENDED,
    STAMP,
    Ending,
    belonging_of,
    is_by_itself,
    mark_used,
    ran_out,
)
from pace_site.accounts.second_factor import (
    is_excused,
    may_change_factors,
    roles_need_second_factor,
    second_factor_taken,
)

# Where somebody may go who has still to set up their second step: there, and out.
OPEN_BEFORE_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_login",
        "account_logout",
        "sign_out_everywhere",
        "session_left",
    }
)
# Where factors are set up, removed, or made anew.
CHANGES_FACTORS = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    }
)


class BelongingMiddleware:
    """Ends a session, on its next request, when its person has left, moved, lost a role, not used it, or had it long.

    Stands before whatever asks who is there, so that a form sent too late is kept as from anybody signed out. A
    deactivated account is already refused by the authentication backend.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.belonging = belonging_of(request.user)
            why = request.belonging.ends(request.session.get(STAMP)) or ran_out(request)
            if why:
                end_session(request, why)
            elif not is_by_itself(request):
                mark_used(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads whoever must take a second step to the page where it is set up, and nowhere else.

    There, a password alone changes factors only while setting up is open.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, _view, _args, _kwargs):
        if not request.user.is_authenticated:
            return None
        page = request.resolver_match.view_name
        held_up = page not in OPEN_BEFORE_SECOND_FACTOR and lacks_second_factor(request)
        if held_up or (page in CHANGES_FACTORS and not may_change_factors(request)):
            return redirect("mfa_index")
        return None


def end_session(request: HttpRequest, why: Ending) -> None:
    """Sign out, and leave a note for the sign-in page to say why."""
    request.ended_because = why
    logout(request)
    request.session[ENDED] = why.value


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the person of this request must take a second step and has not, in this session."""
    if second_factor_taken(request, request.user):
        return False
    if request.belonging.all_by_two_steps:
        return True
    asked_by_role = roles_need_second_factor(role for role, _team in request.belonging.roles)
    return asked_by_role and not is_excused(request.user)
