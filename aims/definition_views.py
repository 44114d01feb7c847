"""The page that says how every figure of an aim is counted."""

from django.views.generic import TemplateView

from aims.definition_words import definition_in_words
from aims.figure_definitions import define_figures
from aims.views import AimFiguresMixin


class AimDefinitionView(AimFiguresMixin, TemplateView):
    template_name = "aims/aim_definition.html"

    def get_context_data(self, code: str, **context):
        card = self.card_of(code)
        return super().get_context_data(
            card=card,
            defined=define_figures(card.measured, is_part=card.is_part),
            definition_words=definition_in_words(card.definition),
            **context,
        )
