"""Views, forms, filters and admin pages reach rows of people and children through scope alone (`design.md` 5)."""

import ast
from dataclasses import dataclass
from fnmatch import fnmatch

import pytest

from tests.own_code import ROOT, source_files

# What a person's request passes through on its way to the rows.
REQUEST_FILES = (
    "views*.py",
    "*_views.py",
    "forms*.py",
    "*_forms.py",
    "filters*.py",
    "*_filters.py",
    "*admin*.py",
    "urls.py",
    "*_page.py",
    "home.py",
)

SCOPED = frozenset(
    {
        "Child",
        "Family",
        "Identity",
        "Allocation",
        "SavedFilter",
        "Restriction",
        "RestrictionAccess",
        "BreakGlass",
        "Merge",
        "NotTheSame",
        "CareEpisode",
        "Placement",
        "LegalBasis",
        "Milestone",
        "ExtractSource",
        "Listed",
        "ImportRun",
        "ImportUpload",
        "ImportPreview",
        "ImportUndo",
        "SheetLooks",
        "ColumnMapping",
        "MissingAnswer",
        "KeptFinding",
        "AcceptedFinding",
        "LookThrough",
        "MonthOfFindings",
        "Aim",
        "AimVersion",
        "Annotation",
        "ChartSettings",
        "Phase",
        "Report",
        "LongWork",
        "FinishedFile",
        "ForgottenReference",
        "KeptLonger",
        "Pseudonymisation",
        "ReferenceKey",
        "RightsRequest",
        "NationalFile",
        "NationalClock",
        "NationalCounts",
        "PseudonymSecret",
        "PublishedMonth",
        "PublishedAim",
        "FeedSwitch",
        "FeedToken",
        "ReminderSent",
        "ReminderSnooze",
        "Team",
        "User",
        "RoleMembership",
        "AuditEntry",
        "MentionedChild",
        "ChangeIdea",
        "TestOfChange",
        "PdsaCycle",
        "ChildInCycle",
        "Implementation",
        "Measure",
        "MeasureValue",
        "DriverDiagram",
        "Driver",
        "DriverLink",
        "IdeaLink",
        "MeasureLink",
        "DiagramVersion",
        "Programme",
        "GroupMember",
        "ProgressScore",
        "Meeting",
        "AgendaItem",
        "Attendance",
        "Action",
        "Barrier",
    }
)
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
SCOPES = frozenset(
    {"visible_to", "identifiable_to", "countable_by", "reached_by", "closed_to", "told_to", "editable_by"}
)
# These ask the default manager themselves when they are given a model instead of a queryset.
SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"})

# (file, function, model): why it may stand without a scope.
EXEMPT = {
    ("children/filters.py", "with_care_on", "CareEpisode"): (
        "a subquery tied by OuterRef to children who come from scope"
    ),
    ("children/filters.py", "with_care_on", "Placement"): (
        "a subquery tied by OuterRef to children who come from scope"
    ),
}


@dataclass(frozen=True)
class Breach:
    function: str
    model: str
    line: int


class ScopeVisitor(ast.NodeVisitor):
    """Collects where a scoped model is asked for rows and the next word is not a scope."""

    def __init__(self):
        self.breaches: list[Breach] = []
        self.names = {model: model for model in SCOPED}
        self.functions: list[str] = []
        self.scoped_managers: set[int] = set()

    def visit_ImportFrom(self, node):
        self.names |= {alias.asname: alias.name for alias in node.names if alias.asname and alias.name in SCOPED}

    def visit_FunctionDef(self, node):
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()

    def visit_ClassDef(self, node):
        has_queryset = any(isinstance(part, ast.FunctionDef) and part.name == "get_queryset" for part in node.body)
        is_view = any(getattr(base, "id", getattr(base, "attr", "")).endswith("View") for base in node.bases)
        for part in node.body:
            names = [target.id for target in getattr(part, "targets", []) if isinstance(target, ast.Name)]
            if is_view and not has_queryset and names == ["model"]:
                self._note(self._model(part.value), part)
        self.generic_visit(node)

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in SCOPES:
            self.scoped_managers.add(id(function.value))
        if getattr(function, "id", getattr(function, "attr", "")) in SHORTCUTS and node.args:
            self._note(self._model(node.args[0]), node)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        if node.attr in MANAGERS and id(node) not in self.scoped_managers:
            self._note(self._model(node.value), node)
        self.generic_visit(node)

    def _model(self, node) -> str | None:
        return self.names.get(getattr(node, "id", getattr(node, "attr", "")))

    def _note(self, model: str | None, node) -> None:
        if model:
            self.breaches.append(Breach(self.functions[-1] if self.functions else "", model, node.lineno))


def breaches_in(source: str) -> list[Breach]:
    visitor = ScopeVisitor()
    visitor.visit(ast.parse(source))
    return visitor.breaches


def request_files() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in source_files()
        if any(fnmatch(path.name, like) for like in REQUEST_FILES)
    )


@pytest.mark.parametrize("file", request_files())
def test_rows_of_people_and_children_are_reached_through_scope(file):
    breaches = [
        f"{file}:{breach.line} asks {breach.model} for rows without .visible_to(user)"
        for breach in breaches_in((ROOT / file).read_text(encoding="utf-8"))
        if (file, breach.function, breach.model) not in EXEMPT
    ]
    assert not breaches


@pytest.mark.parametrize("exemption", EXEMPT)
def test_every_exemption_is_still_needed(exemption):
    file, function, model = exemption
    found = breaches_in((ROOT / file).read_text(encoding="utf-8"))
    assert (function, model) in {(breach.function, breach.model) for breach in found}


def test_the_check_reads_the_pages_of_every_kind():
    files = request_files()
    assert {
        "children/views.py",
        "children/filters.py",
        "pace_site/front/reports/export_views.py",
        "pace_site/front/child_page.py",
    } <= {*files}


@pytest.mark.parametrize(
    "source",
    [
        "Child.objects.filter(code=code)",
        "Child.objects",
        "models.Child.objects.all()",
        "User._default_manager.all()",
        "Child.objects.filter(code=code).visible_to(user)",
        "from children.models import Child as Row\nRow.objects.get()",
        "get_object_or_404(Child, code=code)",
        "class Page(ListView):\n    model = Child",
        "field = ModelChoiceField(queryset=Team.objects.all())",
    ],
)
def test_a_way_round_the_scope_is_caught(source):
    assert len(breaches_in(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "Child.objects.visible_to(user).filter(code=code)",
        "Identity.objects.identifiable_to(user)",
        "models.Child.objects.countable_by(user)",
        "PlacementType.objects.all()",
        "get_object_or_404(Child.objects.visible_to(user), code=code)",
        "class Page(ListView):\n    model = Child\n    def get_queryset(self):\n        return visible(self)",
        "class Meta:\n    model = Child",
    ],
)
def test_rows_that_start_from_scope_pass(source):
    assert not breaches_in(source)
