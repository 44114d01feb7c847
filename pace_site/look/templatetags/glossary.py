"""Words explained where they stand: buttons that open what they mean, without a script."""

from django import template

from pace_site.look.glossary import glossary

register = template.Library()


@register.inclusion_tag("_explain.html")
def explain(*slugs: str) -> dict:
    """A row of words, each of which opens its meaning; a word may stand in one row of a page only."""
    return {"terms": [glossary()[slug] for slug in slugs]}
