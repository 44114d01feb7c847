"""The words of `aims.figure_words` for templates."""

from django import template

from aims.figure_words import STATE_LABELS, STATE_LABELS_WITHOUT_LIMIT, exit_in_words
from aims.outcomes import Outcome
from milestones.catalogue import Route

register = template.Library()
register.filter("exit_words", exit_in_words)


@register.filter
def state_label(clock: Outcome) -> str:
    """The state of a clock; without a limit nobody is in time or late."""
    return (STATE_LABELS if clock.due else STATE_LABELS_WITHOUT_LIMIT)[clock.state]


@register.filter
def route_label(route: str) -> str:
    """The words for a clock's route; empty where its start event has none."""
    return str(Route(route).label) if route else ""
