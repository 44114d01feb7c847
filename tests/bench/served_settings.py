"""The site as production serves it as to files: named by their content, compressed beforehand, kept by browsers."""

from pace_site.config.settings import *  # noqa: F403
from pace_site.config.settings import BASE_DIR, STORAGES

STATIC_ROOT = BASE_DIR / "build" / "bench-static"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
