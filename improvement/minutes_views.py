"""The minutes of a meeting: as text to copy, and as PDF."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.generic import View

from improvement.meeting_views import OfOneMeeting
from improvement.meetings import carried_over
from improvement.minutes import Minutes, minutes_as_pdf, minutes_as_text, minutes_of
from improvement.pack_views import shown_pack
from improvement.pseudonyms import pseudonyms_for
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record


class OfMinutes(OfOneMeeting, PermissionRequiredMixin, View):
    needs = Permission.VIEW_IMPROVEMENT

    def minutes(self) -> Minutes:
        meeting, user = self.meeting, self.request.user
        texts = [text for item in meeting.items.all() for text in (item.notes, item.decisions)]
        actions = [*meeting.actions.all(), *carried_over(meeting)]
        texts += [text for action in actions for text in (action.text, action.outcome)]
        return minutes_of(
            meeting,
            members=self.members,
            pack=shown_pack(meeting.pack, kept=True, to=user) if meeting.pack is not None else None,
            words=pseudonyms_for(user, [*texts, meeting.guests]),
        )


class MinutesView(OfMinutes):
    def get(self, request, pk):
        minutes = self.minutes()
        text = minutes_as_text(minutes)
        context = {"section": "improvement", "meeting": self.meeting, "minutes": minutes, "text": text}
        return render(request, "improvement/minutes.html", context | {"rows": min(40, text.count("\n") + 2)})


class MinutesPdfView(OfMinutes):
    def get(self, request, pk):
        minutes = self.minutes()
        body = minutes_as_pdf(minutes)
        record(
            AuditEntry.Action.EXPORT,
            authority=self.meeting.authority,
            record_type="meeting",
            record_id=self.meeting.pk,
            by=request.user,
            after={"minutes": minutes.title},
        )
        answer = HttpResponse(body, content_type="application/pdf")
        answer["Content-Disposition"] = content_disposition_header(True, minutes.filename.replace(":", ""))
        return answer
