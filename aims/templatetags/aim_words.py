"""The words of `aims.figure_words` for templates.

Django imports every file of tags before the first template of any page, so that what measures is imported by the tags
themselves: a page that shows a clock has measured it.
"""

from typing import TYPE_CHECKING

from django import template

from milestones.catalogue import Route

if TYPE_CHECKING:
    from aims.outcomes import Outcome

register = template.Library()


@register.filter
def exit_words(exit_reason: str) -> str:
    """Why a clock ended without its stop event; empty when it did not."""
    from aims.figure_words import exit_in_words

    return exit_in_words(exit_reason)


@register.filter
def state_label(clock: "Outcome") -> str:
    """The state of a clock; without a limit nobody is in time or late."""
    from aims.figure_words import STATE_LABELS, STATE_LABELS_WITHOUT_LIMIT

    return (STATE_LABELS if clock.due else STATE_LABELS_WITHOUT_LIMIT)[clock.state]


@register.filter
def is_likely_chance(finding: str) -> bool:
    """Whether a finding is of the kind that most charts show where nothing changed."""
    from aims.spc.chance import is_likely_chance as found

    return found(finding)


@register.filter
def route_label(route: str) -> str:
    """The words for a clock's route; empty where its start event has none."""
    return str(Route(route).label) if route else ""
