"""A page with one form that several people may write into: what was typed is never lost, and nobody is overwritten."""

from abc import ABC, abstractmethod
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.shortcuts import redirect, render, resolve_url
from django.views.generic import View

from improvement.editions import Collision
from improvement.step_forms import RefusableForm
from improvement.step_words import NOTHING
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.words import british_date

UNCHANGED = "Nothing was changed: it says so already."


class WrittenPage(PermissionRequiredMixin, View, ABC):
    """Shows a form and writes it by an action; a page says which form, what it does and where it leads."""

    needs = Permission.LEAD_IMPROVEMENT
    keeps_what_was_typed = True
    page_file: str

    @abstractmethod
    def form(self, data=None) -> RefusableForm: ...

    @abstractmethod
    def act(self, form: RefusableForm) -> str:
        """Do it, and say so; raises `Collision` and `ValidationError`."""

    @abstractmethod
    def onward(self):
        """Where it leads, in the shape that `redirect` takes."""

    def now(self, form: RefusableForm, current: Model) -> dict:
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

    def collided(self, form: RefusableForm, current: Model):
        now, found = self.now(form, current), []
        for name, field in form.fields.items():
            if name == "edition":
                continue
            before, typed = (worded(field, value) for value in (now.get(name), form.cleaned_data.get(name)))
            if before != typed:
                found.append((field.label, before, typed))
        form.data = form.data.copy()
        form.data["edition"] = current.edition
        return self.page(form, collided=True, differences=found)

    def page(self, form: RefusableForm, **context):
        shared = {"section": "improvement", "form": form, "back": resolve_url(self.back())} | self.context()
        return render(self.request, f"improvement/{self.page_file}", shared | context)

    def back(self):
        """Where one leaves without saving to; the page after saving unless said otherwise."""
        return self.onward()


def worded(field: forms.Field, value) -> str:
    """The value of a field, as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return british_date(value)
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
        value = dict(flat(field.choices)).get(str(value or ""), value)
    return str(value or NOTHING).replace("\r\n", "\n").strip()


def flat(choices) -> list[tuple[str, str]]:
    """The choices of a field without their groups."""
    found = []
    for key, label in choices:
        found += flat(label) if isinstance(label, list | tuple) else [(str(key), label)]
    return found
