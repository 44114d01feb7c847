"""What the forms of recording ask of the template."""

from django import template

from pace_site.front.recording import kept_forms

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_by(context) -> str:
    """Who is typing, signed, so that a form kept over a sign-in goes back to them alone."""
    return kept_forms.typed_by(context["request"])


@register.filter
def slug_of(kind: str) -> str:
    """The address of the form that records this kind of milestone."""
    from pace_site.front.recording.entries import slug_of as slug_of_kind  # no page but those of recording needs forms

    return slug_of_kind(kind)
