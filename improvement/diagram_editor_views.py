"""The page of one driver diagram: drawn, as an outline, edited in place, retired and brought back."""

from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect

from improvement.actions.driver_diagrams import RETIRED, bring_back_diagram, change_diagram, retire_diagram
from improvement.actions.drivers import (
    Gone,
    add_driver,
    add_idea,
    change_driver,
    link_driver,
    link_idea,
    link_measure,
    move_driver,
    remove_driver,
    unlink_driver,
    unlink_idea,
    unlink_measure,
)
from improvement.diagram_content import DiagramContent, content_of
from improvement.diagram_editor import DRIVER, NEW, Editor, editor_of, key_of
from improvement.diagram_page import page_of
from improvement.driver_diagram_forms import PROGRAMME
from improvement.driver_diagram_views import OfOneDiagram
from improvement.editions import Collision
from improvement.models import ChangeIdea, Driver, DriverDiagram, Measure
from improvement.written_form import ReasonForm
from improvement.written_page import edition_in

REMOVED = "Somebody else took this off the diagram meanwhile."
REMOVED_TYPED = f"{REMOVED} What you typed is below: add it anew, or leave it."

# By what a button says: the driver at one end, what is at the other, and how the two are linked and taken apart.
LINKS = {
    "driver-link": ("secondary", "primary", link_driver, unlink_driver),
    "idea-link": ("secondary", "idea", link_idea, unlink_idea),
    "measure-link": ("driver", "measure", link_measure, unlink_measure),
}
OFF = "-off"


