"""Whether the site waits to be set up, for the page of signing in."""

from django import template

register = template.Library()


@register.simple_tag
def site_is_fresh() -> bool:
    from pace_site.front.setting_up.actions import is_fresh  # setting up reads the aims' file, and no other page does

    return is_fresh()
