"""Addresses for programs that watch over the site; `middleware.py` answers them before anything else is asked."""

from django.urls import path

from pace_site.operations.views import healthz, metrics, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
