"""Start a driver diagram, say anew what it is about, go back to a version of it, retire it and bring it back.

Every action of a diagram first holds its row, so that its versions follow one another, and ends by keeping one.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim
from improvement.actions.change_ideas import propose_idea
from improvement.diagram_content import DiagramContent, DriverNode, content_of
from improvement.diagram_template import DiagramTemplate, national_diagram
from improvement.editions import Collision, at_edition, change, check_may_edit
from improvement.models import ChangeIdea, DiagramVersion, Driver, DriverDiagram, DriverLink, IdeaLink, MeasureLink
from improvement.models.drivers import DEFINITIONS, SENTENCE, Level
from improvement.named_children import refuse_named_children
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import lock, remove_record, save_record
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

LONGEST = {"title": 120, "sentence": SENTENCE, "definitions": DEFINITIONS, "reason": 200}
FIELDS = ("title", "sentence", "definitions", "aim")
NATIONAL_START = "Started from the national diagram"
EMPTY_START = "Started empty"
RETIRED = "This diagram is retired. Bring it back to change it."


@transaction.atomic
def start_diagram(
    *,
    title: str,
    sentence: str = "",
    definitions: str = "",
    aim: Aim | None = None,
    from_national: bool = False,
    by: User,
) -> DriverDiagram:
    """Start a diagram for an aim of `by`'s authority, or without one for its programme; raises `ValidationError`.

    A sentence that is left out is that of the national diagram when it is started from, else the text of the aim.
    """
    check_can(by, Permission.LEAD_IMPROVEMENT)
    template = national_diagram() if from_national else None
    if not sentence.strip():
        sentence = template.sentence if template else text_of(aim)
    if template and not definitions.strip():
        definitions = template.definitions
    said = _checked({"title": title, "sentence": sentence, "definitions": definitions, "aim": aim}, by=by)
    diagram = DriverDiagram(authority=by.organisation, **said)
    save_record(diagram, by=by)
    if template:
        _fill(diagram, template, by=by)
    keep_version(diagram, by=by, reason=NATIONAL_START if template else EMPTY_START)
    return diagram


@transaction.atomic
def change_diagram(
    diagram: DriverDiagram, said: Mapping[str, Any], *, edition: int, by: User, reason: str = ""
) -> bool:
    """Say anew what a diagram is about; False when it says so already. Raises `Collision` and `ValidationError`."""
    hold(diagram, by=by)
    changed = change(diagram, _checked(said, by=by), edition=edition, by=by)
    keep_version(diagram, by=by, reason=reason)
    return changed


@transaction.atomic
def restore_version(version: DiagramVersion, *, latest: int, by: User, reason: str = "") -> bool:
    """Make a diagram say again what a version of it said, as a new version; False when it says so already.

    `latest` is the number of the last version that the person saw: raises `Collision` when there is a later one.
    """
    diagram = version.diagram
    hold(diagram, by=by)
    last = diagram.versions.first()
    if last.number != latest:
        raise Collision(last)
    old, now = DiagramContent.from_json(version.content), content_of(diagram)
    if old.says_the_same_as(now):
        return False
    # The aim is never removed, but another authority's could only stand in a version by a fault.
    aim = Aim.objects.visible_to(by).get(pk=old.aim) if old.aim else None
    diagram.title, diagram.sentence, diagram.definitions, diagram.aim = old.title, old.sentence, old.definitions, aim
    if (old.title, old.sentence, old.definitions, old.aim) != (now.title, now.sentence, now.definitions, now.aim):
        diagram.edition += 1
        save_record(diagram, by=by)
    _restore_drivers(diagram, old, by=by)
    words = f"Version {version.number} restored"
    keep_version(diagram, by=by, reason=f"{words}: {reason.strip()}"[: LONGEST["reason"]] if reason.strip() else words)
    return True


@transaction.atomic
def retire_diagram(diagram: DriverDiagram, *, reason: str, edition: int, by: User) -> None:
    """Work with a diagram no longer; it stays to be read, with its versions. Raises `Collision`, `ValidationError`."""
    check_may_edit(diagram, by=by)
    if at_edition(diagram, edition).is_retired:
        raise ValidationError("This diagram is retired already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the diagram is retired, so that others understand."})
    said = {"retired_on": timezone.localdate(), "retired_reason": checked_reason(reason, by=by)}
    change(diagram, said, edition=edition, by=by)


@transaction.atomic
def bring_back_diagram(diagram: DriverDiagram, *, edition: int, by: User) -> None:
    """Work with a retired diagram again; why it was retired stays in the audit trail. Raises `Collision`."""
    check_may_edit(diagram, by=by)
    if not at_edition(diagram, edition).is_retired:
        raise ValidationError("This diagram is not retired.")
    change(diagram, {"retired_on": None, "retired_reason": ""}, edition=edition, by=by)


def hold(diagram: DriverDiagram, *, by: User) -> None:
    """Hold a diagram that the person may change until the transaction ends; a retired one is not changed."""
    check_may_edit(diagram, by=by)
    if lock(diagram).is_retired:
        raise ValidationError(RETIRED)


def _restore_drivers(diagram: DriverDiagram, old: DiagramContent, *, by: User) -> None:
    standing = list(Driver.objects.filter(diagram=diagram))
    by_key = {driver.pk: driver for driver in standing}
    # A driver that came back since then has another key, and is known by its words.
    by_words = {(driver.level, driver.text): driver for driver in standing if driver.pk not in old.drivers}
    again: dict[int, Driver] = {}
    for level, nodes in ((Level.PRIMARY, old.primary), (Level.SECONDARY, old.secondary)):
        for node in nodes:
            found = by_key.get(node.key) or by_words.get((level, node.text))
            again[node.key] = found or Driver(diagram=diagram, level=level, edition=0)
    for driver in standing:
        if driver not in again.values():
            remove_with_links(driver, by=by)
    for nodes in (old.primary, old.secondary):
        for order, node in enumerate(nodes, start=1):
            driver = again[node.key]
            before = (driver.text, driver.definition)
            driver.text, driver.definition, driver.order = node.text, node.definition, order
            driver.edition += before != (node.text, node.definition)
            save_record(driver, by=by)
    for node in (*old.primary, *old.secondary):
        _restore_measures(again[node.key], node, by=by)
    for node in old.secondary:
        _restore_links(again[node.key], node, again, by=by)


def _restore_measures(driver: Driver, node: DriverNode, *, by: User) -> None:
    for link in MeasureLink.objects.filter(driver=driver).exclude(measure__in=node.measures):
        remove_record(link, by=by)
    held = set(MeasureLink.objects.filter(driver=driver).values_list("measure", flat=True))
    for key in set(node.measures) - held:
        save_record(MeasureLink(driver=driver, measure_id=key), by=by)


def _restore_links(driver: Driver, node: DriverNode, again: Mapping[int, Driver], *, by: User) -> None:
    served = {again[key].pk for key in node.serves}
    for link in DriverLink.objects.filter(secondary=driver).exclude(primary__in=served):
        remove_record(link, by=by)
    held = set(DriverLink.objects.filter(secondary=driver).values_list("primary", flat=True))
    for key in served - held:
        save_record(DriverLink(secondary=driver, primary_id=key), by=by)
    # The order of ideas is that of their links, so a different order is linked anew.
    links = list(IdeaLink.objects.filter(secondary=driver).order_by("pk"))
    if tuple(link.idea_id for link in links) != node.ideas:
        for link in links:
            remove_record(link, by=by)
        for key in node.ideas:
            save_record(IdeaLink(secondary=driver, idea_id=key), by=by)


def keep_version(diagram: DriverDiagram, *, by: User, reason: str = "") -> DiagramVersion | None:
    """Keep the diagram as it now is, unless its last version says so already."""
    reason = checked_reason(reason, by=by)
    content = content_of(diagram)
    last = diagram.versions.first()
    if last is not None and content.says_the_same_as(DiagramContent.from_json(last.content)):
        return None
    number = last.number + 1 if last else 1
    version = DiagramVersion(diagram=diagram, number=number, content=content.to_json(), reason=reason, by=by)
    version.save()
    # What changed stands in the entries of the rows themselves; the trail need not hold each diagram whole.
    record(
        AuditEntry.Action.CREATE,
        authority=diagram.authority,
        record_type="diagramversion",
        record_id=version.pk,
        by=by,
        after={"diagram": diagram.pk, "number": number},
        reason=reason,
    )
    return version


def checked_reason(reason: str, *, by: User) -> str:
    reason = reason.strip()
    refuse_too_long({"reason": reason}, LONGEST)
    refuse_named_children({"reason": reason}, by=by)
    return reason


def refuse_too_long(texts: Mapping[str, str], longest: Mapping[str, int]) -> None:
    faults = {
        name: f"Say it in at most {longest[name]} characters: these are {len(text)}."
        for name, text in texts.items()
        if len(text) > longest[name]
    }
    if faults:
        raise ValidationError(faults)


def remove_with_links(driver: Driver, *, by: User) -> None:
    """Take a driver off its diagram, with what links it."""
    links = [*driver.links_to_primary.all(), *driver.links_to_secondary.all(), *driver.links_to_ideas.all()]
    for row in (*links, *driver.links_to_measures.all(), driver):
        remove_record(row, by=by)


def idea_called(title: str, *, by: User) -> ChangeIdea | None:
    """The authority's own idea of this title that is still offered, whatever the letters' case."""
    return ChangeIdea.objects.visible_to(by).filter(title__iexact=title.strip(), retired_on=None).first()


def text_of(aim: Aim | None) -> str:
    """The aim in its own words, as far as a diagram holds them."""
    version = aim.versions.order_by("-number").first() if aim else None
    if version is None:
        return ""
    return (version.data.get("text") or version.data.get("title", ""))[:SENTENCE]


def _fill(diagram: DriverDiagram, template: DiagramTemplate, *, by: User) -> None:
    ideas = {
        title: idea_called(title, by=by) or propose_idea(title=title, source=template.source, by=by)
        for title in template.ideas
    }
    primary = {}
    for order, text in enumerate(template.primary, start=1):
        primary[text] = Driver(diagram=diagram, level=Level.PRIMARY, text=text, order=order)
        save_record(primary[text], by=by)
    for order, each in enumerate(template.secondary, start=1):
        driver = Driver(diagram=diagram, level=Level.SECONDARY, text=each.text, order=order)
        save_record(driver, by=by)
        save_record(DriverLink(secondary=driver, primary=primary[each.primary]), by=by)
        for title in each.ideas:
            save_record(IdeaLink(secondary=driver, idea=ideas[title]), by=by)


def _checked(said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """What is said of a diagram, without blank ends; raises `ValidationError`, by field."""
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in said.items()
    }
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"A diagram has no {', '.join(sorted(unknown))}.")
    if values.get("title") == "":
        raise ValidationError({"title": "Give the diagram a title."})
    if values.get("sentence") == "":
        raise ValidationError({"sentence": "Say the aim in one sentence: the whole diagram leads to it."})
    aim = values.get("aim")
    if aim is not None and aim.authority_id != by.organisation_id:
        raise ValidationError({"aim": "Choose one of your own authority."})
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    refuse_too_long(texts, LONGEST)
    refuse_named_children(texts, by=by)
    return values
