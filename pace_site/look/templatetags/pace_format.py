"""The words of `pace_site.look.words` for templates."""

from django import template

from pace_site.look import words

register = template.Library()
register.filter("british_date", words.british_date)
register.filter("weeks", words.weeks)
register.filter("weeks_number", words.weeks_number)
register.filter("percent", words.percent)
register.filter("plural_children", words.children)
register.filter("closed_children", words.closed_children)
register.filter("days_left", words.days_left)
