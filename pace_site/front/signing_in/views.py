"""The pages of signing in that are our own; the others are allauth's in our look."""

from allauth.account.views import PasswordResetView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.generic import View

from pace_site.accounts.belonging import seconds_left
from pace_site.accounts.middleware import lacks_second_factor
from pace_site.accounts.models import SET_UP_DAYS
from pace_site.accounts.second_factor import may_change_factors, roles_need_second_factor
from pace_site.accounts.sign_in import sends_mail
from pace_site.front.signing_in.actions import sign_out_everywhere


class SignInOfMineView(IndexView):
    """How one signs in: the second step, recovery codes, and signing out everywhere."""

    template_name = "account/my_sign_in.html"

    def get_context_data(self, **kwargs):
        factors = Authenticator.objects.filter(user=self.request.user).order_by("created_at")
        kinds, belonging = Authenticator.Type, self.request.belonging
        codes = next((factor for factor in factors if factor.type == kinds.RECOVERY_CODES), None)
        return super().get_context_data(
            app=next((factor for factor in factors if factor.type == kinds.TOTP), None),
            passkeys=[factor.wrap() for factor in factors if factor.type == kinds.WEBAUTHN],
            has_codes=codes is not None,
            codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
            must=belonging.all_by_two_steps or roles_need_second_factor(role for role, _team in belonging.roles),
            everybody=belonging.all_by_two_steps,
            set_up_days=SET_UP_DAYS,
            held_up=lacks_second_factor(self.request),
            closed=not may_change_factors(self.request),
            **kwargs,
        )


class SignOutEverywhereView(View):
    """Ends all sessions of whoever asks, this one too."""

    http_method_names = ["post"]

    def post(self, request):
        sign_out_everywhere(request.user, by=request.user)
        logout(request)
        return redirect("account_login")


class SessionLeftView(View):
    """How long the session still lasts, for the warning. Who wants to stay asks too: any request by a person is use."""

    http_method_names = ["get"]

    def get(self, request):
        response = JsonResponse({"seconds": seconds_left(request)})
        response["Cache-Control"] = "no-store"
        return response


class RemovePasskeyView(RemoveWebAuthnView):
    """Removes one's own passkey; of anybody else's nothing is said, not even that one must confirm who one is."""

    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request, *args, **kwargs):
        get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class ForgottenPasswordView(PasswordResetView):
    """Sends a link, where mail leaves this installation; otherwise says whom to ask, whoever asks."""

    def dispatch(self, request, *args, **kwargs):
        if not sends_mail():
            return render(request, "account/password_reset_closed.html")
        return super().dispatch(request, *args, **kwargs)
