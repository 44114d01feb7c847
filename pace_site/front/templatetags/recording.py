"""What the forms of recording ask of the template."""

from django import template

from pace_site.front.recording import kept_forms

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_by(context) -> str:
    """Who is typing, signed, so that a form kept over a sign-in goes back to them alone."""
    return kept_forms.typed_by(context["request"])
