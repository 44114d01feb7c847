"""The register of measures: what may be written in it, and how faults are named."""

import pytest

from aims.definition_file import DefinitionFileError, read_definitions
from improvement.measure_definition import Rule
from improvement.measure_register import MEASURE, registered_measures

TEXT = """\
- code: two-week-meeting
  name: Planning meeting within two weeks
  kind: process
  definition: A share
  unit: percent
  chart: p
  compute: in_time
  start_event: ACCOM_START
  stop_event: [MTG_2WK]
  within: 2 weeks
"""


def read(text):
    return read_definitions(text, MEASURE, file="measures.yaml")


def test_every_rule_of_the_register_is_stored_and_read_back_the_same():
    rules = [each.rule for each in registered_measures().values() if each.rule]
    assert len(rules) >= 15
    assert [Rule.from_mapping(rule.to_mapping()) for rule in rules] == rules


def test_what_milestones_cannot_tell_is_left_to_be_typed():
    assert {code for code, each in registered_measures().items() if not each.rule} == {
        "kinship-independent",
        "parents-understood",
    }


@pytest.mark.parametrize(
    ("was", "becomes", "line", "words"),
    [
        ("kind: process", "kind: other", 3, "kind: 'other' is not one of outcome, process, balancing"),
        ("  name: Planning meeting within two weeks\n", "", 1, "name: is missing"),
        ("chart: p", "chart: u", 6, "chart: 'u' is not a chart of a percent"),
        ("within: 2 weeks", "within: two weeks", 10, "within: 'two weeks' is not a limit"),
        ("  within: 2 weeks\n", "", 1, "within: is missing: what is computed as in_time needs it"),
        ("MTG_2WK", "MTG_3WK", 9, "stop_event: 'MTG_3WK' is not an event code"),
        ("MTG_2WK", "ACCOM_START", 9, "stop_event: ACCOM_START is the start_event as well"),
        ("ACCOM_START", "LAC_END", 8, "start_event: LAC_END cannot start what a measure counts"),
        (
            "unit: percent\n  chart: p",
            "unit: number\n  chart: run",
            5,
            "unit: what is computed as in_time is a percent",
        ),
        ("compute: in_time", "compute: guess", 7, "compute: 'guess' is not one of in_time"),
        ("within: 2 weeks", "within: 2 weeks\n  stage: REC", 11, "stage: has no part in what is computed as in_time"),
        ("within: 2 weeks", "within: 2 weeks\n  routes: [PO]", 11, "routes: only PERM_REC"),
        ("within: 2 weeks", "within: 2 weeks\n  colour: red", 11, "colour: is not a field of a measure"),
        ("within: 2 weeks", "within: 2 weeks\n  per: 10", 11, "per: belongs to measures whose unit is rate"),
        ("within: 2 weeks", "within: 2 weeks\n  target: many", 11, "target: 'many' is not a number"),
        ("code: two", "code: Two", 1, "code: 'Two-week-meeting' is not a code"),
        ("  compute: in_time\n", "", 7, "start_event: belongs to measures that are computed"),
    ],
)
def test_a_fault_is_named_with_its_field_and_line(was, becomes, line, words):
    with pytest.raises(DefinitionFileError) as refused:
        read(TEXT.replace(was, becomes))
    assert str(refused.value).startswith(f"measures.yaml, line {line}: {words}")


def test_a_measure_may_not_be_there_twice():
    with pytest.raises(DefinitionFileError, match="already used in line 1"):
        read(TEXT + TEXT)


def test_a_file_without_measures_is_said_to_be_none():
    with pytest.raises(DefinitionFileError, match="a measure file is a list of measures"):
        read("code: x")
