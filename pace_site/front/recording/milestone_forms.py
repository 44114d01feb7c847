"""Forms of milestones: what every kind asks, and what a review or a panel asks besides.

Some fields are shared by siblings who had the same meeting (its day, its minute); the others are each child's own
(what was decided). A sibling's own fields are named like the child's, with the sibling's key behind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms

from children.models import Child
from children.presenter import PresentedChild
from milestones.actions import Draft, correct_milestone, record_milestones
from milestones.catalogue import (
    BY_CODE,
    NOT_HELD,
    OUTCOME_LABELS,
    ChangePrompt,
    OrderType,
    PanelOutcome,
    Precision,
    ReviewKind,
    ReviewOutcome,
    Route,
    Source,
)
from milestones.models import Milestone
from milestones.plans import Plans
from pace_site.front.recording.entry_forms import CorrectionForm, EntryForm, choice_field, date_field
from pace_site.look.words import british_date, lower_first

SHARED = ("happened_on", "precision", "planned_on", "review_kind", "order_type", "source")
OWN = (
    "outcome",
    "route",
    "concurrent_route",
    "change_prompt",
    "change_reason",
    "pre_birth",
    "rehabilitation",
    "kinship",
    "first_accommodated_on",
    "note",
)
# A sibling is asked for these alone; the rest is added on the sibling's own page.
ASKED_OF_SIBLINGS = ("outcome", "route", "rehabilitation", "kinship", "change_prompt", "change_reason")
IN_OR_OUT = [("in", OUTCOME_LABELS["in"]), ("out", OUTCOME_LABELS["out"])]
# Where a date of this kind is usually read.
USUAL_SOURCE = {
    "REVIEW": Source.REVIEW,
    "PERM_REC": Source.REVIEW,
    "PERM_DECISION": Source.REVIEW,
    "PPM": Source.MEETING,
    "PPM_DECISION": Source.MEETING,
    "PANEL_PRESENTED": Source.PANEL,
    "PANEL_REC": Source.PANEL,
    "MATCH_PANEL": Source.PANEL,
    "ADM_DECISION": Source.LETTER,
    "COURT_LODGED": Source.LEGAL,
    "ORDER_GRANTED": Source.COURT,
    "ORDER_REFUSED": Source.COURT,
    "AT_HOME_AUDIT": Source.AUDIT,
}
MUST_HAVE_ROUTE = frozenset({"PERM_REC", "PERM_DECISION", "PPM_DECISION", "PANEL_REC"})
MUST_HAVE_OUTCOME = frozenset({"ADM_DECISION", "REHAB_DECISION", "KINSHIP_DECISION"})
# A change of route in one of these is a change of plan, and asks why.
PLANS = frozenset({"PERM_REC"})
# These usually have the route of the plan, which is offered first.
FOLLOW_THE_PLAN = frozenset({"ADM_DECISION", "COURT_LODGED", "ORDER_GRANTED", "ORDER_REFUSED", "APPLICATION_WITHDRAWN"})
A_YEAR = timedelta(days=366)


FIELDS: dict[str, Callable[[], forms.Field]] = {
    "happened_on": lambda: date_field("Date it happened", **{"data-quick": "yes"}),
    "precision": lambda: forms.ChoiceField(
        label="How exactly is the date known?", choices=Precision.choices, initial=Precision.DAY, required=False
    ),
    "planned_on": lambda: date_field("Planned for", help_text="The day it is, or was, planned for."),
    "review_kind": lambda: choice_field("Which review", ReviewKind.choices),
    "outcome": lambda: choice_field("Outcome", []),
    "route": lambda: choice_field("Route", Route.choices),
    "order_type": lambda: choice_field("Order", OrderType.choices),
    "rehabilitation": lambda: choice_field("Return to parents", IN_OR_OUT, empty="Not decided here"),
    "kinship": lambda: choice_field("Care by family or friends", IN_OR_OUT, empty="Not decided here"),
    "concurrent_route": lambda: choice_field("Planned for at the same time", Route.choices, empty="Nothing else"),
    "change_prompt": lambda: choice_field("What prompted the change of plan", ChangePrompt.choices),
    "change_reason": lambda: forms.CharField(label="Why the plan changes", max_length=200, required=False),
    "pre_birth": lambda: forms.BooleanField(label="Made before the child was born", required=False),
    "first_accommodated_on": lambda: date_field("First accommodated on", help_text="Wherever that was."),
    "source": lambda: choice_field("Where the date was read", Source.choices),
    "note": lambda: forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    ),
}
# Seldom needed when something has just happened: folded away, so that a review is recorded in under a minute.
SELDOM = ("concurrent_route", "planned_on", "precision", "source", "note")
PLAN_FIELDS = ("concurrent_route", "change_prompt", "change_reason", "pre_birth")


@dataclass(frozen=True)
class SiblingFields:
    """The fields of one sibling, as the template lays them out."""

    include: forms.BoundField
    own: list[forms.BoundField]


class MilestoneForm(EntryForm):
    """Records one milestone of `kind`, for the child and for those siblings who are ticked."""

    of_row: int | None = None
    folded: tuple[str, ...] = SELDOM
    fold_label = "Planned day, exactness of the date, source, note"

    def __init__(self, *args, kind: str, siblings: Sequence[PresentedChild] = (), **kwargs):
        self.kind, self.siblings = BY_CODE[kind], siblings
        kwargs["initial"] = {"source": USUAL_SOURCE.get(kind, ""), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        plan = self.plans.of(self.child)
        if plan and kind in FOLLOW_THE_PLAN:
            self.initial.setdefault("route", plan[-1].route)

    @property
    def heading(self) -> str:
        return self.kind.label

    def asked(self) -> list[str]:
        """The fields of this kind of milestone, in the order in which a person thinks of them."""
        kind = self.kind
        asked = ["happened_on", "review_kind"] if kind.code == "REVIEW" else ["happened_on"]
        asked += ["outcome"] if kind.outcomes or kind.offered else []
        asked += ["route"] if kind.has_route else []
        asked += ["order_type"] if kind.has_order else []
        asked += PLAN_FIELDS if kind.code in PLANS else []
        asked += ["first_accommodated_on"] if kind.code == "LA_TRANSFER_IN" else []
        return [*asked, "planned_on", "precision", "source", "note"]

    def arrange(self):
        self.plans = Plans([self.child, *(who.child for who in self.siblings)], but_for=self.of_row)
        for name in self.asked():
            if self._concerns(self.child, name):
                self.fields[name] = self.field(name)
        for who in self.siblings:
            key = who.child.pk
            self.fields[f"include_{key}"] = forms.BooleanField(label=f"Also for {who.called}", required=False)
            for name in self.asked():
                if name in ASKED_OF_SIBLINGS and self._concerns(who.child, name):
                    self.fields[f"{name}_{key}"] = self.field(name, of_sibling=True)

    def _concerns(self, child: Child, name: str) -> bool:
        """Whether a question makes sense of a child: a change of plan needs a plan, and birth must be near."""
        if name in ("change_prompt", "change_reason"):
            return bool(self.plans.of(child))
        if name == "pre_birth":
            return child.date_of_birth is None or self.today - child.date_of_birth < A_YEAR
        return True

    def field(self, name: str, *, of_sibling: bool = False) -> forms.Field:
        """A fresh field of that name, as this kind of milestone asks it; a sibling's need not be filled."""
        field = FIELDS[name]()
        if name == "outcome":
            outcomes = self.kind.outcomes or self.kind.offered
            field.choices = [("", ""), *((code, OUTCOME_LABELS[code]) for code in outcomes)]
        field.required = name in self.must_have() and not of_sibling
        return field

    def must_have(self) -> tuple[str, ...]:
        """The own fields that cannot be left open."""
        code = self.kind.code
        return (("route",) if code in MUST_HAVE_ROUTE else ()) + (("outcome",) if code in MUST_HAVE_OUTCOME else ())

    def of_siblings(self) -> Iterator[SiblingFields]:
        """The fields of each sibling, for the template."""
        for who in self.siblings:
            own = [self[name] for name in self.fields if name in {f"{each}_{who.child.pk}" for each in OWN}]
            yield SiblingFields(self[f"include_{who.child.pk}"], own)

    def of_the_child(self) -> list[forms.BoundField]:
        """The fields of the child itself that are asked first, for the template."""
        return [self[name] for name in self.fields if name in FIELDS and name not in self.folded]

    def seldom_asked(self) -> list[forms.BoundField]:
        """The fields that are folded away."""
        return [self[name] for name in self.fields if name in self.folded]

    def opens_folded(self) -> bool:
        """Whether something in the fold was typed or refused, so that it must be seen."""
        usual = {"precision": Precision.DAY, "source": USUAL_SOURCE.get(self.kind.code, "")}
        return any(
            field.errors or (field.value() or "") not in ("", usual.get(field.name, ""))
            for field in self.seldom_asked()
        )

    # What was typed

    def included(self) -> list[tuple[Child, str]]:
        """The child and each ticked sibling, with what follows the names of their own fields."""
        ticked = [who.child for who in self.siblings if self.cleaned_data.get(f"include_{who.child.pk}")]
        return [(self.child, ""), *((child, f"_{child.pk}") for child in ticked)]

    def clean(self):
        cleaned = super().clean()
        cleaned["precision"] = cleaned.get("precision") or Precision.DAY
        if cleaned["precision"] == Precision.MONTH and cleaned.get("happened_on"):
            cleaned["happened_on"] = cleaned["happened_on"].replace(day=1)
        for child, suffix in self.included():
            self.check_own(child, suffix)
        return cleaned

    def check_own(self, child: Child, suffix: str) -> None:
        """What the own answers of one child must satisfy."""
        for name in self.must_have() if suffix else ():
            if not self.cleaned_data.get(name + suffix):
                self.add_error(name + suffix, "Choose one for this child too.")
        if self.cleaned_data.get(f"outcome{suffix}") in NOT_HELD:
            if self.cleaned_data.get("happened_on"):
                self.add_error(f"outcome{suffix}", "It was held on the day given above, so it was not put off.")
            elif not self.cleaned_data.get("planned_on") and "planned_on" not in self.errors:
                self.add_error("planned_on", "Give the day it was planned for.")
        self.check_plan(child, suffix)

    def check_plan(self, child: Child, suffix: str) -> None:
        """A plan that changes asks why, and what prompted it."""
        day, route = self.cleaned_data.get("happened_on"), self.recommended(suffix)
        if not route or not day or self.cleaned_data["precision"] != Precision.DAY:
            return
        plan = self.plans.on(child, day)
        if plan is None or plan.route == route:
            return
        words = f"The plan since {british_date(plan.happened_on)} is {plan.get_route_display()}."
        for name, ask in (("change_prompt", "Say what prompted the change."), ("change_reason", "Say why it changes.")):
            if not self.cleaned_data.get(name + suffix):
                self.add_error(name + suffix, f"{words} {ask}")

    def recommended(self, suffix: str) -> str:
        """The route that these answers recommend; "" for none."""
        return self.cleaned_data.get(f"route{suffix}", "") if self.kind.code in PLANS else ""

    # What becomes of it

    def shared_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SHARED if name in self.fields}

    def own_values(self, suffix: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name + suffix] for name in OWN if name + suffix in self.fields}

    def drafts_of(self, child: Child, own: dict[str, Any]) -> list[Draft]:
        """The milestones that one child's answers make."""
        return [Draft(child, self.kind.code, self.shared_values() | own)]

    def save(self) -> list[Milestone]:
        drafts = [
            draft for child, suffix in self.included() for draft in self.drafts_of(child, self.own_values(suffix))
        ]
        return record_milestones(drafts, by=self.by)


