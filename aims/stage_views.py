"""The pages of the stages: how many children stand between two milestones, and which."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from aims.stages import headline, stage_figures
from aims.views import ROWS_A_PAGE, AimFiguresMixin
from milestones.journeys import load_journeys
from milestones.stages import STAGE_KINDS
from pace_site.accounts.permissions import Permission

WHICH = {"": "", "beyond": ", for longer than guidance allows"}


class StagesMixin(AimFiguresMixin):
    """Runs the stages over the children whose figures the person may see."""

    def figures(self):
        return stage_figures(load_journeys(self.counted.children, self.as_at.day, kinds=STAGE_KINDS))


class StagesView(StagesMixin, TemplateView):
    template_name = "aims/stages.html"

    def get_context_data(self, **context):
        stages = self.figures()
        return super().get_context_data(stages=stages, headline=headline(stages), linked=self.counted.listed, **context)


class StageChildrenView(StagesMixin, TemplateView):
    """Exactly the children whom one count of the table counts."""

    needs = Permission.VIEW_CHILDREN
    template_name = "aims/stage_children.html"

    def get_context_data(self, stage: str, **context):
        which = self.request.GET.get("show", "")
        if which not in WHICH:
            raise Http404("There is no such list.")
        if not self.counted.listed:
            raise PermissionDenied("These figures count children whom you may not open.")
        found = next((each for each in self.figures() if each.stage.code == stage), None)
        if found is None:
            raise Http404("There is no such stage.")
        rows = found.of(which)
        opened = self.counted.opened(rows)
        return super().get_context_data(
            stage=found.stage,
            which=WHICH[which],
            count=len(rows),
            closed=self.counted.closed_among(rows),
            rows=Paginator(opened, ROWS_A_PAGE).get_page(self.request.GET.get("page")),
            **context,
        )
