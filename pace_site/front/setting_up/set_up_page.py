"""The page that sets up a fresh site; it is there while nobody has an account, and answers 404 ever after."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from pace_site.accounts.command_line import acting_as
from pace_site.front.setting_up.actions import AlreadySetUp, is_fresh, set_up
from pace_site.front.setting_up.set_up_forms import SetUpForm

ACTOR = "set-up page"


@method_decorator([login_not_required, never_cache, sensitive_post_parameters()], name="dispatch")
class SetUpView(View):
    def dispatch(self, request, *args, **kwargs):
        if not is_fresh():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(request, SetUpForm())

    def post(self, request):
        form = SetUpForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        chosen = form.cleaned_data
        try:
            with acting_as(ACTOR):
                person = set_up(
                    chosen["authority"], administrator=form.administrator, teams=chosen["teams"], aims=chosen["aims"]
                )
        except AlreadySetUp:
            raise Http404 from None
        return render(request, "front/set_up/done.html", {"person": person, "aims": chosen["aims"]})

    def page(self, request, form: SetUpForm):
        national = [(template, ticked) for template, ticked in form.offered if template.is_national]
        local = [(template, ticked) for template, ticked in form.offered if not template.is_national]
        context = {"form": form, "national": national, "local": local, "local_open": any(on for _t, on in local)}
        return render(request, "front/set_up/set_up.html", context)
