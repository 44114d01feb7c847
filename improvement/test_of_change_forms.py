"""The forms about a test of change itself: what is tried, for which aim, by whom; and the end of it."""

from django import forms

from aims.models import Aim
from improvement.aim_choices import aim_choices
from improvement.change_idea_library import library_ideas
from improvement.models import ChangeIdea, Implementation, TestOfChange
from improvement.models.tests_of_change import TEXT, Scale
from improvement.person_fields import PeopleField, PersonField
from improvement.scope import who_may_run_tests
from improvement.written_form import NO_NAMES, WrittenForm, day_field
from pace_site.accounts.models import User

FROM_LIBRARY = "library:"


class TestOfChangeForm(WrittenForm):
    """Starts a test, or changes one when `test` is given."""

    __test__ = False

    title = forms.CharField(
        label="What is tried, in a few words",
        max_length=120,
        help_text=f"For example: 72-hour agenda. {NO_NAMES}",
        error_messages={"required": "Give the test a title."},
    )
    aim = forms.ChoiceField(label="For which aim", error_messages={"required": "Choose the aim it serves."})
    idea = forms.ChoiceField(label="Change idea", required=False)
    scale = forms.ChoiceField(
        label="First cycle with",
        choices=Scale.choices,
        help_text="Start small: what fails with one child is quickly put right.",
    )
    lead = PersonField(label="Lead", queryset=None, empty_label=None)
    members = PeopleField(
        label="Who else is in the test",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They fill in its cycles together with the lead.",
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, by: User, test: TestOfChange | None = None, initial: dict | None = None):
        self.by, self.test = by, test
        super().__init__(data, initial=initial or {})
        people = who_may_run_tests(by).prefetch_related("memberships")
        if test is not None:
            # Whoever was in it stays to be seen, although their role may have ended.
            was = User.objects.visible_to(by).filter(pk__in=[test.lead_id, *(each.pk for each in test.members.all())])
            people = (people | was.distinct()).prefetch_related("memberships")
            del self.fields["scale"]
        self.fields["lead"].queryset = self.fields["members"].queryset = people
        self.fields["aim"].choices = [("", "Choose the aim"), *aim_choices(by, kept=test and test.aim)]
        self.fields["idea"].choices = idea_choices(by, kept=test and test.idea)

    def clean_aim(self) -> Aim:
        return Aim.objects.visible_to(self.by).get(pk=self.cleaned_data["aim"])

    def clean_idea(self) -> ChangeIdea | str | None:
        """An idea of the authority, or the key of one that is still to be taken from the library."""
        chosen = self.cleaned_data["idea"]
        if chosen.startswith(FROM_LIBRARY):
            return chosen.removeprefix(FROM_LIBRARY)
        return ChangeIdea.objects.visible_to(self.by).get(pk=chosen) if chosen else None

    @property
    def said(self) -> dict:
        """What the actions take."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("edition", "idea")}
        said["members"] = list(said["members"])
        idea = self.cleaned_data["idea"]
        return said | ({"library_key": idea} if isinstance(idea, str) else {"idea": idea})


def idea_choices(user: User, *, kept: ChangeIdea | None = None) -> list:
    """The authority's own ideas, and those of the library that it has not taken yet."""
    own = list(ChangeIdea.objects.visible_to(user))
    taken = {idea.library_key for idea in own}
    offered = [(str(idea.pk), idea.title) for idea in own if not idea.is_retired or idea == kept]
    shipped = [(FROM_LIBRARY + key, idea.title) for key, idea in library_ideas().items() if key not in taken]
    groups = [("Our ideas", offered), ("From the library", shipped)]
    return [("", "None of them"), *((name, choices) for name, choices in groups if choices)]


class ImplementationForm(WrittenForm):
    """What keeps an adopted change in place."""

    owner = PersonField(label="Owner", queryset=None, empty_label=None)
    training = forms.CharField(
        label="Training",
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Who learns it, how, and who starts later. {NO_NAMES}",
    )
    procedure = forms.CharField(
        label="Written procedure",
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where it is written down, so that it does not hang on one person.",
    )
    measure = forms.CharField(
        label="The measure that holds the gain",
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What is watched, how often, and from which value on somebody acts.",
    )
    review_on = day_field("To be reviewed on")
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, by: User, row: Implementation):
        names = ("owner", "training", "procedure", "measure", "review_on", "edition")
        super().__init__(data, initial={name: getattr(row, name) for name in names})
        was = User.objects.visible_to(by).filter(pk=row.owner_id)
        people = (who_may_run_tests(by) | was.distinct()).prefetch_related("memberships")
        self.fields["owner"].queryset = people

    @property
    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "edition"}
