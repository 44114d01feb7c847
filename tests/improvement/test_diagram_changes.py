"""What changed from one version of a diagram to the next is told in words."""

from dataclasses import replace

import pytest

from improvement.diagram_changes import changes_in_words
from improvement.diagram_content import DiagramContent, DriverNode, IdeaNode

LEADERSHIP, PARTNERS = DriverNode(1, "Leadership"), DriverNode(2, "Partners")
ASK, TRACK = DriverNode(3, "Leaders ask", serves=(1,), ideas=(7,)), DriverNode(4, "Track")
BEFORE = DiagramContent(
    title="Ours",
    sentence="Every child",
    primary=(LEADERSHIP, PARTNERS),
    secondary=(ASK, TRACK),
    ideas=(IdeaNode(7, "Tea"),),
)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, []),
        ({"title": "Theirs"}, ["The title “Ours” became “Theirs”."]),
        ({"sentence": "All"}, ["The aim “Every child” became “All”."]),
        ({"definitions": "A child is"}, ["The operational definitions were changed."]),
        (
            {"aim": 5, "aim_code": "AIM-1"},
            ["It was the diagram of the programme and is now the diagram of AIM-1."],
        ),
        (
            {"primary": (LEADERSHIP, PARTNERS, DriverNode(9, "Workforce"))},
            ["Primary driver “Workforce” was added."],
        ),
        ({"secondary": (ASK,)}, ["Secondary driver “Track” was removed."]),
        (
            {"primary": (PARTNERS,), "secondary": (replace(ASK, serves=()), TRACK)},
            ["Primary driver “Leadership” was removed."],
        ),
        ({"primary": (replace(LEADERSHIP, text="Leaders"), PARTNERS)}, ["“Leadership” became “Leaders”."]),
        (
            {"primary": (replace(LEADERSHIP, definition="SMT"), PARTNERS)},
            ["The operational definition of “Leadership” was changed."],
        ),
        (
            {"secondary": (replace(ASK, serves=(2,)), TRACK)},
            ["“Leaders ask” was linked to “Partners”.", "“Leaders ask” is no longer linked to “Leadership”."],
        ),
        (
            {"secondary": (replace(ASK, ideas=(8,)), TRACK), "ideas": (IdeaNode(8, "Cake"),)},
            ["The idea “Cake” was linked to “Leaders ask”.", "The idea “Tea” was taken off “Leaders ask”."],
        ),
        ({"primary": (PARTNERS, LEADERSHIP)}, ["The primary drivers stand in another order."]),
    ],
)
def test_each_change_is_told_once(changed, told):
    assert changes_in_words(BEFORE, replace(BEFORE, **changed)) == told


def test_the_first_version_tells_how_it_was_started():
    assert changes_in_words(None, BEFORE) == ["Started with 2 primary drivers, 2 secondary drivers and 1 change idea."]
    assert changes_in_words(None, DiagramContent("Ours", "Every child")) == ["Started without drivers."]


def test_a_version_is_read_as_it_was_kept():
    assert DiagramContent.from_json(BEFORE.to_json()) == BEFORE
    assert not BEFORE.says_the_same_as(replace(BEFORE, title="Theirs"))
    renumbered = replace(
        BEFORE, primary=(replace(LEADERSHIP, key=11), PARTNERS), secondary=(replace(ASK, serves=(11,)), TRACK)
    )
    assert BEFORE.says_the_same_as(renumbered)
