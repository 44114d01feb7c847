"""The pages of change ideas: the library beside the council's own, and one idea with the tests that tried it."""

from dataclasses import dataclass
from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from aims.models import Aim
from aims.version_words import NATIONAL_AIMS
from improvement.actions.change_ideas import change_idea, propose_idea, retire_idea
from improvement.change_idea_forms import NATIONAL, OWN, AimFilterForm, ChangeIdeaForm
from improvement.change_idea_library import LibraryIdea, library_ideas
from improvement.editions import Collision
from improvement.models import ChangeIdea, TestOfChange
from improvement.written_form import ReasonForm
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin

# Ideas that serve every aim are listed after those of one.
AFTER_THE_AIMS = 5


@dataclass(frozen=True)
class ListedIdea:
    """An idea of the library, of the authority, or of both when the authority has taken it."""

    shown: LibraryIdea | ChangeIdea
    own: ChangeIdea | None
    serves: str
    tests: list[TestOfChange]

    @property
    def start(self) -> str:
        """Where a test of it is started."""
        query = f"idea={self.own.pk}" if self.own else f"from={self.shown.key}"
        return f"{reverse('test_new')}?{query}"


def serves_in_words(idea: LibraryIdea | ChangeIdea) -> str:
    """Which aim an idea serves."""
    if getattr(idea, "aim", None) is not None:
        return f"Aim {idea.aim.code}"
    if idea.national_aim:
        return f"National aim {dict(NATIONAL_AIMS)[idea.national_aim]}"
    return "Every aim"


class ChangeIdeasView(PermissionRequiredMixin, View):
    """Ideas that others tried, beside the council's own, by aim."""

    needs = Permission.VIEW_IMPROVEMENT

    def get(self, request):
        choice = AimFilterForm(request.GET, by=request.user)
        serves = self.serves(choice.chosen)
        own = list(ChangeIdea.objects.visible_to(request.user).select_related("aim", "proposed_by"))
        tests = TestOfChange.objects.visible_to(request.user).filter(idea__isnull=False).prefetch_related("cycles")
        tried = {}
        for test in tests.order_by("pk"):
            tried.setdefault(test.idea_id, []).append(test)
        taken = {idea.library_key: idea for idea in own if idea.library_key}
        library = [
            ListedIdea(
                shipped, taken.get(key), serves_in_words(shipped), tried.get(taken[key].pk, []) if key in taken else []
            )
            for key, shipped in sorted(library_ideas().items(), key=lambda each: each[1].national_aim or AFTER_THE_AIMS)
            if serves(shipped)
        ]
        ours = [
            ListedIdea(idea, idea, serves_in_words(idea), tried.get(idea.pk, []))
            for idea in own
            if not idea.library_key and serves(idea)
        ]
        retired = [each for each in [*ours, *library] if each.own and each.own.is_retired]
        ours, library = ([each for each in ideas if each not in retired] for ideas in (ours, library))
        context = {
            "section": "improvement",
            "choice": choice,
            "library": library,
            "ours": ours,
            "retired": retired,
            "count": len(ours) + len(library),
        }
        return render(request, "improvement/ideas.html", context)

    def serves(self, chosen: str):
        """Whether an idea serves the aim that was chosen; one that serves every aim always does."""
        aims = {str(each.aim_id): each for each in Aim.objects.visible_to(self.request.user).current_versions()}
        version = aims.get(chosen.removeprefix(OWN)) if chosen.startswith(OWN) else None
        number = int(chosen.removeprefix(NATIONAL)) if chosen.startswith(NATIONAL) else None
        if version is not None:
            number = version.data.get("national_aim")

        def answer(idea: LibraryIdea | ChangeIdea) -> bool:
            own_aim = getattr(idea, "aim_id", None)
            if not chosen or (own_aim is None and idea.national_aim is None):
                return True
            if own_aim is not None:
                own_number = aims[str(own_aim)].data.get("national_aim")
                return own_aim == version.aim_id if version else own_number == number
            return number is not None and idea.national_aim == number

        return answer


