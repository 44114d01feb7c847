"""Where a milestone is recorded, for pages that lead there."""

from django import template

register = template.Library()


@register.filter
def slug_of(kind: str) -> str:
    """The address of the form that records this kind of milestone."""
    from pace_site.front.recording.entries import slug_of as slug_of_kind  # no page but those of recording needs forms

    return slug_of_kind(kind)
