"""The page of children whom the latest extract lacks: what became of each is said with one click."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views import View

from children.models import CareEpisode, Child, Destination, LegalBasis
from children.presenter import PresentedChild, present
from milestones.extract.missing import answer, has_left, latest_extract, still_missing, was_transferred, workers_of
from milestones.models import Milestone, MissingAnswer
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.trail import record_list_view
from pace_site.look.words import british_date, listed, lower_first

ROWS_A_PAGE = 25
ADOPTION_ORDER, ADOPTED = "AO", "ADOPTED"
NO_DAY, NO_DESTINATION = "Give the day on which the child left.", "Choose where the child went."


@dataclass(frozen=True)
class Row:
    """One child of the page. `on`, `destination` and `hint` are what the records suggest, or what was typed."""

    child: PresentedChild
    last_extract_on: date
    since: date
    answer: MissingAnswer | None
    on: str = ""
    destination: str = ""
    hint: str = ""
    faults: str = ""


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
        user = self.request.user
        rows = Paginator(still_missing(user), ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        latest = latest_extract(user)
        rows.object_list = self.rows(list(rows.object_list), latest, wrong=wrong, faults=faults)
        context = {
            "section": "imports",
            "rows": rows,
            "latest": latest,
            "destinations": Destination.objects.all(),
        }
        return render(self.request, "front/imports/missing.html", context)

    def rows(self, children: list[Child], latest: date | None, *, wrong: str, faults: str) -> list[Row]:
        user, today = self.request.user, timezone.localdate()
        of_page = {"child__in": children}
        since = dict(
            CareEpisode.objects.identifiable_to(user)
            .standing()
            .filter(end=None, **of_page)
            .order_by("start")
            .values_list("child", "start")
        )
        answers = {
            each.child_id: each
            for each in MissingAnswer.objects.identifiable_to(user)
            .filter(extract_date=latest, **of_page)
            .select_related("by")
        }
        orders = LegalBasis.objects.identifiable_to(user).standing().filter(measure=ADOPTION_ORDER, **of_page)
        adopted = dict(orders.values_list("child", "start"))
        moved = Milestone.objects.identifiable_to(user).standing().filter(kind="LA_TRANSFER_OUT", **of_page)
        transferred = dict(moved.exclude(happened_on=None).values_list("child", "happened_on"))
        presented = present(children, to=user, as_at=today)
        record_list_view([who.code for who in presented if who.identified], of="missing", by=user)
        rows = []
        for child, shown in zip(children, presented, strict=True):
            typed = {}
            if child.code == wrong:
                posted = self.request.POST
                typed = {"on": posted.get("on", ""), "destination": posted.get("destination", ""), "faults": faults}
            elif child.pk in adopted:
                day = adopted[child.pk]
                typed = {
                    "on": day.isoformat(),
                    "destination": ADOPTED,
                    "hint": f"An adoption order is recorded since {british_date(day)}.",
                }
            elif child.pk in transferred:
                day = transferred[child.pk]
                typed = {"on": day.isoformat(), "hint": f"A transfer out is recorded on {british_date(day)}."}
            rows.append(
                Row(
                    child=shown,
                    last_extract_on=child.in_extract_on,
                    since=since[child.pk],
                    answer=answers.get(child.pk),
                    **typed,
                )
            )
        return rows
