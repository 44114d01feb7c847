"""The audit trail for whoever audits it, and what it says of one child to those who work with it."""

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from children.models import Child
from children.presenter import present
from children.pseudonyms import pseudonym_of
from children.search import fitting
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record_view
from pace_site.front.auditing.actions import FORMATS, MOST_EXPORTED, export_trail, note_trail_search
from pace_site.front.auditing.entry_words import in_words
from pace_site.front.auditing.search_form import AboutChildForm, TrailForm
from pace_site.look.attachment import as_attachment

ENTRIES_A_PAGE = 50
# Whoever looks for more narrows the search: counting and leafing through a million entries would keep others waiting.
MOST_COUNTED = 10_000
# Of children whom a name fits, so many are offered.
MOST_OFFERED = 10
# Under this key a session keeps the child whom the search is about.
CHILD = "audit_child"
SEEN = (
    AuditEntry.Action.VIEW,
    AuditEntry.Action.BREAK_GLASS,
    AuditEntry.Action.SEARCH,
    AuditEntry.Action.EXPORT,
    AuditEntry.Action.ISSUE,
)


class NewestPages(Paginator):
    """Pages of the newest entries; `is_cut` says that there are more."""

    def __init__(self, entries: QuerySet[AuditEntry]):
        super().__init__(entries, ENTRIES_A_PAGE)

    @cached_property
    def counted(self) -> int:
        return self.object_list.values("pk")[: MOST_COUNTED + 1].count()

    @property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        return self.counted > MOST_COUNTED


class TrailSearch(PermissionRequiredMixin, View):
    """What the address and the session ask for, inside the person's own organisation."""

    needs = Permission.VIEW_AUDIT

    @cached_property
    def form(self) -> TrailForm:
        return TrailForm(self.request.GET, user=self.request.user)

    @cached_property
    def child_code(self) -> str:
        """The child whom the search is about; the address says only that it is about one."""
        return self.request.session.get(CHILD, "") if self.request.GET.get("about") == "child" else ""

    def found(self) -> QuerySet[AuditEntry]:
        user = self.request.user
        entries = self.form.narrow(AuditEntry.objects.visible_to(user, about=self.child_code))
        # About a child in order of keys, which is that of writing.
        return entries.order_by("-pk") if self.child_code else entries.order_by("-at", "-pk")


class TrailView(TrailSearch):
    """Search by person, action, period and child; each search stands in the trail itself."""

    http_method_names = ["get", "post"]

    def get(self, request):
        return self.page(AboutChildForm())

    def post(self, request):
        """Choose the child, and go on with the other filters as they are."""
        asking = AboutChildForm(request.POST)
        if asking.is_valid():
            code, more = self.look_up(asking.cleaned_data["child"].strip())
            if code:
                request.session[CHILD] = code
                filters = request.GET.copy()
                filters["about"] = "child"
                filters.pop("page", None)
                return redirect(f"{request.path}?{filters.urlencode()}")
            asking.add_error("child", more)
        return self.page(asking)

    def look_up(self, typed: str) -> tuple[str, str]:
        """The pseudonym that was meant; or nothing, and why. By name only where the person may see names."""
        user = self.request.user
        code = pseudonym_of(typed, authority=user.organisation)
        if code:
            return code, ""
        if AuditEntry.objects.visible_to(user).filter(child_code=typed.upper()).exists():
            return typed.upper(), ""
        fits = [fit.key for fit in fitting(typed, user)[:MOST_OFFERED]]
        named = Child.objects.identifiable_to(user).filter(pk__in=fits)
        codes = list(named.order_by("code").values_list("code", flat=True))
        if len(codes) == 1:
            return codes[0], ""
        if codes:
            return "", f"This fits several children. Type one of these: {', '.join(codes)}."
        return "", f"No child of {user.organisation} has this pseudonym or reference. Type it in full."

    def page(self, asking: AboutChildForm) -> HttpResponse:
        request = self.request
        pages = NewestPages(self.found().none() if asking.errors else self.found())
        rows = pages.get_page(request.GET.get("page"))
        told = in_words(list(rows), to=request.user, people=self.form.people)
        if self.form.is_valid():
            note_trail_search(by=request.user, child_code=self.child_code, asked=self.form.asked, found=pages.count)
        anybody = request.GET.copy()
        anybody.pop("about", None)
        anybody.pop("page", None)
        kept = request.GET.copy()
        kept.pop("page", None)
        context = {
            "section": "audit",
            "form": self.form,
            "asking": asking,
            "rows": rows,
            "told": told,
            "count": pages.count,
            "is_cut": pages.is_cut,
            "child_code": self.child_code,
            "query": kept.urlencode(),
            "without_child": anybody.urlencode(),
            "formats": list(FORMATS),
            "most_exported": MOST_EXPORTED,
        }
        return render(request, "front/auditing/trail.html", context)


class TrailExportView(TrailSearch):
    """What was found as a file, its newest entries where it is too many."""

    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request, file_format: str):
        if file_format not in FORMATS or not self.form.is_valid():
            raise Http404("There is no such file.")
        return as_attachment(
            export_trail(
                self.found(),
                by=request.user,
                child_code=self.child_code,
                asked=self.form.asked,
                file_format=file_format,
                people=self.form.people,
            )
        )


class SeenByView(PermissionRequiredMixin, View):
    """Who has seen one child's record: in sum by person, and each time."""

    needs = Permission.VIEW_SEEN_BY
    http_method_names = ["get"]

    def get(self, request, code: str):
        user = request.user
        child = Child.objects.identifiable_to(user).select_related("authority").filter(code=code).first()
        if child is None:
            raise Http404("There is no such child.")
        record_view(child, by=user)
        (who,) = present([child], to=user, as_at=timezone.localdate())
        seen = AuditEntry.objects.visible_to(user, about=child.code).filter(action__in=SEEN)
        people = {str(person.pk): str(person) for person in User.objects.visible_to(user)}
        in_sum = (
            seen.order_by()
            .values("actor_id", "actor")
            .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
            .order_by("-last")
        )
        by_person = [{**each, "name": people.get(str(each["actor_id"]), each["actor"])} for each in in_sum]
        rows = NewestPages(seen.order_by("-pk")).get_page(request.GET.get("page"))
        context = {
            "section": "children",
            "who": who,
            "by_person": by_person,
            "rows": rows,
            "told": in_words(list(rows), to=user, people=people),
        }
        return render(request, "front/auditing/seen_by.html", context)
