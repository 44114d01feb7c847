"""Addresses of the improvement pages. None of them holds anything of a child."""

from django.urls import path

from improvement.agreed_action_views import ActionNewView, ActionView
from improvement.barrier_views import BarrierNewView, BarriersView, BarrierView
from improvement.change_idea_views import ChangeIdeaNewView, ChangeIdeasView, ChangeIdeaView
from improvement.cycle_views import CycleView
from improvement.diagram_version_views import DiagramVersionsView, DiagramVersionView
from improvement.driver_diagram_views import DriverDiagramNewView, DriverDiagramsView, DriverDiagramView
from improvement.measure_views import (
    MeasureEditView,
    MeasureNewView,
    MeasureRegisterView,
    MeasuresView,
    MeasureView,
)
from improvement.meeting_views import (
    AgendaView,
    MeetingEditView,
    MeetingNewView,
    MeetingsView,
    MeetingView,
    MinutesWriteView,
)
from improvement.minutes_views import MinutesPdfView, MinutesView
from improvement.pack_views import HandOnView, PackView
from improvement.programme_views import (
    CharterView,
    GroupView,
    MemberView,
    ProgrammeView,
    ProgressView,
    SelfCheckView,
)
from improvement.sharing_views import ImprovementExportView
from improvement.test_of_change_views import (
    ImplementationView,
    ImprovementView,
    TestEditView,
    TestNewView,
    TestView,
)

urlpatterns = [
    path("", ImprovementView.as_view(), name="improvement"),
    path("export/", ImprovementExportView.as_view(), name="improvement_export"),
    path("ideas/", ChangeIdeasView.as_view(), name="change_ideas"),
    path("ideas/new/", ChangeIdeaNewView.as_view(), name="change_idea_new"),
    path("ideas/<int:pk>/", ChangeIdeaView.as_view(), name="change_idea"),
    path("diagrams/", DriverDiagramsView.as_view(), name="driver_diagrams"),
    path("diagrams/new/", DriverDiagramNewView.as_view(), name="driver_diagram_new"),
    path("diagrams/<int:pk>/", DriverDiagramView.as_view(), name="driver_diagram"),
    path("diagrams/<int:pk>/versions/", DiagramVersionsView.as_view(), name="diagram_versions"),
    path("diagrams/<int:pk>/versions/<int:number>/", DiagramVersionView.as_view(), name="diagram_version"),
    path("measures/", MeasuresView.as_view(), name="measures"),
    path("measures/new/", MeasureNewView.as_view(), name="measure_new"),
    path("measures/register/", MeasureRegisterView.as_view(), name="measure_register"),
    path("measures/<int:pk>/", MeasureView.as_view(), name="measure"),
    path("measures/<int:pk>/edit/", MeasureEditView.as_view(), name="measure_edit"),
    path("tests/new/", TestNewView.as_view(), name="test_new"),
    path("tests/<int:pk>/", TestView.as_view(), name="test_of_change"),
    path("tests/<int:pk>/edit/", TestEditView.as_view(), name="test_edit"),
    path("tests/<int:pk>/cycles/<int:number>/", CycleView.as_view(), name="pdsa_cycle"),
    path("tests/<int:pk>/implementation/", ImplementationView.as_view(), name="implementation"),
    path("programme/", ProgrammeView.as_view(), name="programme"),
    path("programme/charter/", CharterView.as_view(), name="programme_charter"),
    path("programme/progress/", ProgressView.as_view(), name="programme_progress"),
    path("programme/self-check/", SelfCheckView.as_view(), name="self_check"),
    path("programme/champions/", GroupView.as_view(), name="champions_group"),
    path("programme/groups/<str:code>/", GroupView.as_view(), name="aim_group"),
    path("programme/members/<int:pk>/", MemberView.as_view(), name="group_member"),
    path("meetings/", MeetingsView.as_view(), name="meetings"),
    path("meetings/new/", MeetingNewView.as_view(), name="meeting_new"),
    path("meetings/<int:pk>/", MeetingView.as_view(), name="meeting"),
    path("meetings/<int:pk>/edit/", MeetingEditView.as_view(), name="meeting_edit"),
    path("meetings/<int:pk>/agenda/", AgendaView.as_view(), name="meeting_agenda"),
    path("meetings/<int:pk>/pack/", PackView.as_view(), name="meeting_pack"),
    path("meetings/<int:pk>/pack/to-hand-on/", HandOnView.as_view(), name="meeting_hand_on"),
    path("meetings/<int:pk>/write/", MinutesWriteView.as_view(), name="meeting_write"),
    path("meetings/<int:pk>/actions/new/", ActionNewView.as_view(), name="meeting_action_new"),
    path("meetings/<int:pk>/minutes/", MinutesView.as_view(), name="meeting_minutes"),
    path("meetings/<int:pk>/minutes/pdf/", MinutesPdfView.as_view(), name="meeting_minutes_pdf"),
    path("actions/<int:pk>/", ActionView.as_view(), name="meeting_action"),
    path("barriers/", BarriersView.as_view(), name="barriers"),
    path("barriers/new/", BarrierNewView.as_view(), name="barrier_new"),
    path("barriers/<int:pk>/", BarrierView.as_view(), name="barrier"),
]
