"""The ageing list of children at home on a supervision order."""

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from aims.at_home import BANDS, at_home_ages, chart_in_words, headline, not_looked_at
from aims.at_home_chart import MOST_BARS, at_home_figure
from children.models import Child
from children.presenter import present
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.accounts.scope import reach_in_words
from pace_site.look.as_at import as_at_of

ROWS_A_PAGE = 50
# Up to how many bars stand in a chart of which height (`static/css/aims.css`).
HEIGHTS = ((12, "few-bars"), (30, "some-bars"), (MOST_BARS, "many-bars"))


class AtHomeAgesView(PermissionRequiredMixin, TemplateView):
    """Who is at home on an order now, longest first, and on which side of 18 and 24 months."""

    needs = Permission.VIEW_CHILDREN
    template_name = "aims/at_home.html"
    extra_context = {"section": "aims"}

    def get_context_data(self, **context):
        user, as_at = self.request.user, as_at_of(self.request)
        asked = self.request.GET.get("band", "")
        if asked and asked not in BANDS:
            raise Http404("There is no such band.")
        everybody = at_home_ages(Child.objects.reached_by(user), as_at=as_at.day)
        narrowed = [row for row in everybody if not asked or row.band.key == asked]
        opened = set(Child.objects.visible_to(user).values_list("pk", flat=True))
        rows = [row for row in narrowed if row.child_id in opened]
        page = Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        drawn = rows[:MOST_BARS]
        query = f"?{as_at.query}" if as_at.query else ""
        links = {row.code: reverse("child", kwargs={"code": row.code}) + query for row in drawn}
        return super().get_context_data(
            as_at=as_at,
            whose=reach_in_words(user, to_open=True),
            headline=headline(everybody),
            not_looked_at=not_looked_at(everybody),
            bands=[(band, sum(row.band is band for row in everybody)) for band in BANDS.values()],
            band=BANDS.get(asked),
            count=len(narrowed),
            closed=len(narrowed) - len(rows),
            rows=page,
            shown=self._presented(page.object_list),
            figure=at_home_figure(rows, links=links),
            chart_told=chart_in_words(drawn),
            drawn=len(drawn),
            height=next(name for most, name in HEIGHTS if len(drawn) <= most),
            **context,
        )

    def _presented(self, rows):
        """Each row with the child as this person may see it; only pseudonym and age are asked for."""
        found = Child.objects.visible_to(self.request.user).in_bulk([row.child_id for row in rows])
        day = as_at_of(self.request).day
        who = present([found[row.child_id] for row in rows], to=self.request.user, as_at=day)
        return list(zip(rows, who, strict=True))
