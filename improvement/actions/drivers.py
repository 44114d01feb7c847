"""Add, word, order, link and remove the drivers of a diagram. Each change keeps a version of the whole."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from improvement.actions.change_ideas import propose_idea
from improvement.actions.driver_diagrams import hold, idea_called, keep_version, refuse_too_long, remove_with_links
from improvement.editions import at_edition, change
from improvement.models import ChangeIdea, Driver, DriverDiagram, DriverLink, IdeaLink, Measure, MeasureLink
from improvement.models.drivers import DEFINITION, Level
from improvement.named_children import refuse_named_children
from pace_site.accounts.models import User
from pace_site.audit.actions import remove_record, save_record

LONGEST = {"text": 200, "definition": DEFINITION}
MOST_DRIVERS = 60  # of one diagram; beyond that nobody can follow it


class Gone(Exception):
    """Somebody else took the driver or the link off the diagram meanwhile."""


@transaction.atomic
def add_driver(
    diagram: DriverDiagram,
    *,
    level: Level,
    text: str,
    definition: str = "",
    serves: Iterable[Driver] = (),
    by: User,
    reason: str = "",
) -> Driver:
    """Add a driver behind those of its level, a secondary one linked to the primary drivers that it serves."""
    hold(diagram, by=by)
    standing = Driver.objects.filter(diagram=diagram)
    if standing.count() >= MOST_DRIVERS:
        raise ValidationError(f"A diagram holds at most {MOST_DRIVERS} drivers. Remove one, or draw a second diagram.")
    said = _checked({"text": text, "definition": definition}, diagram=diagram, level=level, by=by)
    last = standing.filter(level=level).aggregate(last=Max("order"))["last"] or 0
    driver = Driver(diagram=diagram, level=level, order=last + 1, **said)
    save_record(driver, by=by)
    for primary in serves:
        _link(driver, primary, by=by)
    keep_version(diagram, by=by, reason=reason)
    return driver


@transaction.atomic
def change_driver(driver: Driver, said: Mapping[str, str], *, edition: int, by: User, reason: str = "") -> bool:
    """Word a driver anew; False when it says so already. Raises `Collision`, `Gone` and `ValidationError`."""
    diagram = _held(driver, by=by)
    at_edition(driver, edition)
    values = _checked(said, diagram=diagram, level=Level(driver.level), but=driver, by=by)
    changed = change(driver, values, edition=edition, by=by)
    keep_version(diagram, by=by, reason=reason)
    return changed


@transaction.atomic
def remove_driver(driver: Driver, *, edition: int, by: User, reason: str = "") -> None:
    """Take a driver off its diagram with its links; versions keep it, and ideas stay. Raises `Collision` and `Gone`."""
    diagram = _held(driver, by=by)
    remove_with_links(at_edition(driver, edition), by=by)
    keep_version(diagram, by=by, reason=reason)


@transaction.atomic
def move_driver(driver: Driver, *, up: bool, by: User) -> bool:
    """Change places with the neighbour above or below; False at the end of the row.

    The neighbour of a secondary driver is the next one that serves a primary driver of its own.
    """
    diagram = _held(driver, by=by)
    row = list(Driver.objects.filter(diagram=diagram, level=driver.level).prefetch_related("links_to_primary"))
    served = {each.pk: {link.primary_id for link in each.links_to_primary.all()} for each in row}
    place = next(place for place, each in enumerate(row) if each.pk == driver.pk)
    others = reversed(range(place)) if up else range(place + 1, len(row))
    own = served[driver.pk]
    other = next((at for at in others if driver.level == Level.PRIMARY or served[row[at].pk] & own or not own), None)
    if other is None:
        return False
    row.insert(other, row.pop(place))
    for order, each in enumerate(row, start=1):
        if each.order != order:
            each.order = order
            save_record(each, by=by)
    keep_version(diagram, by=by)
    return True


@transaction.atomic
def link_driver(secondary: Driver, primary: Driver, *, by: User) -> None:
    """Let a secondary driver serve one more primary driver of its diagram; raises `ValidationError` and `Gone`."""
    diagram = _held(secondary, by=by)
    _link(secondary, primary, by=by)
    keep_version(diagram, by=by)


@transaction.atomic
def unlink_driver(secondary: Driver, primary: Driver, *, by: User) -> None:
    """Let a secondary driver no longer serve a primary one; raises `Gone` when it does not."""
    diagram = _held(secondary, by=by)
    _take_off(DriverLink.objects.filter(secondary=secondary, primary=primary), of=diagram, by=by)


@transaction.atomic
def link_idea(secondary: Driver, idea: ChangeIdea, *, by: User) -> None:
    """Put a change idea of the authority to a secondary driver; raises `ValidationError` and `Gone`."""
    diagram = _held(secondary, by=by)
    if secondary.level != Level.SECONDARY:
        raise ValidationError({"idea": "Change ideas are linked to secondary drivers."})
    _check_offered(idea, "idea", of=diagram)
    if IdeaLink.objects.filter(secondary=secondary, idea=idea).exists():
        raise ValidationError({"idea": f"“{idea}” is linked to this driver already."})
    save_record(IdeaLink(secondary=secondary, idea=idea), by=by)
    keep_version(diagram, by=by)


@transaction.atomic
def unlink_idea(secondary: Driver, idea: ChangeIdea, *, by: User) -> None:
    """Take a change idea off a secondary driver; it stays among the ideas. Raises `Gone` when it is not there."""
    diagram = _held(secondary, by=by)
    _take_off(IdeaLink.objects.filter(secondary=secondary, idea=idea), of=diagram, by=by)


@transaction.atomic
def link_measure(driver: Driver, measure: Measure, *, by: User) -> None:
    """Say that a measure of the authority follows a driver; raises `ValidationError` and `Gone`."""
    diagram = _held(driver, by=by)
    _check_offered(measure, "measure", of=diagram)
    if MeasureLink.objects.filter(driver=driver, measure=measure).exists():
        raise ValidationError({"measure": f"“{measure}” is linked to this driver already."})
    save_record(MeasureLink(driver=driver, measure=measure), by=by)
    keep_version(diagram, by=by)


@transaction.atomic
def unlink_measure(driver: Driver, measure: Measure, *, by: User) -> None:
    """Take a measure off a driver; it stays among the measures. Raises `Gone` when it is not there."""
    diagram = _held(driver, by=by)
    _take_off(MeasureLink.objects.filter(driver=driver, measure=measure), of=diagram, by=by)


@transaction.atomic
def add_idea(secondary: Driver, *, title: str, by: User) -> ChangeIdea:
    """Put a new idea to a secondary driver; one of the same title that the authority has already is taken instead."""
    diagram = _held(secondary, by=by)
    refuse_too_long({"title": title.strip()}, {"title": 120})
    idea = idea_called(title, by=by) or propose_idea(title=title, aim=diagram.aim, by=by)
    link_idea(secondary, idea, by=by)
    return idea


def _held(driver: Driver, *, by: User) -> DriverDiagram:
    """The diagram of a driver that the person may change, held until the transaction ends."""
    diagram = driver.diagram
    hold(diagram, by=by)
    if not Driver.objects.filter(pk=driver.pk).exists():
        raise Gone
    return diagram


def _check_offered(row: ChangeIdea | Measure, what: str, *, of: DriverDiagram) -> None:
    if row.authority_id != of.authority_id:
        raise ValidationError({what: "Choose one of your own authority."})
    if row.is_retired:
        raise ValidationError({what: f"This {what} is retired. Choose another."})


def _take_off(links: QuerySet, *, of: DriverDiagram, by: User) -> None:
    """Remove the one link that these are, and keep a version."""
    link = links.first()
    if link is None:
        raise Gone
    remove_record(link, by=by)
    keep_version(of, by=by)


def _link(secondary: Driver, primary: Driver, *, by: User) -> None:
    if not Driver.objects.filter(pk=primary.pk).exists():
        raise Gone
    if secondary.level != Level.SECONDARY or primary.level != Level.PRIMARY:
        raise ValidationError({"primary": "A link leads from a secondary driver to a primary one."})
    if secondary.diagram_id != primary.diagram_id:
        raise ValidationError({"primary": "Choose a driver of this diagram."})
    if DriverLink.objects.filter(secondary=secondary, primary=primary).exists():
        raise ValidationError({"primary": f"“{secondary}” is linked to “{primary}” already."})
    save_record(DriverLink(secondary=secondary, primary=primary), by=by)


def _checked(
    said: Mapping[str, str], *, diagram: DriverDiagram, level: Level, but: Driver | None = None, by: User
) -> dict[str, str]:
    """What is said of a driver, without blank ends; raises `ValidationError`, by field."""
    values = {name: value.replace("\r\n", "\n").strip() for name, value in said.items()}
    values["text"] = " ".join(values["text"].split())
    if not values["text"]:
        raise ValidationError({"text": "Say in a few words what the aim depends on."})
    refuse_too_long(values, LONGEST)
    others = Driver.objects.filter(diagram=diagram, level=level, text__iexact=values["text"])
    if others.exclude(pk=but.pk if but else None).exists():
        raise ValidationError({"text": f"This diagram has that {level.label} already."})
    refuse_named_children(values, by=by)
    return values
