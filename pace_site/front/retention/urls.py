"""Addresses of retention."""

from django.urls import path

from pace_site.front.retention.request_views import RequestsView, RequestView
from pace_site.front.retention.retention_views import KeepLongerView, ProposalView, RetentionView

urlpatterns = [
    path("", RetentionView.as_view(), name="retention"),
    path("keep/<str:code>/", KeepLongerView.as_view(), name="keep_longer"),
    path("proposals/<int:pk>/", ProposalView.as_view(), name="retention_proposal"),
    path("requests/", RequestsView.as_view(), name="rights_requests"),
    path("requests/<int:pk>/", RequestView.as_view(), name="rights_request"),
]
