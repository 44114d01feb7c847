"""Addresses of the improvement pages. None of them holds anything of a child."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("improvement.test_of_change_views.ImprovementView"), name="improvement"),
    path("export/", page("improvement.sharing_views.ImprovementExportView"), name="improvement_export"),
    path("ideas/", page("improvement.change_idea_views.ChangeIdeasView"), name="change_ideas"),
    path("ideas/new/", page("improvement.change_idea_views.ChangeIdeaNewView"), name="change_idea_new"),
    path("ideas/<int:pk>/", page("improvement.change_idea_views.ChangeIdeaView"), name="change_idea"),
    path("diagrams/", page("improvement.driver_diagram_views.DriverDiagramsView"), name="driver_diagrams"),
    path("diagrams/new/", page("improvement.driver_diagram_views.DriverDiagramNewView"), name="driver_diagram_new"),
    path("diagrams/<int:pk>/", page("improvement.diagram_editor_views.DriverDiagramView"), name="driver_diagram"),
    path(
        "diagrams/<int:pk>/versions/",
        page("improvement.diagram_version_views.DiagramVersionsView"),
        name="diagram_versions",
    ),
    path(
        "diagrams/<int:pk>/versions/<int:number>/",
        page("improvement.diagram_version_views.DiagramVersionView"),
        name="diagram_version",
    ),
    path("measures/", page("improvement.measure_plan_views.MeasuresView"), name="measures"),
    path("measures/new/", page("improvement.measure_views.MeasureNewView"), name="measure_new"),
    path("measures/register/", page("improvement.measure_register_views.MeasureRegisterView"), name="measure_register"),
    path("measures/<int:pk>/", page("improvement.measure_views.MeasureView"), name="measure"),
    path("measures/<int:pk>/edit/", page("improvement.measure_views.MeasureEditView"), name="measure_edit"),
    path("tests/new/", page("improvement.test_of_change_views.TestNewView"), name="test_new"),
    path("tests/<int:pk>/", page("improvement.test_of_change_views.TestView"), name="test_of_change"),
    path("tests/<int:pk>/edit/", page("improvement.test_of_change_views.TestEditView"), name="test_edit"),
    path("tests/<int:pk>/cycles/<int:number>/", page("improvement.cycle_views.CycleView"), name="pdsa_cycle"),
    path(
        "tests/<int:pk>/implementation/",
        page("improvement.implementation_views.ImplementationView"),
        name="implementation",
    ),
    path("programme/", page("improvement.programme_views.ProgrammeView"), name="programme"),
    path("programme/charter/", page("improvement.programme_views.CharterView"), name="programme_charter"),
    path("programme/progress/", page("improvement.programme_views.ProgressView"), name="programme_progress"),
    path("programme/self-check/", page("improvement.programme_views.SelfCheckView"), name="self_check"),
    path("programme/champions/", page("improvement.programme_views.GroupView"), name="champions_group"),
    path("programme/groups/<str:code>/", page("improvement.programme_views.GroupView"), name="aim_group"),
    path("programme/members/<int:pk>/", page("improvement.programme_views.MemberView"), name="group_member"),
    path("meetings/", page("improvement.meeting_views.MeetingsView"), name="meetings"),
    path("meetings/new/", page("improvement.meeting_views.MeetingNewView"), name="meeting_new"),
    path("meetings/<int:pk>/", page("improvement.meeting_views.MeetingView"), name="meeting"),
    path("meetings/<int:pk>/edit/", page("improvement.meeting_views.MeetingEditView"), name="meeting_edit"),
    path("meetings/<int:pk>/agenda/", page("improvement.meeting_views.AgendaView"), name="meeting_agenda"),
    path("meetings/<int:pk>/pack/", page("improvement.pack_views.PackView"), name="meeting_pack"),
    path("meetings/<int:pk>/pack/to-hand-on/", page("improvement.pack_views.HandOnView"), name="meeting_hand_on"),
    path("meetings/<int:pk>/write/", page("improvement.meeting_views.MinutesWriteView"), name="meeting_write"),
    path(
        "meetings/<int:pk>/actions/new/",
        page("improvement.agreed_action_views.ActionNewView"),
        name="meeting_action_new",
    ),
    path("meetings/<int:pk>/minutes/", page("improvement.minutes_views.MinutesView"), name="meeting_minutes"),
    path(
        "meetings/<int:pk>/minutes/pdf/", page("improvement.minutes_views.MinutesPdfView"), name="meeting_minutes_pdf"
    ),
    path("actions/<int:pk>/", page("improvement.agreed_action_views.ActionView"), name="meeting_action"),
    path("barriers/", page("improvement.barrier_views.BarriersView"), name="barriers"),
    path("barriers/new/", page("improvement.barrier_views.BarrierNewView"), name="barrier_new"),
    path("barriers/<int:pk>/", page("improvement.barrier_views.BarrierView"), name="barrier"),
]
