"""Addresses of the improvement pages. None of them holds anything of a child."""

from django.urls import path

from improvement.change_idea_views import ChangeIdeaNewView, ChangeIdeasView, ChangeIdeaView
from improvement.cycle_views import CycleView
from improvement.diagram_version_views import DiagramVersionsView, DiagramVersionView
from improvement.driver_diagram_views import DriverDiagramNewView, DriverDiagramsView, DriverDiagramView
from improvement.test_of_change_views import (
    ImplementationView,
    ImprovementView,
    TestEditView,
    TestNewView,
    TestView,
)

urlpatterns = [
    path("", ImprovementView.as_view(), name="improvement"),
    path("ideas/", ChangeIdeasView.as_view(), name="change_ideas"),
    path("ideas/new/", ChangeIdeaNewView.as_view(), name="change_idea_new"),
    path("ideas/<int:pk>/", ChangeIdeaView.as_view(), name="change_idea"),
    path("diagrams/", DriverDiagramsView.as_view(), name="driver_diagrams"),
    path("diagrams/new/", DriverDiagramNewView.as_view(), name="driver_diagram_new"),
    path("diagrams/<int:pk>/", DriverDiagramView.as_view(), name="driver_diagram"),
    path("diagrams/<int:pk>/versions/", DiagramVersionsView.as_view(), name="diagram_versions"),
    path("diagrams/<int:pk>/versions/<int:number>/", DiagramVersionView.as_view(), name="diagram_version"),
    path("tests/new/", TestNewView.as_view(), name="test_new"),
    path("tests/<int:pk>/", TestView.as_view(), name="test_of_change"),
    path("tests/<int:pk>/edit/", TestEditView.as_view(), name="test_edit"),
    path("tests/<int:pk>/cycles/<int:number>/", CycleView.as_view(), name="pdsa_cycle"),
    path("tests/<int:pk>/implementation/", ImplementationView.as_view(), name="implementation"),
]
