"""Pages of one's own long work: how far it is, what came of it, and all that was asked for."""

from datetime import timedelta
from functools import cached_property

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from pace_site.long_work.actions import ask_again, hand_out
from pace_site.long_work.models import LongWork, WorkerSeen
from pace_site.long_work.workers import KEPT, a_worker_is_alive, is_interrupted
from pace_site.look.attachment import as_attachment

# The page asks by itself for so long and no longer, as a screen may be left alone; that keeps no session alive.
WATCHED = timedelta(minutes=15)
NO_CHANGE = 204


class LongWorkListView(View):
    """What the person asked for since yesterday."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        works = LongWork.objects.visible_to(request.user).select_related("file").defer("asked", "file__body")
        return render(request, "long_work/works.html", {"section": "reports", "works": works})


class LongWorkView(View):
    """One piece of work. HTMX asks for the moving part alone, and is given nothing while nothing has changed."""

    @cached_property
    def work(self) -> LongWork:
        works = LongWork.objects.visible_to(self.request.user).select_related("file").defer("file__body")
        work = works.filter(pk=self.kwargs["pk"]).first()
        if work is None:
            raise Http404("There is no such work.")
        return work

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = self.context()
        if "HX-Request" not in request.headers:
            return render(request, "long_work/work.html", context)
        if context["watched"] and request.GET.get("seen") == context["seen"]:
            return HttpResponse(status=NO_CHANGE)
        return render(request, "long_work/_state.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            ask_again(self.work, by=request.user)
        except ValidationError as refused:
            return render(request, "long_work/work.html", self.context() | {"refused": " ".join(refused.messages)})
        return redirect(self.work)

    def context(self) -> dict:
        work = self.work
        interrupted = is_interrupted(work)
        idle = work.is_open and not a_worker_is_alive()
        return {
            "section": "reports",
            "work": work,
            "file": getattr(work, "file", None),
            "interrupted": interrupted,
            "idle": idle,
            "last_seen": WorkerSeen.objects.first() if idle else None,
            "watched": work.is_open and timezone.now() - work.asked_at < WATCHED,
            "seen": f"{work.state}-{work.steps_done}-{work.attempts}-{interrupted}-{idle}",
            "kept_until": work.ended_at and work.ended_at + KEPT,
        }


class LongWorkFileView(View):
    """The file of one's own work."""

    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        work = LongWork.objects.visible_to(request.user).filter(pk=pk).first()
        file = work and hand_out(work, by=request.user)
        if file is None:
            raise Http404("There is no such file any more.")
        return as_attachment(file)
