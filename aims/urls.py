"""Addresses of the aim pages, but for that of one aim, which the front composes."""

from django.urls import path

from aims.at_home_views import AtHomeAgesView
from aims.chart_views import AimChartView
from aims.compare.views import AimCompareView
from aims.definition_views import AimDefinitionView
from aims.manage_views import AimEditView, AimManageView, AimNewView, AimsManageView
from aims.stage_views import StageChildrenView, StagesView
from aims.views import AimChildrenView, AimListView

urlpatterns = [
    path("", AimListView.as_view(), name="aims"),
    path("at-home/", AtHomeAgesView.as_view(), name="at_home_ages"),
    path("stages/", StagesView.as_view(), name="stages"),
    path("stages/<str:stage>/", StageChildrenView.as_view(), name="stage_children"),
    path("manage/", AimsManageView.as_view(), name="aims_manage"),
    path("manage/new/", AimNewView.as_view(), name="aim_new"),
    path("<str:code>/chart/", AimChartView.as_view(), name="aim_chart"),
    path("<str:code>/compare/", AimCompareView.as_view(), name="aim_compare"),
    path("<str:code>/definition/", AimDefinitionView.as_view(), name="aim_definition"),
    path("<str:code>/manage/", AimManageView.as_view(), name="aim_manage"),
    path("<str:code>/edit/", AimEditView.as_view(), name="aim_edit"),
    path("<str:code>/children/", AimChildrenView.as_view(), name="aim_children"),
]
