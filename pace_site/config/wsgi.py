"""The WSGI entry point: `gunicorn pace_site.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - read all pages now, once for all processes, not with the first request
