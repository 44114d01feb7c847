"""The pages of meetings: all of them, one of them with its agenda and minutes, and the forms that write it."""

from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from aims.models import Aim
from improvement.actions.meetings import (
    answer_invitation,
    call_off_meeting,
    change_meeting,
    close_minutes,
    plan_meeting,
    reopen_minutes,
    set_agenda,
    write_minutes,
)
from improvement.editions import Collision
from improvement.meeting_forms import AgendaForm, MeetingForm, MinutesForm
from improvement.meetings import before, carried_over, group_of, since_of
from improvement.models import Action, Attendance, Meeting
from improvement.models.meetings import MeetingState
from improvement.pseudonyms import pseudonyms_for
from improvement.written_form import ReasonForm
from improvement.written_page import UNCHANGED, WrittenPage, edition_in
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can, check_can
from pace_site.look.words import british_date, count_of

MEANWHILE = "Somebody else has changed this meeting meanwhile. Look at it as it is now."


class MeetingsView(PermissionRequiredMixin, View):
    """What comes, what was, and what is still to be done."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        today = timezone.localdate()
        rows = Meeting.objects.visible_to(request.user).select_related("aim", "chair__user")
        rows = list(rows.prefetch_related("items", "attendance"))
        coming = [each for each in rows if each.state == MeetingState.PLANNED and each.on >= today]
        actions = Action.objects.visible_to(request.user).filter(done_on=None).select_related("owner", "meeting__aim")
        actions = list(actions.order_by("due_on", "pk"))
        words = pseudonyms_for(request.user, [each.text for each in actions])
        overdue = sum(each.due_on < today for each in actions)
        context = {
            "section": "improvement",
            "headline": meetings_headline(coming),
            "coming": sorted(coming, key=lambda each: (each.on, each.pk)),
            "past": [each for each in rows if each not in coming],
            "actions": [(each, words(each.text), each.due_on < today) for each in actions],
            "overdue": overdue,
        }
        return render(request, "improvement/meetings.html", context)


def meetings_headline(coming: list[Meeting]) -> str:
    if not coming:
        return "No meeting is planned"
    soonest = min(coming, key=lambda each: (each.on, each.pk))
    more = len(coming) - 1
    later = f", and {count_of(more, 'other', 'others')} later" if more else ""
    return f"Next: {soonest.group_name} on {british_date(soonest.on)}{later}"


class MeetingNewView(WrittenPage):
    page_file = "meeting_form.html"
    planned: Meeting | None = None

    def form(self, data=None):
        return MeetingForm(data, by=self.request.user)

    def act(self, form):
        key = form.cleaned_data["aim"]
        aim = Aim.objects.visible_to(self.request.user).get(pk=key) if key else None
        self.planned = plan_meeting(aim=aim, **form.said, by=self.request.user)
        return "The meeting is planned, with the usual agenda."

    def onward(self):
        return self.planned or reverse("meetings")


class OfOneMeeting:
    """Finds the meeting that the address names, within the person's own authority."""

    @cached_property
    def meeting(self) -> Meeting:
        rows = Meeting.objects.visible_to(self.request.user)
        rows = rows.select_related("authority", "aim", "chair__user", "chair__aim", "closed_by", "pack_kept_by")
        found = rows.prefetch_related("items", "attendance__member__user").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such meeting.")
        return found

    @cached_property
    def members(self):
        """Who belongs to the group, and whoever is named in the attendance."""
        rows = {member.pk: member for member in group_of(self.meeting)}
        rows |= {each.member_id: each.member for each in self.meeting.attendance.all()}
        return sorted(rows.values(), key=lambda each: (not each.leads, each.called))


class WritesOneMeeting(OfOneMeeting, WrittenPage):
    """A form about one meeting; there is none once nothing more is written into it."""

    def get(self, request, **kwargs):
        if not self.meeting.takes_minutes:
            return redirect(self.meeting)
        return super().get(request, **kwargs)

    def onward(self):
        return self.meeting

    def context(self):
        return {"meeting": self.meeting}


class MeetingEditView(WritesOneMeeting):
    """Say anew when and where it is, or call it off."""

    page_file = "meeting_form.html"

    def form(self, data=None):
        return MeetingForm(data, by=self.request.user, meeting=self.meeting)

    def act(self, form):
        edition = form.cleaned_data["edition"] or 0
        changed = change_meeting(self.meeting, form.said, edition=edition, by=self.request.user)
        return "The meeting is changed." if changed else UNCHANGED

    def post(self, request, **kwargs):
        meeting = self.meeting
        if request.POST.get("what") != "call_off":
            return super().post(request, **kwargs)
        form = ReasonForm(request.POST, auto_id="call_off_%s")
        if not form.carried_out(partial(call_off_meeting, meeting, by=request.user), why=MEANWHILE):
            return self.page(self.form(), reason_form=form)
        messages.info(request, "The meeting is called off.")
        return redirect(meeting)

    def page(self, form, **context):
        meeting = self.meeting
        if meeting.state == MeetingState.PLANNED:
            empty = ReasonForm(initial={"edition": meeting.edition}, auto_id="call_off_%s")
            context = {"reason_form": empty} | context
        return super().page(form, **context)


