"""The help: with one page, for one's roles, and every word. `?of=` names the page from which somebody came."""

from django.shortcuts import render
from django.views.generic import View

from pace_site.accounts.permissions import roles_of
from pace_site.front.help.helping import help_for, help_with
from pace_site.front.search.page_names import PAGES
from pace_site.look.glossary import glossary

NAMES = {page.address: page.name for page in PAGES} | {
    "aim": "An aim",
    "child": "A child's page",
    "record": "Recording what happened",
}


class HelpView(View):
    def get(self, request):
        page, roles = request.GET.get("of", ""), roles_of(request.user)
        context = {
            "section": "help",
            "page": help_with(page, roles),
            "page_name": NAMES.get(page, ""),
            "by_role": help_for(roles),
            "terms": glossary().values(),
        }
        return render(request, "front/help/help.html", context)
