"""The page on which a finding is accepted as true, with a reason, and on which that is taken back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import cached_property

from children.models import Child
from milestones.models import AcceptedFinding
from milestones.quality.accepted import accepted_of, split
from milestones.quality.actions import LONGEST_REASON, SHORTEST_REASON, accept_finding, take_back
from milestones.quality.declaration import DECLARED, Rule
from milestones.quality.records import load_records
from pace_site.accounts.permissions import Permission
from pace_site.front.one_child import OfOneChild
from pace_site.look.asked import row_asked
from pace_site.look.reasons import reason_field


class AcceptForm(forms.Form):
    """Which finding, by the fingerprint of its facts, and why it is true."""

    finding = forms.ChoiceField(
        label="What is true as it stands",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you accept.",
            "invalid_choice": "The facts have changed since you opened this page. Read it again, then choose.",
        },
    )
    reason = reason_field(
        "How you know",
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
        help_text="What you checked, and what you found. Name nobody: the reason is kept with the record.",
        required="Say how you know that it is true.",
    )


class FindingAcceptView(OfOneChild):
    """The findings of one rule of one child: accept one with a reason, or take an acceptance back."""

    needs = Permission.ACCEPT_FINDINGS

    @cached_property
    def rule(self) -> Rule:
        rule = DECLARED.get(self.kwargs["rule"])
        if rule is None:
            raise Http404("There is no such rule.")
        return rule

    @cached_property
    def found(self):
        """The findings of the rule that are open, and those accepted with their acceptance."""
        mine = Child.objects.identifiable_to(self.request.user).filter(pk=self.child.pk)
        (record,) = load_records(mine)
        return split(self.rule.findings(record.up_to(self.today), self.today), accepted_of(mine))

    def form(self, data=None) -> AcceptForm:
        still_open, _accepted = self.found
        initial = {"finding": still_open[0].fingerprint} if len(still_open) == 1 else {}
        form = AcceptForm(data, initial=initial)
        form.fields["finding"].choices = [(each.fingerprint, each.message) for each in still_open]
        return form

    def get(self, request, **_address):
        return self.page(self.form())

    def post(self, request, **_address):
        if "take_back" in request.POST:
            return self.take_back(request.POST["take_back"])
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        still_open, _accepted = self.found
        chosen = next(each for each in still_open if each.fingerprint == form.cleaned_data["finding"])
        try:
            accept_finding(self.child, chosen, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        return redirect(f"{self.child.get_absolute_url()}#please-check")

    def take_back(self, key: str):
        mine = AcceptedFinding.objects.identifiable_to(self.request.user)
        of_rule = mine.filter(child=self.child, rule=self.rule.number).select_related("child__authority")
        accepted = row_asked(of_rule, key)
        if accepted is None:
            raise Http404("There is no such acceptance.")
        try:
            take_back(accepted, by=self.request.user)
        except ValidationError as error:
            messages.info(self.request, " ".join(error.messages))
        return redirect(f"{self.child.get_absolute_url()}#please-check")

    def page(self, form: AcceptForm):
        still_open, accepted = self.found
        context = {
            "section": "children",
            "who": self.who,
            "rule": self.rule,
            "form": form,
            "still_open": still_open,
            "accepted": accepted,
        }
        return render(self.request, "front/data_quality/accept.html", context)