class ChangeIdeaNewView(PermissionRequiredMixin, View):
    needs = Permission.RUN_TESTS
    keeps_what_was_typed = True

    def get(self, request):
        kept = request.take_kept_form()
        form = ChangeIdeaForm(kept, by=request.user)
        if kept is not None:
            form.is_valid()
        return self.page(form, kept=kept is not None)

    def post(self, request):
        form = ChangeIdeaForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.page(form)
        try:
            idea = propose_idea(**form.said, by=request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The idea is among yours. Try it with one child first.")
        return redirect(idea)

    def page(self, form, *, kept: bool = False):
        context = {"section": "improvement", "form": form, "kept": kept}
        return render(self.request, "improvement/idea_form.html", context)


class ChangeIdeaView(PermissionRequiredMixin, View):
    """One idea of the authority: where it comes from, the tests that tried it, and putting it right."""

    needs = Permission.VIEW_IMPROVEMENT
    keeps_what_was_typed = True

    @cached_property
    def idea(self) -> ChangeIdea:
        rows = ChangeIdea.objects.visible_to(self.request.user).select_related("aim", "proposed_by", "authority")
        idea = rows.filter(pk=self.kwargs["pk"]).first()
        if idea is None:
            raise Http404("There is no such idea.")
        return idea

    @cached_property
    def may_edit(self) -> bool:
        return ChangeIdea.objects.editable_by(self.request.user).filter(pk=self.idea.pk).exists()

    def get(self, request, pk):
        kept = request.take_kept_form() if self.may_edit else None
        if kept is None:
            return self.page()
        retires = kept.get("what") == "retire"
        form = (
            ReasonForm(kept, auto_id="retire_%s") if retires else ChangeIdeaForm(kept, by=request.user, idea=self.idea)
        )
        form.is_valid()
        return self.page(reason_form=form, kept=True) if retires else self.page(form, kept=True)

    def post(self, request, pk):
        idea = self.idea
        if not self.may_edit:
            raise PermissionDenied("Only who proposed this idea, and those who lead improvement, can change it.")
        return self.retire(idea) if request.POST.get("what") == "retire" else self.change(idea)

    def change(self, idea: ChangeIdea):
        form = ChangeIdeaForm(self.request.POST, by=self.request.user, idea=idea)
        if not form.is_valid():
            return self.page(form)
        try:
            change_idea(idea, form.said, edition=form.cleaned_data["edition"] or 0, by=self.request.user)
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(self.request, "The idea is kept.")
        return redirect(idea)

    def retire(self, idea: ChangeIdea):
        form = ReasonForm(self.request.POST, auto_id="retire_%s")
        why = "Somebody else has changed this idea meanwhile. Look at it, then retire it."
        if not form.carried_out(partial(retire_idea, idea, by=self.request.user), why=why):
            return self.page(reason_form=form)
        messages.info(self.request, "The idea is retired. The tests that tried it stay.")
        return redirect(idea)

    def collided(self, form: ChangeIdeaForm, current: ChangeIdea):
        now = {name: getattr(current, name) for name in ("title", "description", "source")}
        now["serves"] = serves_in_words(current)
        said = form.said
        typed = {name: said[name].replace("\r\n", "\n").strip() for name in ("title", "description", "source")}
        typed["serves"] = serves_in_words(ChangeIdea(aim=said["aim"], national_aim=said["national_aim"]))
        differing = [(form.fields[name].label, now[name], typed[name]) for name in now if now[name] != typed[name]]
        form.send_again_over(current)
        return self.page(form, collided=True, differences=differing)

    def page(self, form=None, *, reason_form=None, **context):
        idea = self.idea
        tests = TestOfChange.objects.visible_to(self.request.user).filter(idea=idea)
        context = {
            "section": "improvement",
            "idea": idea,
            "serves": serves_in_words(idea),
            "tests": list(tests.select_related("aim", "lead").prefetch_related("cycles").order_by("pk")),
            "may_edit": self.may_edit,
            "form": form or ChangeIdeaForm(by=self.request.user, idea=idea),
            "reason_form": reason_form or ReasonForm(initial={"edition": idea.edition}, auto_id="retire_%s"),
            **context,
        }
        return render(self.request, "improvement/idea.html", context)
