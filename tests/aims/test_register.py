"""Every shipped definition loads, says where it comes from, and can be written down and read again."""

import re
from pathlib import Path

import pytest

from aims.aim_file import read_aim_file, registered_files
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words

SHIPPED = [definition for path in registered_files().values() for definition in read_aim_file(path)]
EXPECTED = {
    *(f"NAT-{n}" for n in range(1, 5)),
    *(f"MOR-{n}" for n in range(1, 5)),
    *("NL-1", "NL-1X", "NL-2", "MID-1", "EX-1", "EX-2", "EX-3", "ABC-1", "ABC-2", "ABC-3", "ABS-1", "ABS-2", "NES-1"),
}
DOMAIN = (Path(__file__).parents[2] / "docs" / "domain.md").read_text()


def rows_of_table(heading: str) -> dict[str, list[str]]:
    """The cells of each row of the first table under a header row, by their first cell."""
    after = DOMAIN.split(heading, 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in after.splitlines()[2:]]
    return {row[0]: row[1:] for row in rows}


PUBLISHED = rows_of_table("| Id | Text | Source |")
REGISTERED = rows_of_table("| Id | kind | start | stop | limit | from | by | target | filters |")
BY_CODE = {definition.code: definition for definition in SHIPPED}


def test_the_whole_register_is_shipped_once_each():
    codes = [definition.code for definition in SHIPPED]
    assert sorted(codes) == sorted(EXPECTED)


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
def test_a_shipped_aim_says_where_it_comes_from(definition):
    assert definition.provenance in ("sourced", "inferred")
    assert definition.source
    assert definition.text


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
def test_a_shipped_aim_survives_being_stored(definition):
    assert AimDefinition.from_mapping(definition.to_mapping()) == definition


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
def test_a_shipped_aim_can_be_said_in_words(definition):
    words = dict(definition_in_words(definition))
    assert all(sentence.strip() for sentence in words.values())
    assert {"Who is counted", "The clock starts", "The clock stops", "Allowed", "Target"} <= set(words)


def test_national_templates_leave_targets_and_dates_to_the_authority():
    national = [definition for definition in SHIPPED if definition.code.startswith("NAT-")]
    assert [(d.target_pct, d.from_date, d.by_date) for d in national] == [(None, None, None)] * 4
    assert [str(d.limit) for d in national] == ["24 months", "26 weeks", "12 weeks", "14 weeks"]


def test_the_draft_with_x_values_claims_nothing():
    (draft,) = [definition for definition in SHIPPED if definition.code == "NL-2"]
    assert (draft.limit, draft.target_pct, draft.has_claim) == (None, None, False)


@pytest.mark.parametrize("code", [d.code for d in SHIPPED if d.provenance == "sourced" and d.code != "NAT-1"])
def test_a_published_text_is_shipped_word_for_word(code):
    assert PUBLISHED[code][0].startswith(BY_CODE[code].text)


@pytest.mark.parametrize("code", sorted(REGISTERED))
def test_the_register_has_the_limits_dates_and_target_of_the_domain_reference(code):
    kind, _start, _stop, limit, start, by, target, _filters = REGISTERED[code]
    shipped = BY_CODE[code]

    def open_or(value):
        return "" if value is None else str(value)

    def cell(text):
        return "" if text in ("-", "null") else re.sub(r"^(deadline|before) |\*$", "", text.replace("\\*", "*"))

    assert shipped.kind == ("milestone_review" if code == "EX-1" else kind)
    assert open_or(shipped.deadline or shipped.limit) == cell(limit)
    assert open_or(shipped.before_date or shipped.from_date) == cell(start)
    assert open_or(shipped.by_date) == cell(by)
    assert open_or(shipped.target_pct) == cell(target)
