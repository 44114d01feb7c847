"""The page on which an authority opens its feed to other programs, and what is written for who sets them up."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from aims.feed.access import REQUESTS_A_MINUTE
from aims.feed.actions import make_token, revoke_token, switch_feed
from aims.feed.documents import FORMATS
from aims.models import FeedSwitch, FeedToken, PublishedMonth
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.reports.feed_forms import TokenForm
from pace_site.look.asked import row_asked

# What is written of the feed: the name of the file, and its kind.
DOCUMENTATION = {"feed.md": "text/plain; charset=utf-8", "feed.schema.json": "application/schema+json"}


class FeedPageView(PermissionRequiredMixin, View):
    """Switch the feed on and off, make tokens and revoke them."""

    needs = Permission.MANAGE_FEED
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        match request.POST.get("what"):
            case "on":
                switch_feed(on=True, by=request.user)
                messages.info(request, "The feed is on. Programs that hold a token can read it.")
            case "off":
                switch_feed(on=False, by=request.user)
                messages.info(request, "The feed is off. No program can read it; the tokens are kept.")
            case "revoke":
                self.revoke(request.POST.get("token", ""))
            case _:
                return self.make(TokenForm(request.POST))
        return redirect("feed")

    def revoke(self, key: str) -> None:
        token = row_asked(FeedToken.objects.visible_to(self.request.user), key)
        if token is None:
            raise Http404("There is no such token.")
        revoke_token(token, by=self.request.user)
        messages.info(self.request, f"The token “{token.label}” is revoked. It lets nobody in any more.")

    def make(self, form: TokenForm) -> HttpResponse:
        if not form.is_valid():
            return self.page(form)
        try:
            token, text = make_token(**form.cleaned_data, by=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        # Shown in this answer and never again: not even the session holds it.
        return self.page(TokenForm(), made=token, text=text)

    def page(self, form: TokenForm, *, made: FeedToken | None = None, text: str = "") -> HttpResponse:
        user = self.request.user
        tokens = FeedToken.objects.visible_to(user).select_related("made_by", "revoked_by")
        context = {
            "section": "reports",
            "form": form,
            "switch": FeedSwitch.objects.visible_to(user).select_related("switched_by").first(),
            "tokens": tokens,
            "latest": PublishedMonth.objects.visible_to(user).standing().first(),
            "made": made,
            "text": text,
            "address": settings.SITE_URL + reverse("feed_aims", kwargs={"file_format": "csv"}),
            "addresses": addresses(),
            "documentation": DOCUMENTATION,
            "requests_a_minute": REQUESTS_A_MINUTE,
        }
        response = render(self.request, "front/reports/feed.html", context)
        response["Cache-Control"] = "private, no-store"
        return response


class FeedDocumentationView(PermissionRequiredMixin, View):
    """A file of the documentation, to be handed to who sets the other program up."""

    needs = Permission.MANAGE_FEED
    http_method_names = ["get"]

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        if name not in DOCUMENTATION:
            raise Http404("There is no such file.")
        body = (settings.BASE_DIR / "docs" / name).read_bytes()
        return HttpResponse(body, content_type=DOCUMENTATION[name])


def addresses() -> list[tuple[str, list[str]]]:
    """What the feed gives, and the addresses of it in each format."""

    def of(name: str, **more: str) -> list[str]:
        return [settings.SITE_URL + reverse(name, kwargs={"file_format": each, **more}) for each in FORMATS]

    return [
        ("Every month of every aim", of("feed_aims")),
        ("Every month of one aim, by its code", of("feed_aim", code="CODE")),
        ("What the columns mean", of("feed_dictionary")),
    ]
