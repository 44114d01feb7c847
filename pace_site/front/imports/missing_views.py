"""The page of children whom the latest extract lacks: what became of each is said with one click."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views import View

from children.models import Child, Destination
from milestones.extract.missing import answer, has_left, latest_extract, still_missing, was_transferred, workers_of
from milestones.models import MissingAnswer
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.trail import record_list_view
from pace_site.front.imports.missing_rows import missing_rows
from pace_site.look.words import british_date, listed, lower_first

ROWS_A_PAGE = 25
NO_DAY, NO_DESTINATION = "Give the day on which the child left.", "Choose where the child went."


class MissingChildrenView(PermissionRequiredMixin, View):
    needs = Permission.IMPORT_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        children = still_missing(request.user)
        code = request.POST.get("child", "")
        child = children.filter(code=code).first()
        if not child:
            messages.info(request, "This child is not missing any more. Nothing was changed.")
            return redirect("missing_children")
        try:
            words = self.resolve(child)
        except ValidationError as error:
            return self.page(wrong=code, faults=" ".join(error.messages))
        messages.info(request, f"{child.code}: {words}")
        return redirect(request.get_full_path())

    def resolve(self, child: Child) -> str:
        """Do what was asked; return it in words."""
        asked, by = self.request.POST, self.request.user
        match asked.get("what"):
            case "left":
                destination = Destination.objects.filter(code=asked.get("destination", "")).first()
                on = self.day()
                lacking = [words for words, said in ((NO_DAY, on), (NO_DESTINATION, destination)) if said is None]
                if lacking:
                    raise ValidationError(lacking)
                has_left(child, on=on, destination=destination, by=by)
                return f"left care on {british_date(on)}. Its open placement and legal basis end with it."
            case "transferred":
                on = self.day()
                if on is None:
                    raise ValidationError(NO_DAY)
                was_transferred(child, on=on, by=by)
                return f"transferred to another council on {british_date(on)}."
            case "asked":
                answer(child, MissingAnswer.Answer.ASKED, by=by)
                people = listed([str(worker) for worker in workers_of(child, by=by)])
                return f"the question stands on the page My work of {people}, until it is answered."
            case "still":
                answer(child, MissingAnswer.Answer.STILL, by=by)
                return f"{lower_first(MissingAnswer.Answer.STILL.label)}."
        raise ValidationError("Say what became of the child.")

    def day(self) -> date | None:
        try:
            return parse_date(self.request.POST.get("on", ""))
        except ValueError:
            return None

    def page(self, *, wrong: str = "", faults: str = "") -> HttpResponse:
        """`faults` says why what was typed of the child `wrong` is refused."""
        user, posted = self.request.user, self.request.POST
        typed = {wrong: {"on": posted.get("on", ""), "destination": posted.get("destination", ""), "faults": faults}}
        rows = Paginator(still_missing(user), ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        latest = latest_extract(user)
        rows.object_list = missing_rows(list(rows.object_list), latest=latest, to=user, typed=typed)
        named = [row.child.code for row in rows if row.child.identified]
        record_list_view(named, of="missing", by=user)
        context = {
            "section": "imports",
            "rows": rows,
            "latest": latest,
            "destinations": Destination.objects.all(),
        }
        return render(self.request, "front/imports/missing.html", context)