class ReviewForm(MilestoneForm):
    """A review with what it decided: the outcome checklist of the reviewing officers (`domain.md` 6.9)."""

    def asked(self):
        shared = super().asked()
        at = shared.index("outcome") + 1
        return [*shared[:at], "route", *PLAN_FIELDS, "rehabilitation", "kinship", *shared[at:]]

    def field(self, name, *, of_sibling=False):
        field = super().field(name, of_sibling=of_sibling)
        if name == "route":
            field.label, field.choices = "Recommendation for permanence", [("", "None made"), *Route.choices]
        return field

    def recommended(self, suffix):
        return self.cleaned_data.get(f"route{suffix}", "")

    def check_own(self, child, suffix):
        super().check_own(child, suffix)
        decided = any(self.cleaned_data.get(name + suffix) for name in ("route", "rehabilitation", "kinship"))
        if decided and not self.cleaned_data.get("happened_on") and "happened_on" not in self.errors:
            self.add_error("happened_on", "Give the day of the review that decided this.")

    def drafts_of(self, child, own):
        shared, route = self.shared_values(), own.pop("route", "")
        plan = {name: own.pop(name) for name in PLAN_FIELDS if name in own}
        decisions = {"REHAB_DECISION": own.pop("rehabilitation", ""), "KINSHIP_DECISION": own.pop("kinship", "")}
        outcome = own.get("outcome") or (ReviewOutcome.RECOMMENDED if route else "")
        dated = {name: shared[name] for name in ("happened_on", "precision", "source")}
        drafts = [Draft(child, "REVIEW", {**shared, "outcome": outcome})]
        drafts += [Draft(child, kind, {**dated, "outcome": value}) for kind, value in decisions.items() if value]
        return drafts + ([Draft(child, "PERM_REC", {**dated, "route": route, **plan})] if route else [])


