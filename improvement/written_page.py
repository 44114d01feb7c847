"""A page with one form that several people may write into: what was typed is never lost, and nobody is overwritten."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.shortcuts import redirect, render, resolve_url
from django.views.generic import View

from improvement.editions import Collision
from improvement.written_form import WrittenForm
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.asked import whole_number

UNCHANGED = "Nothing was changed: it says so already."


def edition_in(data: Mapping[str, str]) -> int:
    """The edition that a button carries; 0, which no row has, for what is no number."""
    return whole_number(data.get("edition", "")) or 0


class WrittenPage(PermissionRequiredMixin, View, ABC):
    """Shows a form and writes it by an action; a page says which form, what it does and where it leads."""

    needs = Permission.LEAD_IMPROVEMENT
    keeps_what_was_typed = True
    page_file: str

    @abstractmethod
    def form(self, data=None) -> WrittenForm: ...

    @abstractmethod
    def act(self, form: WrittenForm) -> str:
        """Do it, and say so; raises `Collision` and `ValidationError`."""

    @abstractmethod
    def onward(self):
        """Where it leads, in the shape that `redirect` takes."""

    def now(self, form: WrittenForm, current: Model) -> dict:
        """What the fields of the form say of the row as it is now."""
        return {name: getattr(current, name, "") for name in form.fields}

    def context(self) -> dict:
        return {}

    def get(self, request, **kwargs):
        kept = request.take_kept_form()
        form = self.form(kept)
        if kept is not None:
            form.is_valid()
        return self.page(form, kept=kept is not None)

    def post(self, request, **kwargs):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            done = self.act(form)
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, done)
        return redirect(self.onward())

    def collided(self, form: WrittenForm, current: Model):
        typed = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
        differences = form.beside(self.now(form, current), typed)
        form.send_again_over(current)
        return self.page(form, collided=True, differences=differences)

    def page(self, form: WrittenForm, **context):
        shared = {"section": "improvement", "form": form, "back": resolve_url(self.back())} | self.context()
        return render(self.request, f"improvement/{self.page_file}", shared | context)

    def back(self):
        """Where one leaves without saving to; the page after saving unless said otherwise."""
        return self.onward()
