"""Starting, changing, linking and restoring driver diagrams."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from improvement.actions.change_ideas import retire_idea
from improvement.actions.driver_diagrams import (
    bring_back_diagram,
    change_diagram,
    restore_version,
    retire_diagram,
    start_diagram,
)
from improvement.actions.drivers import (
    MOST_DRIVERS,
    Gone,
    add_driver,
    add_idea,
    change_driver,
    link_driver,
    link_idea,
    move_driver,
    remove_driver,
    unlink_driver,
    unlink_idea,
)
from improvement.diagram_content import DiagramContent, content_of
from improvement.diagram_template import national_diagram
from improvement.editions import Collision
from improvement.models import ChangeIdea, DiagramVersion, Driver, DriverDiagram, DriverLink, IdeaLink
from improvement.models.drivers import Level
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person
from tests.improvement.builders import a_diagram, a_driver, an_aim, an_idea

pytestmark = pytest.mark.django_db

PRIMARY, SECONDARY = Level.PRIMARY, Level.SECONDARY


@pytest.fixture
def diagram(lead):
    return start_diagram(title="Ours", sentence="Every child knows where they will live", by=lead)


@pytest.fixture
def pair(diagram, lead):
    """A primary driver, and a secondary one that serves it."""
    primary = add_driver(diagram, level=PRIMARY, text="Leadership", by=lead)
    return primary, add_driver(diagram, level=SECONDARY, text="Leaders ask", serves=[primary], by=lead)


def numbers(diagram):
    return list(diagram.versions.values_list("number", flat=True))


def test_the_national_diagram_is_drawn_whole_with_its_ideas_among_our_own(lead):
    kept = an_idea("display data per child")
    diagram = start_diagram(title="Ours", from_national=True, by=lead)
    content = content_of(diagram)
    template = national_diagram()
    assert [driver.text for driver in content.primary] == [
        "Leadership",
        "Engage partners across whole system in each area",
        "Identify standard process",
        "Confident workforce",
    ]
    assert len(content.secondary) == 12
    assert len(content.ideas) == 11
    assert kept.pk in content.titles
    assert diagram.sentence == template.sentence
    assert diagram.definitions.startswith("Using improvement methodology – have a stretch aim")
    assert all(driver.serves and driver.ideas for driver in content.secondary)
    added = ChangeIdea.objects.exclude(pk=kept.pk)
    assert set(added.values_list("source", "proposed_by")) == {("National PACE driver diagram", lead.pk)}
    assert diagram.versions.get().reason == "Started from the national diagram"
    start_diagram(title="Once more", from_national=True, by=lead)
    assert ChangeIdea.objects.count() == 11


def test_a_diagram_of_an_aim_says_the_aim_in_its_own_words(lead):
    aim = an_aim(text="By 2027, 80% within 26 weeks")
    assert start_diagram(title="Ours", aim=aim, by=lead).sentence == "By 2027, 80% within 26 weeks"
    with pytest.raises(ValidationError, match="aim in one sentence"):
        start_diagram(title="Ours", by=lead)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"sentence": "x" * 601}, "sentence"),
        ({"definitions": "x" * 2001}, "definitions"),
        ({"sentence": "Given Family goes home"}, "sentence"),
    ],
)
def test_a_diagram_that_says_too_little_too_much_or_a_name_is_refused(lead, said, field):
    child(name=("Given", "Family"))
    with pytest.raises(ValidationError) as refused:
        start_diagram(**{"title": "Ours", "sentence": "Every child"} | said, by=lead)
    assert list(refused.value.error_dict) == [field]
    assert not DriverDiagram.objects.exists()


def test_a_diagram_is_not_for_an_aim_of_another_authority(lead):
    with pytest.raises(ValidationError, match="own authority"):
        start_diagram(title="Ours", aim=an_aim(organisation=authority("S12000033")), by=lead)


def test_only_those_who_lead_improvement_start_and_change_diagrams(diagram, pair):
    primary, secondary = pair
    for role in Role:
        if Permission.LEAD_IMPROVEMENT in ROLE_PERMISSIONS.get(role, ()):
            continue
        user = person(role)
        for action in (
            lambda by: start_diagram(title="Mine", sentence="Mine", by=by),
            lambda by: change_diagram(diagram, {"title": "Mine"}, edition=1, by=by),
            lambda by: add_driver(diagram, level=PRIMARY, text="Mine", by=by),
            lambda by: change_driver(primary, {"text": "Mine"}, edition=1, by=by),
            lambda by: remove_driver(primary, edition=1, by=by),
            lambda by: move_driver(primary, up=True, by=by),
            lambda by: unlink_driver(secondary, primary, by=by),
            lambda by: add_idea(secondary, title="Mine", by=by),
            lambda by: restore_version(diagram.versions.last(), latest=3, by=by),
        ):
            with pytest.raises(PermissionDenied):
                action(user)
    assert numbers(diagram) == [3, 2, 1]


def test_a_lead_of_another_authority_changes_nothing(diagram, pair):
    other = person(Role.PACE_LEAD, organisation=authority("S12000033"))
    with pytest.raises(PermissionDenied):
        change_driver(pair[0], {"text": "Mine"}, edition=1, by=other)
    with pytest.raises(PermissionDenied):
        add_driver(diagram, level=PRIMARY, text="Mine", by=other)


def test_every_change_keeps_a_version_with_who_and_why(diagram, pair, lead):
    primary, secondary = pair
    change_diagram(diagram, {"title": "Ours anew"}, edition=1, by=lead, reason="Clearer")
    change_driver(primary, {"text": "Leaders", "definition": "SMT"}, edition=1, by=lead)
    idea = add_idea(secondary, title="Tea first", by=lead)
    unlink_idea(secondary, idea, by=lead)
    link_idea(secondary, idea, by=lead)
    unlink_driver(secondary, primary, by=lead)
    link_driver(secondary, primary, by=lead)
    remove_driver(secondary, edition=1, by=lead)
    assert numbers(diagram) == list(range(11, 0, -1))
    version = diagram.versions.get(number=4)
    assert (version.by, version.reason, version.content["title"]) == (lead, "Clearer", "Ours anew")
    assert not IdeaLink.objects.exists()
    assert not DriverLink.objects.exists()
    assert ChangeIdea.objects.get() == idea
    kinds = set(AuditEntry.objects.filter(actor=lead.email).values_list("record_type", "action"))
    assert kinds >= {
        ("driver", "create"),
        ("driver", "change"),
        ("driver", "remove"),
        ("driverlink", "create"),
        ("driverlink", "remove"),
        ("idealink", "create"),
        ("idealink", "remove"),
        ("diagramversion", "create"),
    }


def test_what_changes_nothing_keeps_no_version(diagram, pair, lead):
    assert not change_diagram(diagram, {"title": " Ours "}, edition=1, by=lead)
    assert not change_driver(pair[0], {"text": "Leadership  "}, edition=1, by=lead)
    assert not move_driver(pair[0], up=True, by=lead)
    assert numbers(diagram) == [3, 2, 1]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"text": " \n "}, "Say in a few words"),
        ({"text": "x" * 201}, "at most 200 characters: these are 201"),
        ({"text": "leadership"}, "has that primary driver already"),
        ({"text": "Given Family"}, "names a child"),
        ({"text": "Tea", "definition": "x" * 1001}, "at most 1000"),
    ],
)
def test_a_driver_without_words_or_with_wrong_ones_is_refused(diagram, pair, lead, said, fault):
    child(name=("Given", "Family"))
    with pytest.raises(ValidationError, match=fault):
        add_driver(diagram, level=PRIMARY, **said, by=lead)
    other = add_driver(diagram, level=PRIMARY, text="Other", by=lead)
    with pytest.raises(ValidationError, match=fault):
        change_driver(other, said, edition=1, by=lead)
    assert Driver.objects.filter(diagram=diagram, level=PRIMARY).count() == 2


def test_a_diagram_holds_no_more_drivers_than_anybody_can_follow(diagram, lead):
    Driver.objects.bulk_create(
        Driver(diagram=diagram, level=PRIMARY, text=f"Driver {number}", order=number)
        for number in range(1, MOST_DRIVERS + 1)
    )
    with pytest.raises(ValidationError, match="at most 60 drivers"):
        add_driver(diagram, level=PRIMARY, text="One more", by=lead)


def test_links_are_made_once_between_the_right_drivers_of_one_diagram(diagram, pair, lead):
    primary, secondary = pair
    for wrong, fault in (
        ((secondary, primary), "already"),
        ((primary, primary), "from a secondary driver to a primary one"),
        ((secondary, secondary), "from a secondary driver to a primary one"),
        ((secondary, a_driver(a_diagram())), "of this diagram"),
    ):
        with pytest.raises(ValidationError, match=fault):
            link_driver(wrong[0], wrong[1], by=lead)
    assert DriverLink.objects.count() == 1


def test_ideas_are_linked_once_to_secondary_drivers_while_they_are_offered(pair, lead):
    primary, secondary = pair
    idea, retired = an_idea("Tea"), an_idea("Cake")
    retire_idea(retired, reason="Too sweet", edition=1, by=lead)
    retired.refresh_from_db()
    link_idea(secondary, idea, by=lead)
    for driver, wrong, fault in (
        (secondary, idea, "already"),
        (primary, idea, "to secondary drivers"),
        (secondary, retired, "retired"),
        (secondary, an_idea("Coffee", organisation=authority("S12000033")), "own authority"),
    ):
        with pytest.raises(ValidationError, match=fault):
            link_idea(driver, wrong, by=lead)
    assert IdeaLink.objects.count() == 1


def test_a_typed_idea_that_we_have_already_is_taken_and_not_made_twice(pair, lead):
    idea = an_idea("Tea first")
    assert add_idea(pair[1], title=" tea FIRST", by=lead) == idea
    with pytest.raises(ValidationError, match="at most 120"):
        add_idea(pair[1], title="x" * 121, by=lead)
    with pytest.raises(ValidationError, match="title"):
        add_idea(pair[1], title=" ", by=lead)
    assert ChangeIdea.objects.count() == 1


def test_who_was_overtaken_is_told_and_writes_over_nothing(diagram, pair, lead):
    primary, _secondary = pair
    mine = Driver.objects.get(pk=primary.pk)
    change_driver(primary, {"text": "Theirs"}, edition=1, by=lead)
    for action in (
        lambda: change_driver(mine, {"text": "Mine"}, edition=1, by=lead),
        lambda: remove_driver(mine, edition=1, by=lead),
    ):
        with pytest.raises(Collision) as collision:
            action()
        assert collision.value.current.text == "Theirs"
    remove_driver(primary, edition=2, by=lead)
    with pytest.raises(Gone):
        change_driver(mine, {"text": "Mine"}, edition=2, by=lead)
    with pytest.raises(Collision):
        change_diagram(diagram, {"title": "Mine"}, edition=7, by=lead)


def test_unlinking_what_is_unlinked_is_told_apart(pair, lead):
    primary, secondary = pair
    unlink_driver(secondary, primary, by=lead)
    with pytest.raises(Gone):
        unlink_driver(secondary, primary, by=lead)
    with pytest.raises(Gone):
        unlink_idea(secondary, an_idea(), by=lead)


def test_two_editors_of_two_drivers_do_not_stand_in_each_others_way(pair, lead):
    primary, secondary = pair
    assert change_driver(primary, {"text": "One"}, edition=1, by=lead)
    assert change_driver(secondary, {"text": "Other"}, edition=1, by=lead)


def test_drivers_change_places_with_neighbours_of_their_own_branch(diagram, lead):
    one, two = (add_driver(diagram, level=PRIMARY, text=text, by=lead) for text in ("One", "Two"))
    for text, primary in (("1a", one), ("2a", two), ("1b", one)):
        add_driver(diagram, level=SECONDARY, text=text, serves=[primary], by=lead)
    last = Driver.objects.get(text="1b")
    assert move_driver(last, up=True, by=lead)
    content = content_of(diagram)
    assert [driver.text for driver in content.secondary] == ["1b", "1a", "2a"]
    assert not move_driver(last, up=True, by=lead)
    assert move_driver(two, up=True, by=lead)
    assert [driver.text for driver in content_of(diagram).primary] == ["Two", "One"]


def test_an_old_version_is_restored_as_a_new_one_and_nothing_is_lost(diagram, pair, lead):
    primary, secondary = pair
    idea = add_idea(secondary, title="Tea", by=lead)
    before = content_of(diagram)
    remove_driver(primary, edition=1, by=lead)
    remove_driver(secondary, edition=1, by=lead)
    change_diagram(diagram, {"title": "Bare", "sentence": "Bare"}, edition=1, by=lead)
    add_driver(diagram, level=PRIMARY, text="New", by=lead)
    fourth = diagram.versions.get(number=4)
    assert restore_version(fourth, latest=8, by=lead, reason="Too bare")
    diagram.refresh_from_db()
    after = content_of(diagram)
    assert after.says_the_same_as(before)
    assert after.secondary[0].ideas == (idea.pk,)
    assert diagram.versions.first().reason == "Version 4 restored: Too bare"
    assert numbers(diagram) == list(range(9, 0, -1))
    assert DiagramContent.from_json(diagram.versions.get(number=8).content).primary[0].text == "New"
    keys = set(after.drivers)
    assert not restore_version(fourth, latest=9, by=lead)
    assert set(content_of(diagram).drivers) == keys


def test_texts_that_changed_places_are_restored(diagram, lead):
    one, two = (add_driver(diagram, level=PRIMARY, text=text, by=lead) for text in ("One", "Two"))
    change_driver(one, {"text": "Aside"}, edition=1, by=lead)
    change_driver(two, {"text": "One"}, edition=1, by=lead)
    change_driver(one, {"text": "Two"}, edition=2, by=lead)
    assert restore_version(diagram.versions.get(number=3), latest=6, by=lead)
    assert [driver.text for driver in content_of(diagram).primary] == ["One", "Two"]


def test_a_restore_that_was_overtaken_changes_nothing(diagram, pair, lead):
    with pytest.raises(Collision) as collision:
        restore_version(diagram.versions.get(number=1), latest=2, by=lead)
    assert collision.value.current.number == 3
    assert DiagramVersion.objects.count() == 3


def test_a_retired_diagram_is_changed_by_nobody_and_the_trail_keeps_why(diagram, pair, lead):
    primary, secondary = pair
    with pytest.raises(PermissionDenied):
        retire_diagram(diagram, reason="No use", edition=1, by=person(Role.CHAMPION))
    with pytest.raises(ValidationError, match="names a child"):
        retire_diagram(diagram, reason=f"For {child().code}", edition=1, by=lead)
    retire_diagram(diagram, reason="No use", edition=1, by=lead)
    said = {"title": "Anew", "sentence": "S", "definitions": "", "aim": None}
    for change in (
        lambda: change_diagram(diagram, said, edition=2, by=lead),
        lambda: restore_version(diagram.versions.last(), latest=diagram.versions.first().number, by=lead),
        lambda: add_driver(diagram, level=PRIMARY, text="One more", by=lead),
        lambda: remove_driver(secondary, edition=1, by=lead),
        lambda: retire_diagram(diagram, reason="Again", edition=2, by=lead),
    ):
        with pytest.raises(ValidationError, match="retired"):
            change()
    bring_back_diagram(diagram, edition=2, by=lead)
    with pytest.raises(ValidationError, match="not retired"):
        bring_back_diagram(diagram, edition=3, by=lead)
    entries = AuditEntry.objects.filter(record_type="driverdiagram", action=AuditEntry.Action.CHANGE).order_by("pk")
    retired, back = entries
    assert (retired.after["retired_reason"], back.before["retired_reason"]) == ("No use", "No use")
