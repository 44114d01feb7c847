"""The pages of restricted records."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from children.closed_records import closed_records
from children.models import BreakGlass, Child, Restriction
from children.restriction_actions import (
    break_glass,
    breakable,
    end_restriction,
    look_at,
    may_change_names,
    name_person,
    restrict,
    take_name_away,
)
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.one_child import OfOneChild
from pace_site.front.restricted.restriction_forms import (
    BreakGlassForm,
    EndForm,
    LookedAtForm,
    NamePersonForm,
    RestrictForm,
)
from pace_site.look.asked import row_asked

ROWS_A_PAGE = 50


class RestrictView(OfOneChild):
    """Restrict one child's record; then name people, take names away, and end the restriction."""

    needs = Permission.RESTRICT_RECORDS

    def get(self, request, code):
        return self.page()

    def post(self, request, code):
        doing = {"restrict": self.restrict, "name": self.name, "take": self.take, "end": self.end}
        return doing.get(request.POST.get("what", ""), self.page)()

    def restrict(self):
        form = RestrictForm(self.request.POST, by=self.request.user)
        if form.is_valid():
            said = form.cleaned_data
            try:
                restrict(self.child, reason=said["reason"], named=said["named"], by=self.request.user)
            except ValidationError as error:
                form.refuse(error)
            else:
                return self.done(f"The record of {self.child.code} is open to the people named below alone.")
        return self.page(form)

    def name(self):
        form = NamePersonForm(self.request.POST, by=self.request.user)
        if form.is_valid():
            person = form.cleaned_data["person"]
            try:
                name_person(self.standing(), person, by=self.request.user)
            except ValidationError as error:
                form.refuse(error)
            else:
                return self.done(f"{person} may open the record of {self.child.code}.")
        return self.page(form)

    def take(self):
        accesses = self.standing().accesses.standing().select_related("user")
        access = row_asked(accesses, self.request.POST.get("access", ""))
        if access is None:
            raise Http404("There is no such name.")
        try:
            take_name_away(self.standing(), access.user, by=self.request.user)
        except ValidationError as error:
            return self.page(refused=" ".join(error.messages))
        return self.done(f"{access.user} may no longer open this record.")

    def end(self):
        form = EndForm(self.request.POST)
        if form.is_valid():
            try:
                end_restriction(self.standing(), reason=form.cleaned_data["reason"], by=self.request.user)
            except ValidationError as error:
                form.refuse(error)
            else:
                return self.done(f"The record of {self.child.code} is no longer restricted.")
        return self.page(form)

    def standing(self) -> Restriction:
        found = self.rows().standing().first()
        if found is None:
            raise Http404("This record is not restricted.")
        return found

    def rows(self):
        rows = Restriction.objects.identifiable_to(self.request.user).filter(child=self.child)
        return rows.select_related("set_by", "ended_by", "child__authority")

    def done(self, words: str):
        """Back to this page, unless the person has closed the record to themselves."""
        messages.info(self.request, words)
        if Child.objects.identifiable_to(self.request.user).filter(pk=self.child.pk).exists():
            return redirect("restrict", code=self.child.code)
        return redirect("children")

    def page(self, form=None, *, refused: str = ""):
        user = self.request.user
        rows = list(self.rows())
        restriction = next((row for row in rows if row.ended_at is None), None)
        context = {
            "section": "children",
            "who": self.who,
            "restriction": restriction,
            "may_change": restriction is None or may_change_names(restriction, by=user),
            "accesses": list(restriction.accesses.standing().select_related("user")) if restriction else [],
            "past": [row for row in rows if row.ended_at is not None],
            "wrong": form,
            "refused": refused,
            "restricting": form if isinstance(form, RestrictForm) else RestrictForm(by=user),
            "naming": form if isinstance(form, NamePersonForm) else NamePersonForm(by=user),
            "ending": form if isinstance(form, EndForm) else EndForm(auto_id="id_end_%s"),
        }
        return render(self.request, "front/restricted/restrict.html", context)


class BreakGlassView(PermissionRequiredMixin, View):
    """Opens a restricted record for a short time; its address names the restriction, and nothing of the child."""

    needs = Permission.VIEW_CHILDREN

    def get(self, request, pk: int):
        return self.page(BreakGlassForm())

    def post(self, request, pk: int):
        form = BreakGlassForm(request.POST)
        if not form.is_valid() or self.opened_already() is not None:
            return self.page(form)
        opened = break_glass(self.restriction(), reason=form.cleaned_data["reason"], by=request.user)
        until = timezone.localtime(opened.until)
        messages.info(request, f"The record is open to you until {until:%H:%M}. Those who answer for it are told.")
        return redirect(opened.restriction.child)

    def page(self, form: BreakGlassForm):
        opened = self.opened_already()
        if opened is not None:
            return redirect(opened.child)
        (closed,) = closed_records([self.restriction().child], to=self.request.user)
        context = {
            "section": "children",
            "form": form,
            "closed": closed,
            "minutes": settings.BREAK_GLASS_MINUTES,
        }
        return render(self.request, "front/restricted/break_glass.html", context)

    def opened_already(self) -> Restriction | None:
        rows = Restriction.objects.identifiable_to(self.request.user).standing()
        return rows.select_related("child").filter(pk=self.kwargs["pk"]).first()

    def restriction(self) -> Restriction:
        found = breakable(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such restricted record.")
        return found


class BreakGlassAlertsView(PermissionRequiredMixin, View):
    """What was opened by break-glass: of one's own restrictions or, for a PACE lead, of the whole authority."""

    needs = Permission.RESTRICT_RECORDS

    def get(self, request):
        return self.page()

    def post(self, request):
        alert = row_asked(BreakGlass.objects.told_to(request.user), request.POST.get("alert", ""))
        if alert is None:
            raise Http404("There is no such opening.")
        form = LookedAtForm(request.POST, auto_id=f"id_{alert.pk}_%s")
        if form.is_valid():
            try:
                look_at(alert, words=form.cleaned_data["words"], by=request.user)
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.info(request, "Written down, with your name and the time.")
                return redirect("break_glass_alerts")
        return self.page(form, of=alert.pk)

    def page(self, form: LookedAtForm | None = None, *, of: int | None = None):
        user = self.request.user
        alerts = BreakGlass.objects.told_to(user).select_related("user", "looked_at_by", "restriction__child")
        rows = Paginator(alerts, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        keys = [alert.restriction.child_id for alert in rows]
        opened = set(Child.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
        context = {
            "section": "restricted",
            "waiting": alerts.filter(looked_at=None).count(),
            "rows": rows,
            "alerts": [
                {
                    "alert": alert,
                    "child": alert.restriction.child if alert.restriction.child_id in opened else None,
                    "form": None
                    if alert.looked_at or alert.user_id == user.pk
                    else form
                    if alert.pk == of
                    else LookedAtForm(auto_id=f"id_{alert.pk}_%s"),
                }
                for alert in rows
            ],
            "wrong": form,
        }
        return render(self.request, "front/restricted/alerts.html", context)
