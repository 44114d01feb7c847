"""The pages of retention: the list for review, keeping longer, proposing, and deciding by a second person."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from children.models import Child
from children.retention.due import Reviewed
from children.retention.models import Pseudonymisation
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.retention.actions import (
    carry_out,
    check_reviewer,
    chosen_among,
    closed_in,
    keep_longer,
    kept_from,
    let_in,
    propose,
    reviewed_by,
    turn_down,
)
from pace_site.front.retention.named_elsewhere import places_naming
from pace_site.front.retention.preview import losses_of
from pace_site.front.retention.retention_forms import (
    DecisionForm,
    KeepLongerForm,
    LetInForm,
    ProposalForm,
    TurnDownForm,
)
from pace_site.front.retention.what_goes import GOES, STAYS
from pace_site.look.words import british_date, children

DECIDED_SHOWN = 20


class ReviewPage(PermissionRequiredMixin, View):
    """For people who review the records of their whole authority."""

    needs = Permission.PSEUDONYMISE

    def dispatch(self, request, *args, **kwargs):
        self.today = timezone.localdate()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def reviewed(self) -> list[Reviewed]:
        check_reviewer(self.request.user)
        return reviewed_by(self.request.user, on=self.today)

    def preview(self, chosen: list[Child]) -> dict:
        """What goes of these children and what stays; and where else they are named."""
        organisation = self.request.user.organisation
        return {
            "losses": losses_of(chosen, authority=organisation),
            "goes": GOES,
            "stays": STAYS,
            "elsewhere": places_naming(chosen, of=organisation),
        }


class RetentionView(ReviewPage):
    """Who is due for review. What is chosen here is shown in full before anything is proposed."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("what") == "let_in":
            return self.let_in()
        codes = request.POST.getlist("children")
        try:
            chosen = chosen_among(self.reviewed, codes)
        except ValidationError as error:
            return self.page(faults=error.messages, chosen=codes)
        form = ProposalForm(request.POST if request.POST.get("what") == "propose" else None)
        if form.is_bound and form.is_valid():
            try:
                propose(codes, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.info(
                    request,
                    f"Proposed for {children(len(chosen))}. Nothing changes before a second person confirms it.",
                )
                return redirect("retention")
        rows = [one.child for one in chosen]
        context = {"section": "retention", "form": form, "chosen": chosen, **self.preview(rows)}
        return render(request, "front/retention/propose.html", context)

    def let_in(self) -> HttpResponse:
        form = LetInForm(self.request.POST)
        if form.is_valid():
            try:
                let_in(form.cleaned_data["local_ref"], reason=form.cleaned_data["reason"], by=self.request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.info(self.request, "The next extract takes this reference in, as a new child.")
                return redirect("retention")
        return self.page(form=form)

    def page(self, *, faults=(), chosen=(), form: LetInForm | None = None) -> HttpResponse:
        user = self.request.user
        proposals = Pseudonymisation.objects.visible_to(user).select_related("proposed_by", "decided_by")
        context = {
            "section": "retention",
            "today": self.today,
            "years": user.organisation.retention_years,
            "due": [one for one in self.reviewed if one.is_due],
            "waiting": [one for one in self.reviewed if not one.is_due],
            "open": proposals.filter(state=Pseudonymisation.State.PROPOSED).prefetch_related("children"),
            "decided": proposals.exclude(state=Pseudonymisation.State.PROPOSED).prefetch_related("children")[
                :DECIDED_SHOWN
            ],
            "withheld": kept_from(user, on=self.today),
            "faults": faults,
            "chosen": chosen,
            "form": form or LetInForm(),
        }
        return render(self.request, "front/retention/retention.html", context)


class KeepLongerView(ReviewPage):
    """Keep one record as it is, until it is reviewed again."""

    http_method_names = ["get", "post"]

    @cached_property
    def child(self) -> Child:
        check_reviewer(self.request.user)
        found = Child.objects.identifiable_to(self.request.user).filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404("There is no such record.")
        return found

    @property
    def one(self) -> Reviewed | None:
        """The record as the list has it; None while its period is not over."""
        return next((one for one in self.reviewed if one.child.pk == self.child.pk), None)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page(KeepLongerForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        child, form = self.child, KeepLongerForm(request.POST)
        if form.is_valid():
            try:
                kept = keep_longer(child, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.info(request, f"{code} is kept as it is, and reviewed again on {british_date(kept.until)}.")
                return redirect("retention")
        return self.page(form)

    def page(self, form: KeepLongerForm) -> HttpResponse:
        context = {"section": "retention", "child": self.child, "one": self.one, "form": form}
        return render(self.request, "front/retention/keep_longer.html", context)


class ProposalView(ReviewPage):
    """One proposal: what it would take, and the decision of a second person."""

    http_method_names = ["get", "post"]

    @cached_property
    def proposal(self) -> Pseudonymisation:
        check_reviewer(self.request.user)
        rows = Pseudonymisation.objects.visible_to(self.request.user).select_related("proposed_by", "decided_by")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such proposal.")
        return found

    @property
    def is_open(self) -> bool:
        return self.proposal.state == Pseudonymisation.State.PROPOSED

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(DecisionForm(), TurnDownForm(prefix="not"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_no = request.POST.get("what") == "turn_down"
        confirming = DecisionForm(None if is_no else request.POST)
        refusing = TurnDownForm(request.POST if is_no else None, prefix="not")
        form = refusing if is_no else confirming
        proposal = self.proposal
        if form.is_valid():
            try:
                if is_no:
                    turn_down(proposal, reason=form.cleaned_data["reason"], by=request.user)
                    said = "Turned down: the records stay as they are."
                else:
                    said = f"Pseudonymised: {', '.join(carry_out(proposal, by=request.user, **form.cleaned_data))}."
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.info(request, said)
                return redirect("retention")
        return self.page(confirming, refusing)

    def page(self, confirming: DecisionForm, refusing: TurnDownForm) -> HttpResponse:
        user = self.request.user
        rows = list(Child.objects.visible_to(user).filter(pseudonymisations=self.proposal).order_by("code"))
        context = {
            "section": "retention",
            "proposal": self.proposal,
            "children": rows,
            "withheld": closed_in(self.proposal, to=user),
            "is_open": self.is_open,
            "is_own": self.proposal.proposed_by_id == self.request.user.pk,
            "form": confirming if confirming.is_bound else refusing,
            "confirming": confirming,
            "refusing": refusing,
        }
        if self.is_open:
            context |= self.preview(rows)
        return render(self.request, "front/retention/proposal.html", context)
