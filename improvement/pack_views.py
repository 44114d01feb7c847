"""The pack of a meeting: live as at its day, or as it was kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from aims.findings import extract_age
from aims.models import PublishedMonth
from aims.published.figures import CAVEATS, rows_of, what_hidden_means
from aims.stages import stage_figures
from aims.views import AimFiguresMixin
from improvement.actions.meetings import keep_pack
from improvement.editions import Collision
from improvement.meeting_views import MEANWHILE, OfOneMeeting
from improvement.pack_chart import draw
from improvement.packs import (
    Pack,
    may_read_pseudonyms,
    pack_of,
    reworded,
    said_in_meeting,
    texts_of,
    to_hand_on,
    without_pseudonyms,
)
from improvement.pseudonyms import pseudonyms_for
from improvement.written_page import edition_in
from milestones.stages import STAGE_KINDS
from pace_site.accounts.permissions import Permission, can, check_can
from pace_site.look.as_at import AsAt, AsAtForm


class HandOnView(OfOneMeeting, TemplateView):
    """The pack for people outside the authority: published figures, and what people wrote of no single child."""

    needs = Permission.VIEW_IMPROVEMENT
    template_name = "improvement/pack_to_hand_on.html"
    extra_context = {"section": "improvement"}

    def get_context_data(self, **context):
        meeting, user = self.meeting, self.request.user
        day = min(meeting.on, timezone.localdate())
        month = PublishedMonth.objects.visible_to(user).standing().filter(month_end__lte=day).first()
        rows = rows_of(PublishedMonth.objects.visible_to(user).filter(pk=month.pk)) if month else []
        if meeting.aim_id:
            rows = [row for row in rows if row.code == meeting.aim.code]
        return super().get_context_data(
            meeting=meeting,
            month=month,
            rows=rows,
            meaning=what_hidden_means(month.smallest_shown) if month else "",
            caveats=CAVEATS,
            said=to_hand_on(said_in_meeting(meeting, day=day, to=user), meeting.authority),
            **context,
        )


class PackView(OfOneMeeting, AimFiguresMixin, TemplateView):
    """What the group looks at; whoever leads improvement keeps it as it is shown, once the day has come."""

    needs = Permission.VIEW_IMPROVEMENT
    template_name = "improvement/pack.html"
    extra_context = {"section": "improvement"}
    reads = STAGE_KINDS

    def get(self, request, pk):
        self.as_at = self.day_of_meeting()
        return super().get(request, pk=pk)

    def post(self, request, pk):
        meeting = self.meeting
        check_can(request.user, Permission.LEAD_IMPROVEMENT)
        self.as_at = self.day_of_meeting()
        words = "The pack is kept: later corrections do not change it."
        try:
            keep_pack(meeting, self.live_pack(), edition=edition_in(request.POST), by=request.user)
        except Collision:
            words = MEANWHILE
        except ValidationError as error:
            words = " ".join(error.messages)
        messages.info(request, words)
        return redirect("meeting_pack", pk=meeting.pk)

    def day_of_meeting(self) -> AsAt:
        """The meeting's day; today while it is still to come, as nobody knows what will have happened."""
        today = timezone.localdate()
        day = min(self.meeting.on, today)
        return AsAt(day=day, today=today, error="", form=AsAtForm(initial={"as_at": day}))

    def live_pack(self) -> Pack:
        cards = self.cards_of_open_aims()
        if not cards:
            self.cards([])
        if self.meeting.aim_id:
            cards = [card for card in cards if card.version.aim_id == self.meeting.aim_id]
        day = self.as_at.day
        return pack_of(
            self.meeting,
            cards=cards,
            stages=stage_figures(self.journeys),
            whose=self.counted.whose,
            notice=extract_age(self.counted.last_extract_on(), as_at=day),
            day=day,
            to=self.request.user,
        )

    def shown_pack(self) -> Pack:
        """The pack in the words that this person may read."""
        return shown_pack(
            self.meeting.pack or self.live_pack(), kept=self.meeting.pack is not None, to=self.request.user
        )

    def get_context_data(self, **context):
        meeting, today = self.meeting, self.as_at.today
        pack = self.shown_pack()
        # Packs that were kept before they had charts have none.
        drawings = [draw(aim["chart"]) if aim.get("chart") else None for aim in pack["aims"]]
        return super().get_context_data(
            meeting=meeting,
            pack=pack,
            aims=list(zip(pack["aims"], drawings, strict=True)),
            may_keep=can(self.request.user, Permission.LEAD_IMPROVEMENT)
            and meeting.takes_minutes
            and meeting.pack is None
            and meeting.on <= today,
            is_to_come=meeting.on > today,
            **context,
        )


def shown_pack(pack: Pack, *, kept: bool, to) -> Pack:
    """A pack as one person may read it: a kept one speaks of the whole authority, a live one of their own figures."""
    if kept and not may_read_pseudonyms(to):
        pack = without_pseudonyms(pack)
    return reworded(pack, pseudonyms_for(to, texts_of(pack)))
