"""The forms of the four steps of a cycle. What may follow what is for the actions; a form asks and reads."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from children.models import Child
from improvement.actions.cycles import CAME_TRUE, MOST_ROWS
from improvement.cycle_steps import STEPS, Step
from improvement.models import PdsaCycle
from improvement.models.tests_of_change import TEXT, Decision, Scale
from improvement.written_form import NO_NAMES, WrittenForm, day_field
from pace_site.accounts.models import User

EMPTY_ROWS = 2  # offered beyond the questions that are there
FEWEST_ROWS = 3
FINDINGS = dict(zip(CAME_TRUE, ("Not said", "Came true", "Partly", "Did not come true"), strict=True))
LABELS = {
    "scale": "With how many",
    "objective": "Objective",
    "questions": "Questions and predictions",
    "who": "Who does it",
    "what": "What is done",
    "where": "Where",
    "when": "When, in words",
    "data_items": "Data to collect",
    "planned_start": "Meant to begin on",
    "planned_end": "Meant to end on",
    "children": "Children in it",
    "started_on": "Began on",
    "ended_on": "Ended on",
    "as_planned": "Was it carried out as planned?",
    "what_happened": "What happened",
    "observations": "Observations, problems and surprises",
    "results": "Results",
    "comparison": "Compared with the prediction",
    "came_true": "Did the predictions come true?",
    "parents_said": "What parents said",
    "children_said": "What children said",
    "practitioners_said": "What practitioners said",
    "learned": "What was learned",
    "decision": "What follows",
    "decision_reason": "Why",
    "next_step": "Next step",
    "decided_on": "Decided on",
}


def text_field(name: str, *, rows: int = 3, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=LABELS[name],
        required=False,
        max_length=TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class StepForm(WrittenForm):
    """The form of one step. A valid one holds in `said` what its action takes."""

    step: Step
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, cycle: PdsaCycle, by: User):
        self.cycle, self.by = cycle, by
        # Each field of the page has an id of its own, as the page shows what is said beside the form.
        super().__init__(data, initial=self.initial_of(cycle) | {"edition": cycle.edition}, auto_id="typed_%s")

    def initial_of(self, cycle: PdsaCycle) -> dict[str, Any]:
        return {name: getattr(cycle, name) for name in STEPS[self.step].fields}

    @property
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in STEPS[self.step].fields}

    @property
    def typed(self) -> dict[str, Any]:
        """All that was typed, even where it can no longer be taken: to be laid beside what is there now."""
        return self.said

    @property
    def children_beside(self) -> tuple[str, str]:
        """The person's children who are in the cycle now, and those typed: alike where a form asks of none."""
        return "", ""

    @property
    def more(self) -> dict[str, Any]:
        """What the step's action takes besides."""
        return {}


