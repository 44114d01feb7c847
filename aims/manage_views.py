"""The pages on which a PACE lead sees all aims, and one with its versions and what can be done with it."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from aims.activation import (
    NO_FROM_DATE,
    backlog_twin,
    is_twin_of,
    may_have_twin,
    needed_to_activate,
    suggested_code,
    wants_from_date,
)
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.manage_actions import AimCollision, activate, close, reopen, set_group, start_aim
from aims.manage_forms import GroupForm, ReasonForm, TwinForm
from aims.models import Aim, AimVersion
from aims.version_words import LABELS, Change, changes
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.asked import whole_number
from pace_site.look.words import british_date


@dataclass(frozen=True)
class PastVersion:
    """One version of an aim and what it changed of the one before it."""

    version: AimVersion
    changes: list[Change]


class ManagesAims(PermissionRequiredMixin, View):
    """A page on which aims of one's own authority are managed."""

    needs = Permission.MANAGE_AIMS

    @cached_property
    def aim(self) -> Aim:
        rows = Aim.objects.visible_to(self.request.user).select_related("lead", "authority")
        aim = rows.filter(code=self.kwargs["code"]).first()
        if aim is None:
            raise Http404("There is no such aim.")
        return aim

    @cached_property
    def current(self) -> AimVersion:
        return self.aim.versions.select_related("by").last()

    @cached_property
    def others(self) -> list[AimVersion]:
        """The current versions of all aims of the authority."""
        return list(Aim.objects.visible_to(self.request.user).current_versions())

    @property
    def taken_codes(self) -> set[str]:
        return {version.aim.code.lower() for version in self.others}

    def show(self, page_file: str, **context):
        return render(self.request, f"aims/manage/{page_file}", {"section": "aims", **context})


class AimsManageView(ManagesAims):
    """Every aim of the authority: drafts, active and closed ones."""

    def get(self, request):
        aims = Aim.objects.visible_to(request.user)
        versions = list(aims.current_versions().select_related("aim__lead", "by"))
        rows = [(version, version.definition) for version in versions]
        return self.show(
            "aims.html",
            rows=[(version, definition, wants_from_date(definition)) for version, definition in rows],
        )


class AimManageView(ManagesAims):
    """One aim: where it stands, who leads it, its versions, and what can be done with it."""

    def get(self, request, code):
        return self.page()

    def post(self, request, code):
        acts = {
            "activate": self.activate,
            "close": self.close,
            "reopen": self.reopen,
            "group": self.regroup,
            "twin": self.make_twin,
        }
        act = acts.get(request.POST.get("what", ""))
        if act is None:
            raise Http404("There is no such form.")
        try:
            return act()
        except AimCollision as collision:
            self.current = collision.current
            typed = ReasonForm(request.POST) if request.POST.get("what") == "close" else None
            words = f"Somebody else has made version {self.current.number} meanwhile. Look at it before you go on."
            return self.page(problems=[("", words)], reason_form=typed)
        except ValidationError as error:
            return self.page(problems=_problems(error))

    @property
    def opened_at(self) -> int:
        return whole_number(self.request.POST.get("version", "")) or 0

    def activate(self):
        activate(self.aim, opened_at=self.opened_at, by=self.request.user)
        return self.done(f"{self.aim.code} is active: its figures are claimed and people are reminded.")

    def close(self):
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self.page(reason_form=form)
        close(self.aim, opened_at=self.opened_at, by=self.request.user, **form.cleaned_data)
        return self.done(f"{self.aim.code} is closed. Its history and its reports stay.")

    def reopen(self):
        reopen(self.aim, opened_at=self.opened_at, by=self.request.user)
        return self.done(f"{self.aim.code} is a draft again.")

    def regroup(self):
        form = GroupForm(self.request.POST, by=self.request.user)
        if not form.is_valid():
            return self.page(group_form=form)
        if form.cleaned_data["was"] != _group_of(self.aim):
            form.data = form.data.copy()
            form.data["was"] = _group_of(self.aim)
            now = f"{self.aim.group or 'no group'}, led by {self.aim.lead or 'nobody'}"
            form.add_error(None, f"Somebody else has changed this meanwhile: now it is {now}. Save to replace it.")
            return self.page(group_form=form)
        set_group(self.aim, group=form.cleaned_data["group"], lead=form.cleaned_data["lead"], by=self.request.user)
        return self.done("Group and lead are kept.")

    def make_twin(self):
        definition = self.current.definition
        form = TwinForm(self.request.POST)
        if not may_have_twin(definition):
            raise ValidationError("This aim has a backlog of its own, or none.")
        if not form.is_valid():
            return self.page(twin_form=form)
        before = definition.from_date or form.cleaned_data["before"]
        code = suggested_code(f"{definition.code[:18]}-B", self.taken_codes)
        version = start_aim(backlog_twin(definition, before=before, code=code), by=self.request.user)
        words = f"{version.aim.code} is made as a draft for those who started before {british_date(before)}."
        words += " Choose its deadline."
        if definition.from_date is None:
            words += f" Then let {self.aim.code} count from that day."
        messages.info(self.request, words)
        return redirect("aim_edit", code=version.aim.code)

    def done(self, words: str):
        messages.info(self.request, words)
        return redirect("aim_manage", code=self.aim.code)

    def page(self, *, problems=(), reason_form=None, group_form=None, twin_form=None):
        definition = self.current.definition
        initial = {"group": self.aim.group, "lead": self.aim.lead_id, "was": _group_of(self.aim)}
        # A backlog is beside another aim, not beside itself.
        twins = [other for other in self.others if is_twin_of(other.definition, definition)]
        twins = [] if definition.is_backlog else twins
        return self.show(
            "aim.html",
            aim=self.aim,
            current=self.current,
            definition=definition,
            definition_words=definition_in_words(definition),
            needed=[(LABELS[name], words) for name, words in needed_to_activate(definition).items()],
            warning=NO_FROM_DATE if wants_from_date(definition) and self.aim.status != Aim.Status.CLOSED else "",
            offers_twin=may_have_twin(definition) and not twins and self.aim.status != Aim.Status.CLOSED,
            twins=twins,
            count_from=self._count_from(definition, twins),
            versions=self._versions(),
            problems=problems,
            reason_form=reason_form or ReasonForm(),
            group_form=group_form or GroupForm(initial=initial, by=self.request.user),
            twin_form=twin_form or TwinForm(initial={"before": definition.from_date or timezone.localdate()}),
        )

    def _count_from(self, definition: AimDefinition, twins: list[AimVersion]) -> str:
        """Where to set the from-date that the backlog beside the aim begins before; empty where it is set."""
        if definition.from_date is not None or not twins:
            return ""
        day = twins[-1].definition.before_date
        return f"{reverse('aim_edit', kwargs={'code': self.aim.code})}?from_date={day.isoformat()}"

    def _versions(self) -> list[PastVersion]:
        """The newest first."""
        versions = list(self.aim.versions.select_related("by"))
        past = [PastVersion(versions[0], [])]
        for earlier, later in zip(versions, versions[1:], strict=False):
            past.append(PastVersion(later, changes(earlier.definition, later.definition)))
        return past[::-1]


def _group_of(aim: Aim) -> str:
    return f"{aim.lead_id or ''}:{aim.group}"


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    """What was refused, as (field in words, why)."""
    if not hasattr(error, "error_dict"):
        return [("", words) for words in error.messages]
    return [(LABELS.get(field, ""), words) for field, said in error.message_dict.items() for words in said]
