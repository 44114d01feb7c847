"""The pages of what meetings agree: a new action, and one action that its owner says is done."""

from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from improvement.actions.agreed import agree_action, change_action, complete_action, reopen_action
from improvement.editions import Collision
from improvement.meeting_forms import AgreedActionForm, DoneForm
from improvement.meeting_views import WritesOneMeeting
from improvement.models import Action
from improvement.owners import chosen_of
from improvement.pseudonyms import pseudonyms_for
from improvement.written_page import UNCHANGED, WrittenPage, edition_in
from pace_site.accounts.permissions import Permission, can, check_can

WORK = "work"


class ActionNewView(WritesOneMeeting):
    """Write down what a meeting agreed that somebody does."""

    page_file = "entry_form.html"

    def form(self, data=None):
        return AgreedActionForm(data, by=self.request.user)

    def act(self, form):
        action = agree_action(self.meeting, **form.said, by=self.request.user)
        return f"Agreed: {action.owned_by} does it. Whoever signs in finds it in My work."

    def context(self):
        return {"heading": f"Add an action: {self.meeting}", "back_to": self.meeting}


class ActionView(WrittenPage):
    """One action: read by everybody, put right by who leads, and done by its owner or who leads."""

    needs = Permission.VIEW_IMPROVEMENT
    page_file = "action.html"

    @cached_property
    def action(self) -> Action:
        rows = Action.objects.visible_to(self.request.user).select_related("owner", "meeting__aim", "done_by")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such action.")
        return found

    @cached_property
    def may_do(self) -> bool:
        return Action.objects.editable_by(self.request.user).filter(pk=self.action.pk).exists()

    @property
    def may_change(self) -> bool:
        return can(self.request.user, Permission.LEAD_IMPROVEMENT) and self.action.done_on is None

    def form(self, data=None):
        if not self.may_change:
            return None
        return AgreedActionForm(data, by=self.request.user, action=self.action)

    def get(self, request, pk):
        action = self.action
        kept = request.take_kept_form() if self.may_do else None
        if kept is None:
            return self.page(self.form())
        if kept.get("what") == "done":
            done = DoneForm(kept, auto_id="done_%s")
            done.is_valid()
            return self.page(self.form(), done_form=done, kept=True)
        form = self.form(kept)
        if form is None:
            return redirect(action)
        form.is_valid()
        return self.page(form, kept=True)

    def post(self, request, pk):
        action, what = self.action, request.POST.get("what", "")
        if what in ("done", "reopen"):
            return self.done() if what == "done" else self.reopen()
        check_can(request.user, Permission.LEAD_IMPROVEMENT)
        if not self.may_change:
            messages.info(request, "This action is done, so it stays as it was.")
            return redirect(action)
        return super().post(request)

    def act(self, form):
        edition = form.cleaned_data["edition"] or 0
        changed = change_action(self.action, form.said, edition=edition, by=self.request.user)
        return "The action is changed." if changed else UNCHANGED

    def done(self):
        if not self.may_do:
            raise PermissionDenied("Its owner says that it is done, or who leads improvement.")
        form = DoneForm(self.request.POST, auto_id="done_%s")
        why = "Somebody else has changed this action meanwhile. Look at it, then say that it is done."
        if not form.carried_out(partial(complete_action, self.action, by=self.request.user), why=why):
            return self.page(self.form(), done_form=form)
        messages.info(self.request, "Done. The next meeting hears of it.")
        return redirect(f"{reverse('home')}?show=work" if self.request.POST.get("from") == WORK else self.action)

    def reopen(self):
        try:
            reopen_action(self.action, edition=edition_in(self.request.POST), by=self.request.user)
            words = "The action is open again."
        except Collision:
            words = "Somebody else has changed this action meanwhile. Look at it as it is now."
        except ValidationError as error:
            words = " ".join(error.messages)
        messages.info(self.request, words)
        return redirect(self.action)

    def onward(self):
        return self.action

    def back(self):
        return self.action.meeting

    def now(self, form, current):
        return {"text": current.text, "due_on": current.due_on, "owner": chosen_of(current)}

    def page(self, form, **context):
        action, today = self.action, timezone.localdate()
        words = pseudonyms_for(self.request.user, [action.text, action.outcome])
        done = DoneForm(initial={"edition": action.edition}, auto_id="done_%s")
        shared = {
            "section": "improvement",
            "action": action,
            "text": words(action.text),
            "outcome": words(action.outcome),
            "is_overdue": action.done_on is None and action.due_on < today,
            "form": form,
            "done_form": done if self.may_do and action.done_on is None else None,
            "may_reopen": self.may_do and action.done_on is not None,
        }
        return render(self.request, "improvement/action.html", shared | context)