class PlanForm(StepForm):
    step = Step.PLAN
    scale = forms.ChoiceField(label=LABELS["scale"], choices=Scale.choices)
    objective = text_field("objective", rows=2, help_text=f"What this cycle shall show. {NO_NAMES}")
    data_items = forms.CharField(
        label=LABELS["data_items"],
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One thing on each line, and how it is collected.",
    )
    who = text_field("who", rows=2)
    what = text_field("what", rows=2)
    where = text_field("where", rows=2, help_text="The team or locality.")
    when = text_field("when", rows=2)
    planned_start = day_field(LABELS["planned_start"])
    planned_end = day_field(LABELS["planned_end"])
    children = forms.CharField(
        label=LABELS["children"],
        required=False,
        max_length=TEXT,
        help_text="By pseudonym, with commas between: P-0417, P-2290. Only children whom you may open.",
    )

    def __init__(self, data=None, *, cycle: PdsaCycle, by: User):
        self.mine = list(Child.objects.visible_to(by).filter(cycles=cycle).order_by("code"))
        super().__init__(data, cycle=cycle, by=by)
        for number in range(0 if self.predictions_stand else self._rows(data)):
            for name, label in (("question", "Question"), ("prediction", "Prediction")):
                self.fields[f"{name}_{number}"] = forms.CharField(
                    label=f"{label} {number + 1}",
                    required=False,
                    max_length=TEXT,
                    strip=False,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    @property
    def predictions_stand(self) -> bool:
        """Once a cycle has begun, nobody predicts what is known."""
        return self.cycle.started_on is not None

    def _rows(self, data) -> int:
        sent = [name for name in data or () if re.fullmatch(r"question_\d{1,2}", name)]
        wanted = len(sent) if data is not None else max(FEWEST_ROWS, len(self.cycle.questions) + EMPTY_ROWS)
        return min(wanted, MOST_ROWS)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each question beside its prediction."""
        numbers = [name.removeprefix("question_") for name in self.fields if name.startswith("question_")]
        return [(self[f"question_{number}"], self[f"prediction_{number}"]) for number in numbers]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that stand below the questions."""
        names = ("data_items", "who", "what", "where", "when", "planned_start", "planned_end", "children")
        return [self[name] for name in names]

    def initial_of(self, cycle):
        rows = {
            f"{name}_{number}": each[name]
            for number, each in enumerate(cycle.questions)
            for name in ("question", "prediction")
        }
        return (
            super().initial_of(cycle)
            | rows
            | {
                "data_items": "\n".join(cycle.data_items),
                "children": ", ".join(child.code for child in self.mine),
            }
        )

    def clean_data_items(self) -> list[str]:
        return self.cleaned_data["data_items"].replace("\r\n", "\n").split("\n")

    def clean_children(self) -> list[Child]:
        codes = [code.upper() for code in re.split(r"[\s,;]+", self.cleaned_data["children"]) if code]
        found = {child.code.upper(): child for child in Child.objects.visible_to(self.by).filter(code__in=codes)}
        unknown = [code for code in codes if code not in found]
        if unknown:
            words = "is not the pseudonym of a child" if len(unknown) == 1 else "are not pseudonyms of children"
            raise ValidationError(f"{', '.join(unknown)} {words} whom you may open. Leave names out.")
        return [found[code] for code in dict.fromkeys(codes)]

    @property
    def said(self):
        said = {name: value for name, value in super().said.items() if name != "children"}
        if self.predictions_stand:
            return said
        numbers = range(len(self.rows))
        pairs = [(self.cleaned_data[f"question_{n}"], self.cleaned_data[f"prediction_{n}"]) for n in numbers]
        return said | {"questions": pairs}

    @property
    def typed(self):
        if not self.predictions_stand:
            return self.said
        # The cycle was begun while somebody still wrote its predictions.
        numbers = [n for n in range(MOST_ROWS) if f"question_{n}" in self.data]
        pairs = [(self.data[f"question_{n}"], self.data.get(f"prediction_{n}", "")) for n in numbers]
        return self.said | ({"questions": pairs} if pairs else {})

    @property
    def children_beside(self):
        typed = sorted(self.cleaned_data["children"], key=lambda child: child.code)
        return tuple(", ".join(child.code for child in children) for children in (self.mine, typed))

    @property
    def more(self):
        return {"children": self.cleaned_data["children"]}


class DoForm(StepForm):
    step = Step.DO
    started_on = day_field(LABELS["started_on"], help_text="With this day the cycle begins, and its predictions stand.")
    ended_on = day_field(LABELS["ended_on"], help_text="Empty while it goes on.")
    as_planned = forms.TypedChoiceField(
        label=LABELS["as_planned"],
        choices=[("", "Not said yet"), ("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
    )
    what_happened = text_field("what_happened", rows=4, help_text=NO_NAMES)
    observations = text_field("observations", rows=4, help_text="And the data, as far as they are there.")

    def initial_of(self, cycle):
        as_planned = {True: "yes", False: "no", None: ""}[cycle.as_planned]
        return super().initial_of(cycle) | {"as_planned": as_planned}


class StudyForm(StepForm):
    step = Step.STUDY
    results = text_field("results", rows=4, help_text=NO_NAMES)
    comparison = text_field("comparison", rows=3)
    parents_said = text_field("parents_said", help_text=NO_NAMES)
    children_said = text_field("children_said", help_text=NO_NAMES)
    practitioners_said = text_field("practitioners_said")
    learned = text_field("learned")

    def __init__(self, data=None, *, cycle: PdsaCycle, by: User):
        super().__init__(data, cycle=cycle, by=by)
        for number, each in enumerate(cycle.questions):
            self.fields[f"came_true_{number}"] = forms.ChoiceField(
                label=each["question"],
                choices=list(FINDINGS.items()),
                required=False,
                help_text=f"Predicted: {each['prediction'] or 'nothing'}",
            )

    def initial_of(self, cycle):
        found = {f"came_true_{number}": each["came_true"] for number, each in enumerate(cycle.questions)}
        return super().initial_of(cycle) | found

    @property
    def findings(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("came_true_")]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in STEPS[Step.STUDY].fields]

    @property
    def said(self):
        return super().said | {"came_true": [self.cleaned_data[field.name] for field in self.findings]}


class ActForm(StepForm):
    step = Step.ACT
    decision = forms.ChoiceField(
        label=LABELS["decision"], choices=Decision.choices, required=False, widget=forms.RadioSelect
    )
    decision_reason = text_field("decision_reason", help_text=NO_NAMES)
    next_step = text_field("next_step", rows=2)
    decided_on = day_field(LABELS["decided_on"], help_text="Empty: today.")


FORMS = {form.step: form for form in (PlanForm, DoForm, StudyForm, ActForm)}