class AgendaView(WritesOneMeeting):
    page_file = "agenda_form.html"

    def form(self, data=None):
        return AgendaForm(data, meeting=self.meeting)

    def act(self, form):
        changed = set_agenda(self.meeting, form.said, edition=form.cleaned_data["edition"], by=self.request.user)
        return "The agenda is kept." if changed else UNCHANGED

    def collided(self, form, current):
        """The agenda as it is now beside the one that was typed, whole, as places alone say little."""
        now = "\n".join(f"{number}. {item.title}" for number, item in enumerate(current.items.all(), 1))
        typed = "\n".join(f"{number}. {title}" for number, (_key, title) in enumerate(form.said, 1))
        fresh = AgendaForm(meeting=current)
        differences = [("Agenda", now, typed)] if now != typed else []
        return self.page(fresh, collided=True, differences=differences)


class MinutesWriteView(WritesOneMeeting):
    """Who came, what was said and what was decided."""

    page_file = "minutes_form.html"

    def form(self, data=None):
        return MinutesForm(data, meeting=self.meeting, members=self.members)

    def act(self, form):
        edition = form.cleaned_data["edition"]
        changed = write_minutes(self.meeting, **form.said, edition=edition, by=self.request.user)
        return "The minutes are kept." if changed else UNCHANGED

    def now(self, form, current):
        there = {f"answer_{each.member_id}": each.answer for each in current.attendance.all()}
        said = {f"notes_{item.pk}": item.notes for item in current.items.all()}
        said |= {f"decisions_{item.pk}": item.decisions for item in current.items.all()}
        return there | said | {"guests": current.guests}


class MeetingView(OfOneMeeting, PermissionRequiredMixin, View):
    """One meeting: who comes, what is on the agenda, what was said, and what is to be done."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request, pk):
        meeting, user, today = self.meeting, request.user, timezone.localdate()
        carried, agreed = list(carried_over(meeting)), list(meeting.actions.select_related("owner"))
        items = list(meeting.items.all())
        texts = [each.text for each in [*carried, *agreed]] + [each.outcome for each in [*carried, *agreed]]
        texts += [text for item in items for text in (item.notes, item.decisions)]
        words = pseudonyms_for(user, [*texts, meeting.guests])
        mine = next((each for each in self.members if each.user_id == user.pk), None)
        answers = {each.member_id: each for each in meeting.attendance.all()}
        leads = can(user, Permission.LEAD_IMPROVEMENT)
        context = {
            "section": "improvement",
            "meeting": meeting,
            "items": [(item, words(item.notes), words(item.decisions)) for item in items],
            "carried": [_action(each, words, today) for each in carried],
            "agreed": [_action(each, words, today) for each in agreed],
            "guests": words(meeting.guests),
            "attendance": [(each, answers.get(each.pk)) for each in self.members],
            "mine": mine if meeting.state == MeetingState.PLANNED and meeting.on >= today else None,
            "my_answer": answers.get(mine.pk) if mine else None,
            "lacks_minutes": meeting.state == MeetingState.PLANNED and meeting.on < today,
            "previous": before(meeting).first(),
            "wall": f"{reverse('meeting_view')}?as_at={min(meeting.on, today)}&since={since_of(meeting)}",
            "may_lead": leads,
            "may_write": leads and meeting.takes_minutes,
            "may_close": leads and meeting.state == MeetingState.HELD and meeting.on <= today,
        }
        return render(request, "improvement/meeting.html", context)

    def post(self, request, pk):
        meeting, what = self.meeting, request.POST.get("what", "")
        try:
            if what in (Attendance.Answer.WILL_COME, Attendance.Answer.APOLOGIES):
                answer_invitation(meeting, answer=what, by=request.user)
                words = "You said that you will come." if what == "will_come" else "Your apologies are noted."
            elif what in ("close", "reopen"):
                check_can(request.user, Permission.LEAD_IMPROVEMENT)
                act = close_minutes if what == "close" else reopen_minutes
                act(meeting, edition=edition_in(request.POST), by=request.user)
                words = "The minutes are closed." if what == "close" else "The minutes are open again."
            else:
                raise PermissionDenied("This is nothing that can be done with a meeting.")
        except Collision:
            words = MEANWHILE
        except ValidationError as error:
            words = " ".join(error.messages)
        messages.info(request, words)
        return redirect(meeting)


def _action(action: Action, words, today) -> dict:
    """An action as a table shows it."""
    return {
        "row": action,
        "text": words(action.text),
        "outcome": words(action.outcome),
        "is_overdue": action.done_on is None and action.due_on < today,
    }