class PanelForm(MilestoneForm):
    """A case at panel, and what panel recommends on the same day."""

    def asked(self):
        shared = super().asked()
        at = shared.index("outcome") + 1
        return [*shared[:at], "route", *shared[at:]]

    def field(self, name, *, of_sibling=False):
        field = super().field(name, of_sibling=of_sibling)
        if name == "route":
            field.label, field.choices = "Route that panel recommends", [("", "None"), *Route.choices]
        return field

    def check_own(self, child, suffix):
        super().check_own(child, suffix)
        route, outcome = self.cleaned_data.get(f"route{suffix}"), self.cleaned_data.get(f"outcome{suffix}")
        if route and outcome in (PanelOutcome.DEFERRED, PanelOutcome.NOT_RECOMMENDED):
            self.add_error(f"route{suffix}", "By the outcome above, panel recommended no route.")
        if route and not self.cleaned_data.get("happened_on") and "happened_on" not in self.errors:
            self.add_error("happened_on", "Give the day of the panel that recommended this.")

    def drafts_of(self, child, own):
        shared, route = self.shared_values(), own.pop("route", "")
        outcome = own.get("outcome") or (PanelOutcome.RECOMMENDED if route else "")
        drafts = [Draft(child, "PANEL_PRESENTED", {**shared, "outcome": outcome})]
        if route:
            dated = {name: shared[name] for name in ("happened_on", "precision", "source")}
            drafts.append(Draft(child, "PANEL_REC", {**dated, "route": route}))
        return drafts


