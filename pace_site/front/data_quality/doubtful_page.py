"""The clocks of one aim that rest on doubtful data, and what to mend of each."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.views.generic import TemplateView

from aims.doubt import Doubts
from aims.views import ROWS_A_PAGE, AimFiguresMixin
from milestones.quality.declaration import DECLARED
from pace_site.accounts.permissions import Permission


class AimDoubtfulView(AimFiguresMixin, TemplateView):
    """Exactly the clocks that the aim's page counts as doubtful, those with an error first."""

    needs = Permission.VIEW_CHILDREN
    template_name = "front/data_quality/doubtful.html"

    def get_context_data(self, code: str, **context):
        if not self.counted.listed:
            raise PermissionDenied("These figures count children whom you may not open.")
        card = self.card_of(code)
        doubts = Doubts(card.version.aim.authority, self.counted.children)
        found = doubts.of(card.now.outcomes)
        opened = sorted(self.counted.opened(found), key=lambda each: not each.has_error)
        rows = Paginator(opened, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            card=card,
            look=doubts.look,
            count=len(found),
            closed=self.counted.closed_among(found),
            rows=rows,
            shown=[(each, [(finding, DECLARED[finding.rule]) for finding in each.findings]) for each in rows],
            **context,
        )
