"""The pages of the programme: charter, groups, progress scores and the self-check."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from aims.models import Aim
from aims.views import AimFiguresMixin
from improvement.actions.programme import (
    CHARTER,
    add_member,
    change_member,
    give_score,
    let_member_go,
    write_charter,
)
from improvement.editions import Collision
from improvement.meetings import members_of
from improvement.models import GroupMember, Programme, ProgressScore
from improvement.programme_forms import CHARTER_LABELS, CharterForm, MemberForm, NewMemberForm, ScoreForm
from improvement.progress import MEANINGS, history_of, unscored_month
from improvement.self_check import self_check, summary_of
from improvement.written_page import UNCHANGED, WrittenPage, edition_in
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can, check_can
from pace_site.look.words import british_date


def programme_of(user) -> Programme | None:
    return Programme.objects.visible_to(user).first()


class ProgrammeView(PermissionRequiredMixin, View):
    """What the programme is, who leads it, and how far it has come."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        user, today = request.user, timezone.localdate()
        row = programme_of(user)
        scores = list(ProgressScore.objects.visible_to(user).select_related("by"))
        members = GroupMember.objects.visible_to(user).filter(left_on=None).select_related("user", "aim")
        members = sorted(members, key=lambda each: (not each.leads, each.called))
        versions = Aim.objects.visible_to(user).exclude(status=Aim.Status.CLOSED).current_versions()
        versions = versions.select_related("aim__lead")
        groups = [
            (version.aim, version.data["title"], [each for each in members if each.aim_id == version.aim_id])
            for version in versions
        ]
        said = [] if row is None else [(CHARTER_LABELS[name][0], _said(row, name)) for name in CHARTER_LABELS]
        context = {
            "section": "improvement",
            "programme": row,
            "charter": [(label, words) for label, words in said if words],
            "unsaid": [label for label, words in said if not words],
            "champions": [each for each in members if each.aim_id is None],
            "groups": groups,
            "latest": next(iter(history_of(scores)), None),
            "unscored": unscored_month(scores, today=today),
        }
        return render(request, "improvement/programme.html", context)


def _said(row: Programme, name: str) -> str:
    value = getattr(row, name)
    return value if isinstance(value, str) else british_date(value) if value else ""


class CharterView(WrittenPage):
    page_file = "charter.html"

    def form(self, data=None):
        return CharterForm(data, row=programme_of(self.request.user))

    def act(self, form):
        changed = write_charter(form.said, edition=form.cleaned_data["edition"], by=self.request.user)
        return "The charter is kept." if changed else UNCHANGED

    def onward(self):
        return reverse("programme")

    def now(self, form, current):
        return {name: getattr(current, name) for name in CHARTER}


class ProgressView(PermissionRequiredMixin, View):
    """Every score that was ever given, what each means, and this month's for who leads."""

    needs = Permission.VIEW_IMPROVEMENT
    keeps_what_was_typed = True

    def get(self, request):
        leads = can(request.user, Permission.LEAD_IMPROVEMENT)
        kept = request.take_kept_form() if leads else None
        form = ScoreForm(kept) if leads else None
        if kept is not None:
            form.is_valid()
        return self.page(form, kept=kept is not None)

    def post(self, request):
        check_can(request.user, Permission.LEAD_IMPROVEMENT)
        form = ScoreForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            row = give_score(**form.said, by=request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, f"The score of {row.month:%B %Y} is {row.score}.")
        return redirect("programme_progress")

    def page(self, form, **context):
        scores = list(ProgressScore.objects.visible_to(self.request.user).select_related("by"))
        context |= {
            "section": "improvement",
            "form": form,
            "history": history_of(scores),
            "meanings": MEANINGS.items(),
            "unscored": unscored_month(scores, today=timezone.localdate()),
        }
        return render(self.request, "improvement/progress.html", context)


class SelfCheckView(AimFiguresMixin, TemplateView):
    """Whether improvement methodology is used here (`domain.md` 6.3)."""

    needs = Permission.VIEW_IMPROVEMENT
    template_name = "improvement/self_check.html"
    extra_context = {"section": "improvement"}

    def get_context_data(self, **context):
        cards = self.cards_of_open_aims()
        answers = self_check(self.request.user, cards=cards, counted=self.counted, day=self.as_at.day)
        return super().get_context_data(answers=answers, summary=summary_of(answers), **context)


class GroupView(PermissionRequiredMixin, View):
    """Who is in the Champions' Group, or in the group of an aim."""

    needs = Permission.VIEW_IMPROVEMENT
    keeps_what_was_typed = True

    @cached_property
    def aim(self) -> Aim | None:
        if "code" not in self.kwargs:
            return None
        aims = Aim.objects.visible_to(self.request.user).select_related("lead")
        found = aims.filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404("There is no such aim.")
        return found

    def get(self, request, **kwargs):
        if not can(request.user, Permission.LEAD_IMPROVEMENT):
            return self.page(None)
        kept = request.take_kept_form()
        form = NewMemberForm(kept, by=request.user, aim=self.aim)
        if kept is not None:
            form.is_valid()
        return self.page(form, kept=kept is not None)

    def post(self, request, **kwargs):
        aim = self.aim
        check_can(request.user, Permission.LEAD_IMPROVEMENT)
        form = NewMemberForm(request.POST, by=request.user, aim=aim)
        if not form.is_valid():
            return self.page(form)
        try:
            member = add_member(aim=aim, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, f"{member.called} is in the group.")
        return redirect(request.path)

    def page(self, form, **context):
        aim, user = self.aim, self.request.user
        members = members_of(user.organisation_id, aim, on=timezone.localdate())
        context |= {
            "section": "improvement",
            "form": form,
            "aim": aim,
            "members": sorted(members, key=lambda each: (not each.leads, each.called)),
            "may_lead": can(user, Permission.LEAD_IMPROVEMENT),
            "may_name_lead": aim is not None and can(user, Permission.MANAGE_AIMS),
        }
        return render(self.request, "improvement/group.html", context)


class MemberView(WrittenPage):
    """What somebody is in a group; and that they leave it."""

    page_file = "member.html"

    @cached_property
    def member(self) -> GroupMember:
        rows = GroupMember.objects.visible_to(self.request.user).select_related("user", "aim", "programme")
        found = rows.filter(pk=self.kwargs["pk"], left_on=None).first()
        if found is None:
            raise Http404("There is no such member.")
        return found

    def form(self, data=None):
        return MemberForm(data, member=self.member)

    def post(self, request, **kwargs):
        member = self.member
        if request.POST.get("what") != "leave":
            return super().post(request, **kwargs)
        try:
            let_member_go(member, edition=edition_in(request.POST), by=request.user)
        except (Collision, ValidationError):
            messages.info(request, "Somebody else has changed this meanwhile. Look at it as it is now.")
            return redirect(self.onward())
        messages.info(request, f"{member.called} has left the group. Past minutes keep naming them.")
        return redirect(self.onward())

    def act(self, form):
        said = {"leads": False} | form.cleaned_data
        changed = change_member(self.member, **said, by=self.request.user)
        return f"What {self.member.called} is in the group is kept." if changed else UNCHANGED

    def onward(self):
        aim = self.member.aim
        return reverse("aim_group", kwargs={"code": aim.code}) if aim else reverse("champions_group")

    def context(self):
        return {"member": self.member}
