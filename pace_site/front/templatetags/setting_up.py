"""Whether the site waits to be set up, for the page of signing in."""

from django import template

from pace_site.front.setting_up.actions import is_fresh

register = template.Library()
register.simple_tag(is_fresh, name="site_is_fresh")
