"""The register of barriers: all of them, a new one, and one that is put right or resolved."""

from functools import cached_property, partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from improvement.actions.barriers import change_barrier, raise_barrier, resolve_barrier
from improvement.meeting_forms import BarrierForm, ResolvedForm
from improvement.models import Barrier
from improvement.owners import chosen_of
from improvement.pseudonyms import pseudonyms_for
from improvement.written_page import UNCHANGED, WrittenPage
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can, check_can
from pace_site.look.words import count_of


class BarriersView(PermissionRequiredMixin, View):
    """What stands in the way, what leaders are asked, and what was resolved."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        rows = list(Barrier.objects.visible_to(request.user).select_related("aim", "owner"))
        words = pseudonyms_for(request.user, [text for row in rows for text in (row.text, row.asked, row.resolution)])
        listed = [(row, words(row.text), words(row.asked), words(row.resolution)) for row in rows]
        standing = [each for each in listed if each[0].resolved_on is None]
        verb = "stands" if len(standing) == 1 else "stand"
        context = {
            "section": "improvement",
            "headline": f"{count_of(len(standing), 'barrier', 'barriers')} {verb} in the way"
            if standing
            else "No barrier stands in the way",
            "standing": standing,
            "resolved": sorted(
                (each for each in listed if each[0].resolved_on), key=lambda each: each[0].resolved_on, reverse=True
            ),
        }
        return render(request, "improvement/barriers.html", context)


class BarrierNewView(WrittenPage):
    page_file = "entry_form.html"

    def form(self, data=None):
        return BarrierForm(data, by=self.request.user)

    def act(self, form):
        raise_barrier(form.said, by=self.request.user)
        return "The barrier is in the register."

    def onward(self):
        return reverse("barriers")

    def context(self):
        return {"heading": "Add a barrier", "back_to": "Barriers"}


class BarrierView(WrittenPage):
    """One barrier: read by everybody, put right and resolved by who leads."""

    needs = Permission.VIEW_IMPROVEMENT

    @cached_property
    def barrier(self) -> Barrier:
        rows = Barrier.objects.visible_to(self.request.user).select_related("aim", "owner")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such barrier.")
        return found

    @property
    def leads(self) -> bool:
        return can(self.request.user, Permission.LEAD_IMPROVEMENT)

    def form(self, data=None):
        return BarrierForm(data, by=self.request.user, barrier=self.barrier) if self.leads else None

    def get(self, request, pk):
        kept = request.take_kept_form() if self.leads else None
        if kept is None:
            return self.page(self.form())
        resolves = kept.get("what") == "resolve"
        form = ResolvedForm(kept, auto_id="resolved_%s") if resolves else self.form(kept)
        form.is_valid()
        return self.page(self.form(), resolved_form=form, kept=True) if resolves else self.page(form, kept=True)

    def post(self, request, pk):
        barrier = self.barrier
        check_can(request.user, Permission.LEAD_IMPROVEMENT)
        if request.POST.get("what") != "resolve":
            return super().post(request)
        form = ResolvedForm(request.POST, auto_id="resolved_%s")
        why = "Somebody else has changed this barrier meanwhile. Look at it, then resolve it."
        if not form.carried_out(partial(resolve_barrier, barrier, by=request.user), why=why):
            return self.page(self.form(), resolved_form=form)
        messages.info(request, "The barrier is resolved.")
        return redirect("barriers")

    def act(self, form):
        edition = form.cleaned_data["edition"] or 0
        changed = change_barrier(self.barrier, form.said, edition=edition, by=self.request.user)
        return "The barrier is changed." if changed else UNCHANGED

    def onward(self):
        return self.barrier

    def now(self, form, current):
        said = {name: getattr(current, name) for name in ("text", "raised_on", "asked")}
        return said | {"owner": chosen_of(current), "aim": current.aim_id or ""}

    def page(self, form, **context):
        row = self.barrier
        words = pseudonyms_for(self.request.user, [row.text, row.asked, row.resolution])
        resolved = ResolvedForm(initial={"edition": row.edition}, auto_id="resolved_%s")
        shared = {
            "section": "improvement",
            "barrier": row,
            "text": words(row.text),
            "asked": words(row.asked),
            "resolution": words(row.resolution),
            "form": form,
            "resolved_form": resolved if self.leads and row.resolved_on is None else None,
        }
        return render(self.request, "improvement/barrier.html", shared | context)
