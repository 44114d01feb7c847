"""The forms of driver diagrams: to start one, and to change what stands on it."""

from django import forms

from aims.models import Aim
from improvement.aim_choices import aim_choices
from improvement.diagram_content import DiagramContent
from improvement.models import ChangeIdea, Driver, DriverDiagram, Measure
from improvement.models.drivers import DEFINITION, DEFINITIONS, SENTENCE
from improvement.written_form import NO_NAMES, WrittenForm
from pace_site.accounts.models import User

PROGRAMME = "The whole programme"
STARTS = [("national", "From the national PACE diagram"), ("empty", "Empty")]


def title_field() -> forms.CharField:
    return forms.CharField(
        label="Title", max_length=120, error_messages={"required": "Give the diagram a title."}, help_text=NO_NAMES
    )


def reason_field() -> forms.CharField:
    return forms.CharField(
        label="Why, for those who look back", required=False, max_length=200, help_text="May stay empty."
    )


def sentence_field(*, required: bool, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label="The aim in one sentence",
        required=required,
        max_length=SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={"required": "Say the aim in one sentence: the whole diagram leads to it."},
    )


def definition_field(*, label: str, longest: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text="What exactly is meant, so that two people count alike.",
    )


class AimOfDiagramForm(WrittenForm):
    """What both forms of a diagram share: whose it is."""

    def offer_aims(self, user: User, *, kept: Aim | None = None) -> None:
        choices = [("", PROGRAMME), *aim_choices(user, kept=kept)]
        self.fields["aim"] = forms.ChoiceField(
            label="For which aim",
            required=False,
            choices=choices,
        )

    def aim_of(self, user: User) -> Aim | None:
        key = self.cleaned_data["aim"]
        return Aim.objects.visible_to(user).get(pk=key) if key else None


class DiagramNewForm(AimOfDiagramForm):
    title = title_field()
    start = forms.ChoiceField(label="How to start", choices=STARTS, widget=forms.RadioSelect, initial="national")
    sentence = sentence_field(
        required=False, help_text="Left empty, it is that of the national diagram or the text of the aim."
    )

    def __init__(self, data=None, *, by: User, initial=None):
        super().__init__(data, initial=initial)
        self.by = by
        self.offer_aims(by)
        self.order_fields(["title", "aim", "start", "sentence"])

    @property
    def said(self) -> dict:
        said = self.cleaned_data
        return {
            "title": said["title"],
            "sentence": said["sentence"],
            "aim": self.aim_of(self.by),
            "from_national": said["start"] == "national",
        }


class DiagramForm(AimOfDiagramForm):
    """What a diagram is about."""

    title = title_field()
    sentence = sentence_field(required=True)
    definitions = definition_field(label="Operational definitions", longest=DEFINITIONS, rows=5)
    reason = reason_field()
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, by: User, diagram: DriverDiagram):
        initial = {name: getattr(diagram, name) for name in ("title", "sentence", "definitions", "edition")}
        super().__init__(data, initial=initial | {"aim": diagram.aim_id or ""})
        self.by = by
        self.offer_aims(by, kept=diagram.aim)
        self.order_fields(["title", "aim", "sentence", "definitions", "reason", "edition"])

    @property
    def said(self) -> dict:
        said = {name: self.cleaned_data[name] for name in ("title", "sentence", "definitions")}
        return said | {"aim": self.aim_of(self.by)}


class DriverForm(WrittenForm):
    """The words of a driver; those of a new secondary one come with the primary drivers that it serves."""

    text = forms.CharField(
        label="The driver in a few words",
        max_length=200,
        help_text=NO_NAMES,
        error_messages={"required": "Say in a few words what the aim depends on."},
    )
    definition = definition_field(label="Operational definition", longest=DEFINITION, rows=2)
    reason = reason_field()
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, driver: Driver | None = None, serves: DiagramContent | None = None, initial=None):
        if driver is not None:
            initial = {name: getattr(driver, name) for name in ("text", "definition", "edition")}
        super().__init__(data, initial=initial)
        if serves is not None and serves.primary:
            self.fields["serves"] = forms.MultipleChoiceField(
                label="Which primary drivers it moves",
                required=False,
                choices=[(str(each.key), each.text) for each in serves.primary],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "invalid_choice": "Somebody else has removed that driver. Choose one of those offered."
                },
            )
            self.order_fields(["text", "serves", "definition", "reason", "edition"])

    @property
    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("text", "definition")}


class RemoveForm(WrittenForm):
    reason = reason_field()
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RestoreForm(WrittenForm):
    reason = reason_field()
    latest = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class IdeaForm(WrittenForm):
    title = forms.CharField(
        label="A new idea in a few words",
        max_length=120,
        error_messages={"required": "Give the idea a title."},
        help_text=NO_NAMES,
    )


class LinkForm(forms.Form):
    """Offers what can be linked. What was chosen is read by the view, which also knows what is gone meanwhile."""

    chosen = forms.ChoiceField()

    def __init__(self, *, label: str, choices: list[tuple[int, str]], auto_id: str):
        super().__init__(auto_id=auto_id)
        self.fields["chosen"].label = label
        self.fields["chosen"].choices = [("", "Choose"), *choices]


def idea_choices(user: User, *, but: tuple[int, ...]) -> list[tuple[int, str]]:
    """The ideas of the person's authority that are still offered and not among `but`."""
    offered = ChangeIdea.objects.visible_to(user).filter(retired_on=None).exclude(pk__in=but)
    return list(offered.values_list("pk", "title"))


def measure_choices(user: User, *, but: tuple[int, ...]) -> list[tuple[int, str]]:
    """The measures of the person's authority that are still kept and not among `but`, by aim."""
    kept = Measure.objects.visible_to(user).filter(retired_on=None).exclude(pk__in=but).order_by("aim__code", "name")
    return [(pk, f"{code}: {name}") for pk, code, name in kept.values_list("pk", "aim__code", "name")]
