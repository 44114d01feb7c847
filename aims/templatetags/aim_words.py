"""The words of `aims.figure_words` for templates."""

from django import template

from aims.figure_words import STATE_LABELS, exit_in_words

register = template.Library()
register.filter("exit_words", exit_in_words)


@register.filter
def state_label(state: str) -> str:
    return STATE_LABELS[state]