class MilestoneCorrectionForm(MilestoneForm, CorrectionForm):
    """Corrects one milestone, in the fields of its kind."""

    def __init__(self, *args, row: Milestone, **kwargs):
        self.row, self.of_row = row, row.pk
        said = {name: getattr(row, name) for name in SHARED + OWN if hasattr(row, name)}
        kwargs["initial"] = {**said, "edition": row.edition, **kwargs.get("initial", {})}
        super().__init__(*args, kind=row.kind, **kwargs)

    @property
    def heading(self):
        return f"Correct: {lower_first(self.kind.label)}"

    def field(self, name, *, of_sibling=False):
        field = super().field(name, of_sibling=of_sibling)
        said = getattr(self.row, name, "")
        if isinstance(field, forms.ChoiceField) and said and said not in dict(field.choices):
            # An extract may use words of its own; they stay until somebody chooses others.
            field.choices = [*field.choices, (said, said)]
        return field

    def save(self):
        values = self.shared_values() | self.own_values("")
        changed = correct_milestone(self.row, values, edition=self.cleaned_data["edition"], by=self.by)
        return [self.row] if changed else []


HELD = "held"


class HeldForm(MilestoneCorrectionForm):
    """Says what came of a meeting that was planned: corrects the planned row, and records what was decided there."""

    held = forms.CharField(widget=forms.HiddenInput, required=False, initial="yes")
    # It is known when it was planned for; what came of it is asked first.
    folded = ("concurrent_route", "precision", "source", "note")
    fold_label = "Exactness of the date, source, note"

    @property
    def heading(self):
        return self.kind.label

    def save(self):
        (planned, *decided) = self.drafts_of(self.child, self.own_values(""))
        changed = correct_milestone(self.row, planned.values, edition=self.cleaned_data["edition"], by=self.by)
        return ([self.row] if changed else []) + record_milestones(decided, by=self.by)


class HeldReviewForm(HeldForm, ReviewForm):
    """A planned review that was held, or was not."""


class HeldPanelForm(HeldForm, PanelForm):
    """A planned panel that heard the case, or did not."""


HELD_FORMS = {"REVIEW": HeldReviewForm, "PANEL_PRESENTED": HeldPanelForm}


def correction_form_of(row: Milestone, typed: Mapping[str, str] | None) -> type[MilestoneCorrectionForm]:
    """The form that corrects a milestone; one that was only planned is asked what came of it.

    What was `typed` into one form is read by that form, whatever the record has become meanwhile.
    """
    held = row.happened_on is None if typed is None else HELD in typed
    return HELD_FORMS.get(row.kind, MilestoneCorrectionForm) if held else MilestoneCorrectionForm
