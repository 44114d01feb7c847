"""The WSGI entry point: `gunicorn pace_site.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
application = get_wsgi_application()
