"""Addresses of retention."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("pace_site.front.retention.retention_views.RetentionView"), name="retention"),
    path("keep/<str:code>/", page("pace_site.front.retention.retention_views.KeepLongerView"), name="keep_longer"),
    path(
        "proposals/<int:pk>/", page("pace_site.front.retention.retention_views.ProposalView"), name="retention_proposal"
    ),
    path("requests/", page("pace_site.front.retention.request_views.RequestsView"), name="rights_requests"),
    path("requests/<int:pk>/", page("pace_site.front.retention.request_views.RequestView"), name="rights_request"),
]
