"""The pages of tests of change: all of them by aim, one of them as a ramp, starting one, changing one."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from aims.models import Aim, AimVersion
from improvement.actions.tests_of_change import change_test, start_test, withdraw_test
from improvement.change_idea_library import library_ideas
from improvement.cycle_views import OfOneTest
from improvement.editions import Collision
from improvement.models import ChangeIdea, TestOfChange
from improvement.models.tests_of_change import Scale
from improvement.next_steps import NextStep, implementation_of, next_step_of
from improvement.test_of_change_forms import FROM_LIBRARY, TestOfChangeForm
from improvement.written_form import ReasonForm
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.asked import row_asked
from pace_site.look.words import count_of


@dataclass(frozen=True)
class ListedTest:
    """A test of change with what it waits for."""

    test: TestOfChange
    next_step: NextStep | None
    is_overdue: bool


@dataclass(frozen=True)
class AimGroup:
    """The tests of one aim: those that go on, and those that have ended."""

    aim: Aim
    title: str
    going_on: list[ListedTest]
    ended: list[ListedTest]


class ImprovementView(PermissionRequiredMixin, View):
    """Every test of change of the authority, by aim."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        mine = request.GET.get("mine") == "yes"
        tests = (
            TestOfChange.objects.visible_to(request.user)
            .select_related("aim", "idea", "lead", "implementation__owner")
            .prefetch_related("cycles", "members")
        )
        if mine:
            own = TestOfChange.objects.visible_to(request.user).filter(Q(lead=request.user) | Q(members=request.user))
            tests = tests.filter(pk__in=own.values("pk"))
        versions = list(Aim.objects.visible_to(request.user).current_versions())
        groups = groups_by_aim(list(tests), versions)
        tried = {group.aim.pk for group in groups}
        worked_on = [each for each in versions if each.aim.status == Aim.Status.ACTIVE]
        going_on = [each for group in groups for each in group.going_on]
        context = {
            "section": "improvement",
            "groups": groups,
            "mine": mine,
            "headline": headline(going_on, mine=mine),
            "untried": [] if mine else [each for each in worked_on if each.aim_id not in tried],
        }
        return render(request, "improvement/tests.html", context)


def groups_by_aim(tests: list[TestOfChange], versions: list[AimVersion]) -> list[AimGroup]:
    """The tests under those of these aims that have any, in their order."""
    today = timezone.localdate()
    groups = []
    for version in versions:
        listed = [listed_test(test, today=today) for test in tests if test.aim_id == version.aim_id]
        if not listed:
            continue
        going_on = [each for each in listed if not each.test.has_ended]
        ended = [each for each in listed if each.test.has_ended]
        groups.append(AimGroup(version.aim, version.data["title"], going_on, ended))
    return groups


def listed_test(test: TestOfChange, *, today: date) -> ListedTest:
    step = next_step_of(test)
    return ListedTest(test, step, step is not None and step.is_overdue(today))


def headline(going_on: list[ListedTest], *, mine: bool) -> str:
    """3 tests of change go on, 1 with a step overdue."""
    if not going_on:
        return "You take part in no test of change that goes on" if mine else "No test of change goes on"
    overdue = sum(each.is_overdue for each in going_on)
    words = f"{count_of(len(going_on), 'test', 'tests')} of change {'goes' if len(going_on) == 1 else 'go'} on"
    return f"{words}, {overdue} with a step overdue" if overdue else words


class TestView(OfOneTest):
    """One test of change: its cycles as a ramp, who is in it, and what follows."""

    __test__ = False

    def get(self, request, pk):
        return self.show(
            "test.html",
            ramp=[(cycle, Scale.values.index(cycle.scale) + 1) for cycle in self.test.ramp],
            next_step=next_step_of(self.test),
            implementation=implementation_of(self.test),
            today=timezone.localdate(),
        )


