"""Placement histories of any list of children, a row each, by pseudonym alone."""

from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.views.generic import TemplateView

from children.filters import CHOICE, ChildFilter, with_care_on
from children.models import Child
from children.presenter import present
from milestones.clocks.limits import from_day
from milestones.journeys import Journeys, load_journeys
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.accounts.scope import reach_in_words
from pace_site.front.timelines.axis import ZOOMS
from pace_site.front.timelines.histories import Align, accommodation_axis, calendar_axis, history_of
from pace_site.front.timelines.legend import STAY_KEYS, keys_of
from pace_site.front.timelines.reading import read_lives
from pace_site.front.timelines.story import tell
from pace_site.front.timelines.wording import ProfessionalWording
from pace_site.look.as_at import as_at_of

ROWS_A_PAGE = 40
ALIGNED = {Align.ACCOMMODATION: "Weeks since accommodation", Align.CALENDAR: "Calendar"}


class AlignForm(forms.Form):
    align = forms.ChoiceField(label="Along", required=False, choices=list(ALIGNED.items()), widget=CHOICE)


class HistoriesView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "front/timelines/histories.html"
    extra_context = {"section": "children", "zooms": range(1, len(ZOOMS) + 1)}

    def get_context_data(self, **context):
        user, as_at = self.request.user, as_at_of(self.request)
        align = Align.CALENDAR if self.request.GET.get("align") == Align.CALENDAR else Align.ACCOMMODATION
        visible = Child.objects.visible_to(user)
        chosen = ChildFilter(
            self.request.GET, queryset=with_care_on(as_at.day, visible).order_by("code"), visible=visible
        )
        rows = Paginator(chosen.qs, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        shown = present(list(rows), to=user, as_at=as_at.day)
        lives = read_lives(shown, user)
        stories = [tell(lives[who.child.pk], as_at=as_at.day, wording=ProfessionalWording()) for who in shown]
        journeys = load_journeys(visible.filter(pk__in=list(lives)), as_at.day, kinds=())
        spells = latest_away_spells(journeys)
        begun = [spells.get(who.child.pk) for who in shown]
        is_calendar = align is Align.CALENDAR
        axis = calendar_axis(stories, as_at.day) if is_calendar else accommodation_axis(stories, begun)
        looks = {bar.look for story in stories for bar in (*story.stays, *story.breaks, *story.gaps)}
        return super().get_context_data(
            whose=reach_in_words(user, to_open=True),
            closed=Child.objects.closed_to(user).count(),
            as_at=as_at,
            chosen=chosen,
            align=AlignForm(initial={"align": align}),
            aligned=ALIGNED[align],
            rows=rows,
            histories=[
                history_of(who.code, story, axis, begun=start, align=align)
                for who, story, start in zip(shown, stories, begun, strict=True)
            ],
            ticks=axis.calendar_ticks() if is_calendar else axis.week_ticks(),
            keys={"stays": keys_of(STAY_KEYS, looks, is_plain=False)},
            **context,
        )


def latest_away_spells(journeys: Journeys) -> dict[int, date]:
    """When each child's latest time away from home began, by the child's key; nothing for those never away."""
    ids = journeys.children["id"].to_numpy()
    spells = journeys.away_spells
    return {
        int(ids[child]): from_day(int(start))
        for child, start in zip(spells["child"].to_numpy(), spells["start"].to_numpy(), strict=True)
    }
