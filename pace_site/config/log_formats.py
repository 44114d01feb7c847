"""The two forms of a line of the log, named here and written in `defences/log_lines.py`."""

import logging

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

LOG_FORMATS = {
    "json": "pace_site.defences.log_lines.JsonLine",
    "lines": "pace_site.defences.log_lines.LogLine",
}


def log_format_in(env: environ.Env, *, production: bool) -> str:
    """The form that `LOG_FORMAT` names: objects of JSON in production, lines for people elsewhere, unless it is set."""
    named = env("LOG_FORMAT", default="json" if production else "lines")
    if named not in LOG_FORMATS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be one of: {', '.join(LOG_FORMATS)}.")
    return named


def sieved() -> logging.Formatter:
    """The formatter of this site, for whoever writes before the settings are read, as gunicorn does."""
    env = environ.Env()
    return import_string(LOG_FORMATS[log_format_in(env, production=env.bool("PRODUCTION", default=False))])()
