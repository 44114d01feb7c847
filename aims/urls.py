"""Addresses of the aim pages, but for that of one aim, which the front composes."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("aims.views.AimListView"), name="aims"),
    path("at-home/", page("aims.at_home_views.AtHomeAgesView"), name="at_home_ages"),
    path("stages/", page("aims.stage_views.StagesView"), name="stages"),
    path("stages/<str:stage>/", page("aims.stage_views.StageChildrenView"), name="stage_children"),
    path("manage/", page("aims.manage_views.AimsManageView"), name="aims_manage"),
    path("manage/new/", page("aims.definition_form_views.AimNewView"), name="aim_new"),
    path("<str:code>/chart/", page("aims.chart_views.AimChartView"), name="aim_chart"),
    path("<str:code>/compare/", page("aims.compare.views.AimCompareView"), name="aim_compare"),
    path("<str:code>/definition/", page("aims.definition_views.AimDefinitionView"), name="aim_definition"),
    path("<str:code>/manage/", page("aims.manage_views.AimManageView"), name="aim_manage"),
    path("<str:code>/edit/", page("aims.definition_form_views.AimEditView"), name="aim_edit"),
    path("<str:code>/children/", page("aims.views.AimChildrenView"), name="aim_children"),
]
