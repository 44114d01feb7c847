"""The scoped list of children."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.views.generic import TemplateView

from children.filters import ChildFilter, with_care_on
from children.listing import listed, named_in
from children.models import Child
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.accounts.scope import reach_in_words
from pace_site.audit.trail import record_list_view

ROWS_A_PAGE = 50


class ChildListView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "children/child_list.html"
    extra_context = {"section": "children"}

    def get_context_data(self, **context):
        user = self.request.user
        visible = Child.objects.visible_to(user)
        children = with_care_on(timezone.localdate(), visible.select_related("team")).order_by("code")
        chosen = ChildFilter(self.request.GET, queryset=children, visible=visible)
        rows = Paginator(chosen.qs, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        on_page = listed(list(rows), user)
        record_list_view(named_in(on_page), of="children", by=user)
        return super().get_context_data(
            whose=reach_in_words(user, to_open=True),
            closed=Child.objects.closed_to(user).count(),
            chosen=chosen,
            rows=rows,
            **on_page,
            **context,
        )