class TestNewView(PermissionRequiredMixin, View):
    """Start a test, perhaps from an idea."""

    __test__ = False
    needs = Permission.RUN_TESTS
    keeps_what_was_typed = True

    def get(self, request):
        kept = request.take_kept_form()
        if kept is not None:
            form = TestOfChangeForm(kept, by=request.user)
            form.is_valid()
            return self.page(form, kept=True)
        return self.page(TestOfChangeForm(by=request.user, initial=self.initial()))

    def post(self, request):
        form = TestOfChangeForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.page(form)
        try:
            test = start_test(**form.said, by=request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The test is begun. Now plan its first cycle.")
        return redirect(test.last_cycle)

    def initial(self) -> dict:
        """What the address says: an idea of the authority or of the library, or an aim."""
        initial = {"lead": self.request.user.pk, "scale": Scale.CHILD}
        asked, aims = self.request.GET, Aim.objects.visible_to(self.request.user)
        aim = aims.filter(code=asked.get("aim", "")).first()
        shipped = library_ideas().get(asked.get("from", ""))
        own = ChangeIdea.objects.visible_to(self.request.user)
        if shipped is not None:
            idea = own.filter(library_key=shipped.key).first()
            initial |= {"title": shipped.title, "idea": idea.pk if idea else FROM_LIBRARY + shipped.key}
        elif (idea := row_asked(own.select_related("aim"), asked.get("idea", ""))) is not None:
            initial |= {"title": idea.title, "idea": idea.pk}
            aim = aim or idea.aim
        return initial | ({"aim": aim.pk} if aim else {})

    def page(self, form, **context):
        return render(self.request, "improvement/test_form.html", {"section": "improvement", "form": form, **context})


class TestEditView(OfOneTest):
    """Say anew what is tested and by whom, or withdraw the test."""

    __test__ = False
    needs = Permission.RUN_TESTS

    def get(self, request, pk):
        self.check_part()
        return self.page()

    def post(self, request, pk):
        self.check_part()
        if request.POST.get("what") == "withdraw":
            return self.withdraw()
        form = TestOfChangeForm(request.POST, by=request.user, test=self.test)
        if not form.is_valid():
            return self.page(form)
        try:
            changed = change_test(self.test, **form.said, edition=form.cleaned_data["edition"] or 0, by=request.user)
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The test is changed." if changed else "Nothing was changed: it says so already.")
        return redirect(self.test)

    def withdraw(self):
        form = ReasonForm(self.request.POST, auto_id="withdraw_%s")
        why = "Somebody else has changed this test meanwhile. Look at it, then withdraw it."
        if not form.carried_out(partial(withdraw_test, self.test, by=self.request.user), why=why):
            return self.page(reason_form=form)
        messages.info(self.request, "The test is withdrawn. What was done in it stays to be read.")
        return redirect(self.test)

    def collided(self, form, current: TestOfChange):
        now, typed = _in_words(_said_of(current)), _in_words(form.said)
        differing = [(label, now[label], typed[label]) for label in now if now[label] != typed[label]]
        form.send_again_over(current)
        return self.page(form, collided=True, differences=differing)

    def page(self, form=None, *, reason_form=None, **context):
        test = self.test
        said = _said_of(test)
        initial = {
            **{name: said[name] for name in ("title", "lead")},
            "aim": test.aim_id,
            "idea": test.idea_id or "",
            "members": [each.pk for each in said["members"]],
            "edition": test.edition,
        }
        return self.show(
            "test_form.html",
            form=form or TestOfChangeForm(by=self.request.user, test=test, initial=initial),
            reason_form=reason_form or ReasonForm(initial={"edition": test.edition}, auto_id="withdraw_%s"),
            **context,
        )


def _said_of(test: TestOfChange) -> dict:
    return {
        "title": test.title,
        "aim": test.aim,
        "idea": test.idea,
        "lead": test.lead,
        "members": list(test.members.all()),
    }


def _in_words(said: dict) -> dict[str, str]:
    """What is said of a test, by label, to be laid side by side."""
    key = said.get("library_key", "")
    return {
        "What is tried": said["title"].strip(),
        "Aim": str(said["aim"]),
        "Change idea": library_ideas()[key].title if key else str(said["idea"] or "none"),
        "Lead": str(said["lead"]),
        "Members": ", ".join(sorted(str(each) for each in said["members"])) or "nobody else",
    }
