"""What changed from one version of a driver diagram to the next, in words."""

from collections.abc import Iterable

from improvement.diagram_content import DiagramContent, DriverNode
from improvement.models.drivers import Level
from pace_site.look.words import count_of


def changes_in_words(before: DiagramContent | None, after: DiagramContent) -> list[str]:
    """One sentence for each change; before the first version there was nothing."""
    if before is None:
        return [_started(after)]
    return [
        *_of_the_diagram(before, after),
        *_of_drivers(before, after),
        *_of_links(before, after),
        *_of_measures(before, after),
        *_of_order(before, after),
    ]


def _started(content: DiagramContent) -> str:
    if not content.drivers:
        return "Started without drivers."
    primary = count_of(len(content.primary), "primary driver", "primary drivers")
    secondary = count_of(len(content.secondary), "secondary driver", "secondary drivers")
    ideas = count_of(len(content.ideas), "change idea", "change ideas")
    return f"Started with {primary}, {secondary} and {ideas}."


def _of_the_diagram(before: DiagramContent, after: DiagramContent) -> Iterable[str]:
    if before.title != after.title:
        yield f"The title “{before.title}” became “{after.title}”."
    if before.aim != after.aim:
        yield f"It was {_whose(before)} and is now {_whose(after)}."
    if before.sentence != after.sentence:
        yield f"The aim “{before.sentence}” became “{after.sentence}”."
    if before.definitions != after.definitions:
        yield "The operational definitions were changed."


def _whose(content: DiagramContent) -> str:
    return f"the diagram of {content.aim_code}" if content.aim else "the diagram of the programme"


def _of_drivers(before: DiagramContent, after: DiagramContent) -> Iterable[str]:
    old, new = before.drivers, after.drivers
    for key in old.keys() - new.keys():
        yield f"{_kind(before, key)} “{old[key].text}” was removed."
    for key in new.keys() - old.keys():
        yield f"{_kind(after, key)} “{new[key].text}” was added."
    for key in sorted(old.keys() & new.keys()):
        if old[key].text != new[key].text:
            yield f"“{old[key].text}” became “{new[key].text}”."
        if old[key].definition != new[key].definition:
            yield f"The operational definition of “{new[key].text}” was changed."


def _kind(content: DiagramContent, key: int) -> str:
    return Level(content.level_of(key)).label.capitalize()


def _of_links(before: DiagramContent, after: DiagramContent) -> Iterable[str]:
    """Links that were made or taken off; those of a driver that was removed went with it, and are not told."""
    titles, new_drivers = before.titles | after.titles, after.drivers
    was = {driver.key: driver for driver in before.secondary}
    for driver in after.secondary:
        old = was.get(driver.key, DriverNode(driver.key, driver.text))
        for key in driver.serves:
            if key not in old.serves:
                yield f"“{driver.text}” was linked to “{new_drivers[key].text}”."
        for key in old.serves:
            if key not in driver.serves and key in new_drivers:
                yield f"“{driver.text}” is no longer linked to “{new_drivers[key].text}”."
        for key in driver.ideas:
            if key not in old.ideas:
                yield f"The idea “{titles[key]}” was linked to “{driver.text}”."
        for key in old.ideas:
            if key not in driver.ideas:
                yield f"The idea “{titles[key]}” was taken off “{driver.text}”."


def _of_measures(before: DiagramContent, after: DiagramContent) -> Iterable[str]:
    names, was = before.names | after.names, before.drivers
    for key, driver in after.drivers.items():
        old = was[key].measures if key in was else ()
        for measure in driver.measures:
            if measure not in old:
                yield f"The measure “{names[measure]}” was linked to “{driver.text}”."
        for measure in old:
            if measure not in driver.measures:
                yield f"The measure “{names[measure]}” was taken off “{driver.text}”."


def _of_order(before: DiagramContent, after: DiagramContent) -> Iterable[str]:
    for level in Level:
        old, new = ([driver.key for driver in getattr(content, level)] for content in (before, after))
        both = set(old) & set(new)
        if [key for key in old if key in both] != [key for key in new if key in both]:
            yield f"The {level.label}s stand in another order."
