"""The pages on which a PACE lead writes the definition of an aim: a new one, or the next version of one."""

from abc import ABC, abstractmethod
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from aims.activation import NO_FROM_DATE, suggested_code, wants_from_date
from aims.aim_templates import aim_templates
from aims.definition import AimDefinition
from aims.definition_effects import Effects, effects_of
from aims.definition_form import DefinitionForm
from aims.manage_actions import AimCollision, change_definition, start_aim
from aims.manage_views import ManagesAims
from aims.models import Aim
from aims.version_words import changes_but_status
from children.models import Child

BLANK = "blank"


class DefinitionPage(ManagesAims, ABC):
    """Shows a definition's form, says what it does to the figures, and writes it once that has been seen."""

    @abstractmethod
    def build(self, data=None) -> DefinitionForm: ...

    @abstractmethod
    def write(self, form: DefinitionForm): ...

    def before(self) -> AimDefinition | None:
        """What the figures are compared with."""
        return None

    def post(self, request, **_address):
        form = self.build(request.POST)
        if not form.is_valid():
            return self.page(form)
        if form.cleaned_data["seen"] != form.sign:
            return self.seen(form)
        try:
            return self.write(form)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)

    def seen(self, form: DefinitionForm):
        """The form again, with what it would do: nothing is written yet."""
        definition = form.cleaned_data["definition"]
        form.carry(seen=form.sign)
        return self.page(form, effects=self.effects(definition), definition=definition)

    def effects(self, definition: AimDefinition) -> Effects:
        children = Child.objects.countable_by(self.request.user)
        return effects_of(self.before(), definition, children=children, as_at=timezone.localdate())

    def page(self, form: DefinitionForm, *, definition: AimDefinition | None = None, **context):
        warning = NO_FROM_DATE if definition is not None and wants_from_date(definition) else ""
        return self.show("definition_form.html", form=form, warning=warning, **self.context(), **context)

    def context(self) -> dict:
        return {}


class AimNewView(DefinitionPage):
    """Begin an aim: from a national template, from a published local aim, or from nothing."""

    @property
    def begun_from(self) -> str:
        return self.request.GET.get("from", "")

    def get(self, request):
        if not self.begun_from:
            templates = aim_templates().values()
            return self.show(
                "templates.html",
                national=[each for each in templates if each.is_national],
                local=[each for each in templates if not each.is_national],
                used=self.taken_codes,
            )
        return self.page(self.build())

    def build(self, data=None):
        if self.begun_from in ("", BLANK):
            return DefinitionForm(data, current=None)
        template = aim_templates().get(self.begun_from)
        if template is None:
            raise Http404("There is no such template.")
        code = suggested_code(template.definition.code, self.taken_codes)
        return DefinitionForm(data, current=replace(template.definition, code=code, status="draft"))

    def seen(self, form):
        if form.cleaned_data["definition"].code.lower() in self.taken_codes:
            form.add_error("code", "There is an aim with this code already. Give this one another.")
            return self.page(form)
        return super().seen(form)

    def write(self, form):
        version = start_aim(form.cleaned_data["definition"], by=self.request.user)
        messages.info(self.request, f"{version.aim.code} is kept as a draft. Activate it when it says what you want.")
        return redirect("aim_manage", code=version.aim.code)

    def context(self):
        return {"template": aim_templates().get(self.begun_from)}


class AimEditView(DefinitionPage):
    """Change what an aim says: the next version of it."""

    def get(self, request, code):
        return self.page(self.build())

    def build(self, data=None):
        current = replace(self.current.definition, status=self.aim.status)
        prefilled = {name: self.request.GET[name] for name in ("from_date",) if name in self.request.GET}
        return DefinitionForm(data, current=current, number=self.current.number, initial=prefilled)

    def before(self):
        return self.current.definition

    def seen(self, form):
        definition = form.cleaned_data["definition"]
        if form.cleaned_data["version"] != self.current.number:
            return self.collided(form)
        if not changes_but_status(self.current.definition, definition):
            messages.info(self.request, f"Nothing was changed: version {self.current.number} says this already.")
            return redirect("aim_manage", code=self.aim.code)
        return super().seen(form)

    def write(self, form):
        try:
            version = change_definition(
                self.aim,
                form.cleaned_data["definition"],
                opened_at=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                by=self.request.user,
            )
        except AimCollision as collision:
            self.current = collision.current
            return self.collided(form)
        if version is not None:
            messages.info(self.request, f"Saved as version {version.number}. Reports issued so far keep theirs.")
        return redirect("aim_manage", code=self.aim.code)

    def collided(self, form):
        """Both versions side by side; the person's own stays in the form, ready to be looked at and saved over."""
        differences = changes_but_status(self.current.definition, form.cleaned_data["definition"])
        form.carry(version=self.current.number, seen="")
        return self.page(form, collided=True, differences=differences)

    def context(self):
        return {"aim": self.aim, "current": self.current, "is_active": self.aim.status == Aim.Status.ACTIVE}
