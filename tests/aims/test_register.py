"""Every shipped definition loads, says where it comes from, and can be written down and read again."""

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