class DriverDiagramView(OfOneDiagram):
    """One diagram: drawn, as an outline, and edited in place by who leads improvement."""

    keeps_what_was_typed = True

    @cached_property
    def content(self) -> DiagramContent:
        return content_of(self.diagram)

    def get(self, request, pk):
        diagram = self.diagram
        kept = request.take_kept_form() if self.may_edit else None
        if kept is not None and kept.get("what") == "retire":
            return self.page(None, reason_form=reason_form_of(kept), kept=True)
        if kept is not None:
            return self.page(self.editor(kept.get("node", ""), data=kept, what=kept.get("what", "")), kept=True)
        node = request.GET.get("node", "")
        if node and not self.may_edit:
            return redirect(diagram)
        return self.page(self.editor(node, under=request.GET.get("under", "")) if node else None)

    def post(self, request, pk):
        diagram = self.diagram
        self.check_editor()
        doing = {
            "diagram": self.change_diagram,
            "driver": self.save_driver,
            "remove": self.remove,
            "up": self.move,
            "down": self.move,
            **{f"{what}{end}": self.link for what in LINKS for end in ("", OFF)},
            "add-idea": self.add_idea,
            "retire": self.retire,
            "bring-back": self.bring_back,
        }.get(request.POST.get("what", ""))
        if doing is None:
            raise Http404("There is no such change.")
        if diagram.is_retired and doing != self.bring_back:
            messages.info(request, RETIRED)
            return redirect(diagram)
        try:
            return doing()
        except Gone:
            messages.info(request, REMOVED)
            return redirect(diagram)

    def change_diagram(self):
        editor = self.editor("diagram", data=self.request.POST, what="diagram")
        form = editor.form
        if not form.is_valid():
            return self.page(editor)
        said = form.cleaned_data
        try:
            changed = change_diagram(
                self.diagram, form.said, edition=said["edition"], by=self.request.user, reason=said["reason"]
            )
        except Collision as collision:
            return self.collided(editor, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(editor)
        messages.info(
            self.request, "The diagram is changed." if changed else "Nothing was changed: it says so already."
        )
        return redirect(self.diagram)

    def save_driver(self):
        node = self.request.POST.get("node", "")
        if node in NEW:
            return self.add_driver(node)
        try:
            driver = self.driver(key_of(node))
        except Gone:
            return self.gone(key_of(node))
        editor = self.editor(node, data=self.request.POST, what="driver")
        form = editor.form
        if not form.is_valid():
            return self.page(editor)
        said, edition = form.cleaned_data, form.cleaned_data["edition"] or 0
        try:
            changed = change_driver(driver, form.said, edition=edition, by=self.request.user, reason=said["reason"])
        except Collision as collision:
            return self.collided(editor, collision.current)
        except Gone:
            return self.gone(driver.pk)
        except ValidationError as error:
            form.refuse(error)
            return self.page(editor)
        messages.info(self.request, "The driver is changed." if changed else "Nothing was changed: it says so already.")
        return redirect(self.diagram)

    def add_driver(self, node: str):
        editor = self.editor(node, data=self.request.POST, what="driver")
        form = editor.form
        if not form.is_valid():
            return self.page(editor)
        try:
            served = [self.driver(int(key)) for key in form.cleaned_data.get("serves", ())]
            driver = add_driver(
                self.diagram,
                level=NEW[node],
                **form.said,
                serves=served,
                by=self.request.user,
                reason=form.cleaned_data["reason"],
            )
        except Gone:
            form.add_error("serves", REMOVED)
            return self.page(editor)
        except ValidationError as error:
            form.refuse(error)
            return self.page(editor)
        messages.info(self.request, f"“{driver}” is on the diagram.")
        return self.back_to(f"{DRIVER}{driver.pk}")

    def remove(self):
        node = self.request.POST.get("node", "")
        driver = self.driver(key_of(node))
        editor = self.editor(node, data=self.request.POST, what="remove")
        why = "Somebody else has changed this driver meanwhile. Look at it, then remove it."
        if not editor.remove_form.carried_out(partial(remove_driver, driver, by=self.request.user), why=why):
            return self.page(editor)
        messages.info(self.request, f"“{driver}” is off the diagram. Its versions keep it.")
        return redirect(self.diagram)

    def move(self):
        node = self.request.POST.get("node", "")
        up = self.request.POST["what"] == "up"
        if not move_driver(self.driver(key_of(node)), up=up, by=self.request.user):
            messages.info(self.request, f"It stands {'first' if up else 'last'} in its row already.")
        return self.back_to(node)

    def link(self):
        """Make or take off one link between the two ends that were sent."""
        sent, node = self.request.POST, self.request.POST.get("node", "")
        near, far, link, take_off = LINKS[sent["what"].removesuffix(OFF)]
        is_taken_off = sent["what"].endswith(OFF)
        if "" in (sent.get(near, ""), sent.get(far, "")):
            return self.page(self.editor(node, fault="Choose what is to be linked."))
        found = {"primary": self.driver, "idea": self.idea, "measure": self.measure}[far]
        driver, end = self.driver(_number(sent[near])), found(_number(sent[far]))
        try:
            (take_off if is_taken_off else link)(driver, end, by=self.request.user)
        except ValidationError as error:
            return self.page(self.editor(node, fault=" ".join(error.messages)))
        if node.startswith("idea-") and key_of(node) not in self.content.titles:
            messages.info(self.request, f"“{end}” is off the diagram, and stays among the change ideas.")
            return redirect(self.diagram)
        messages.info(self.request, "The link is taken off." if is_taken_off else "It is linked.")
        return self.back_to(node)

    def add_idea(self):
        node = self.request.POST.get("node", "")
        try:
            driver = self.driver(key_of(node))
        except Gone:
            typed = self.request.POST.get("title", "")
            messages.info(self.request, f"{REMOVED} Your idea is not kept: “{typed}”. Add it to another driver.")
            return redirect(self.diagram)
        editor = self.editor(node, data=self.request.POST, what="add-idea")
        form = editor.idea_form
        if form is None:
            raise Http404("Change ideas are linked to secondary drivers.")
        if not form.is_valid():
            return self.page(editor)
        try:
            idea = add_idea(driver, title=form.cleaned_data["title"], by=self.request.user)
        except ValidationError as error:
            form.refuse(error)
            return self.page(editor)
        messages.info(self.request, f"The idea “{idea}” is linked to “{driver}”.")
        return self.back_to(node)

    def retire(self):
        form = reason_form_of(self.request.POST)
        why = "Somebody else has changed this diagram meanwhile. Look at it, then retire it."
        if not form.carried_out(partial(retire_diagram, self.diagram, by=self.request.user), why=why):
            return self.page(None, reason_form=form)
        messages.info(self.request, "The diagram is retired. It stays to be read, with its versions.")
        return redirect(self.diagram)

    def bring_back(self):
        words = "The diagram is brought back."
        try:
            bring_back_diagram(self.diagram, edition=edition_in(self.request.POST), by=self.request.user)
        except Collision:
            words = "Somebody else has changed this diagram meanwhile. Look at it, then bring it back."
        except ValidationError as error:
            words = " ".join(error.messages)
        messages.info(self.request, words)
        return redirect(self.diagram)

    def driver(self, key: int) -> Driver:
        """A driver of this diagram; raises `Gone` when there was one, and `Http404` when there never was."""
        row = Driver.objects.visible_to(self.request.user).filter(diagram=self.diagram, pk=key).first()
        if row is None:
            self.gone_from(key)
            raise Gone
        row.diagram = self.diagram
        return row

    def gone_from(self, key: int) -> DiagramContent:
        """The last version that had a driver which is gone; raises `Http404` when none had."""
        for version in self.diagram.versions.all():
            content = DiagramContent.from_json(version.content)
            if key in content.drivers:
                return content
        raise Http404("There is no such driver.")

    def idea(self, key: int) -> ChangeIdea:
        row = ChangeIdea.objects.visible_to(self.request.user).filter(pk=key).first()
        if row is None:
            raise Http404("There is no such idea.")
        return row

    def measure(self, key: int) -> Measure:
        row = Measure.objects.visible_to(self.request.user).filter(pk=key).first()
        if row is None:
            raise Http404("There is no such measure.")
        return row

    def gone(self, key: int):
        """The driver that somebody was wording anew was removed: give them back what they typed, to be added anew."""
        before = self.gone_from(key)
        editor = self.editor(next(node for node, level in NEW.items() if level == before.level_of(key)))
        typed = {name: self.request.POST.get(name, "") for name in ("text", "definition", "reason")}
        served = [str(each) for each in before.drivers[key].serves if each in self.content.drivers]
        editor.form.initial |= typed | {"serves": served}
        return self.page(editor, warning=REMOVED_TYPED)

    def editor(self, node: str, *, data=None, what: str = "", under: str = "", fault: str = "") -> Editor:
        editor = editor_of(
            node,
            diagram=self.diagram,
            content=self.content,
            by=self.request.user,
            data=data,
            what=what,
            under=under,
        )
        editor.fault = fault
        return editor

    def collided(self, editor: Editor, current: DriverDiagram | Driver):
        """Both versions side by side; the person's own stays in the form, ready to be saved over the other."""
        form = editor.form
        differences = form.beside({name: getattr(current, name) for name in form.said}, form.said)
        form.send_again_over(current)
        return self.page(editor, collided=True, differences=differences)

    def back_to(self, node: str):
        return redirect(f"{self.diagram.get_absolute_url()}?node={node}#editor")

    def page(self, editor: Editor | None, *, reason_form: ReasonForm | None = None, **context):
        reason_form = reason_form or reason_form_of(initial={"edition": self.diagram.edition})
        page = page_of(self.diagram, self.content, may_edit=self.may_edit, user=self.request.user)
        return self.show(
            "diagram.html", page=page, editor=editor, programme=PROGRAMME, reason_form=reason_form, **context
        )


def reason_form_of(data=None, **more) -> ReasonForm:
    return ReasonForm(data, auto_id="retire_%s", **more)


def _number(key: str) -> int:
    return key_of(f"-{key}")
