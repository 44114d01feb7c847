"""The meeting view: one aim at a time in large type, for the wall of the Champions' Group."""

from datetime import date

from django import forms
from django.views.generic import TemplateView

from aims.judged_chart import with_judgement
from aims.views import AimFiguresMixin
from improvement.meetings import A_MEETING_AGO, last_meeting_before
from pace_site.front.champions.slides import Slide
from pace_site.look.days import day_input


class SinceForm(forms.Form):
    """The day of the last meeting."""

    since = forms.DateField(
        label="Last meeting",
        required=False,
        widget=day_input(small=True),
        error_messages={"invalid": "This is not a date. Taking the usual day instead."},
    )

    def __init__(self, *args, as_at: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_at = as_at

    def clean_since(self):
        day = self.cleaned_data["since"]
        if day is not None and day >= self.as_at:
            raise forms.ValidationError("The last meeting was before this one. Taking the usual day instead.")
        return day


class MeetingView(AimFiguresMixin, TemplateView):
    """Every open aim as a slide; all of them are in the page, so that full screen lasts from one to the next."""

    template_name = "front/meeting/meeting.html"

    def get_context_data(self, **context):
        since, error, is_assumed = self._since()
        since_form = SinceForm(initial={"since": since}, as_at=self.as_at.day)
        if error:
            since_form.fields["since"].widget.attrs["aria-describedby"] = "id_since_error"
        cards = self.cards_of_open_aims(drafts=False)
        with_judgement([card.version.aim for card in cards])
        return super().get_context_data(
            # The wall is read by people who may open no child.
            headline=self.headline_of(cards, counts_children=False),
            slides=[Slide(card, since=since) for card in cards],
            since=since,
            since_form=since_form,
            since_error=error,
            since_is_assumed=is_assumed,
            **context,
        )

    def _since(self) -> tuple[date, str, bool]:
        """The day of the last meeting, what is wrong with the one asked for, and whether the day is only assumed."""
        asked = SinceForm(self.request.GET, as_at=self.as_at.day)
        if asked.is_valid() and asked.cleaned_data["since"]:
            return asked.cleaned_data["since"], "", False
        held = last_meeting_before(self.request.user, self.as_at.day)
        error = "" if asked.is_valid() else str(asked.errors["since"][0])
        return held or self.as_at.day - A_MEETING_AGO, error, held is None
