"""Where each person starts."""

from django.shortcuts import redirect
from django.views.generic import TemplateView

from pace_site.accounts.permissions import Permission, can


class HomeView(TemplateView):
    """The aims for whoever may see them; otherwise a page that says what the person's role is for."""

    template_name = "front/home.html"

    def get(self, request, *args, **kwargs):
        if can(request.user, Permission.VIEW_AIMS):
            return redirect("aims")
        return super().get(request, *args, **kwargs)
