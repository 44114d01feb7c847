"""The command: what it prints and how it ends."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from milestones.management.commands.check_data import Command
from milestones.quality.rules import RULES
from tests.builders import authority, milestone
from tests.milestones.quality.stories import AS_AT, cared_for

pytestmark = pytest.mark.django_db
ACCEPTANCE = Path(__file__).parents[2] / "acceptance"
FOLDERS = {"midlothian": "S12000019", "north_lanarkshire": "S12000050", "moray": "S12000020"}
# What the invented children lack by design: reviews of the child and of the order, decisions in time, and reasons.
BY_DESIGN = {"midlothian": {35, 36}, "north_lanarkshire": {35, 36}, "moray": {28, 33, 35, 44}}


def printed(code: str, as_at: str, *options: str) -> str:
    out = StringIO()
    call_command("check_data", "--authority", code, "--as-at", as_at, *options, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_acceptance_data_lack_only_what_they_were_made_without(folder):
    as_at = json.loads((ACCEPTANCE / folder / "expected.json").read_text())["as_at"]
    call_command(
        "import_extract",
        str(ACCEPTANCE / folder),
        f"--authority={FOLDERS[folder]}",
        f"--extract-date={as_at}",
        stdout=StringIO(),
    )
    found = json.loads(printed(FOLDERS[folder], as_at, "--json"))
    assert {row["rule"] for row in found} == BY_DESIGN[folder]
    severities = {each.number: each.severity for each in RULES}
    assert all(row["severity"] == severities[row["rule"]] for row in found)
    assert found == sorted(found, key=lambda row: (row["child_ref"], row["rule"], row["message"]))


def test_each_finding_has_rule_severity_child_and_message_and_nothing_else():
    row = cared_for(ground=None)
    assert json.loads(printed("S12000019", AS_AT.isoformat(), "--json")) == [
        {
            "rule": 42,
            "severity": "W",
            "child_ref": row.local_ref,
            "message": "The child is looked after since 8 January 2024, and no legal basis is recorded that is in "
            "force now.",
        }
    ]


def test_findings_are_told_in_words_with_a_sum():
    row = cared_for()
    milestone(row, "PERM_REC", date(2024, 3, 1))
    assert printed("S12000019", "2024-06-01").splitlines() == [
        f"{row.local_ref}: Error (rule 21). The recommendation of 1 March 2024 does not say which route it is for.",
        "Midlothian, as at 1 June 2024: 1 thing to look at, for 1 child.",
    ]


def test_records_in_order_give_an_empty_list():
    cared_for()
    assert json.loads(printed("S12000019", "2024-06-01", "--json")) == []
    assert printed("S12000019", "2024-06-01") == "Midlothian, as at 1 June 2024: nothing to look at.\n"


def test_children_of_another_authority_are_not_told():
    cared_for(ground=None, organisation=authority("S12000033"))
    assert json.loads(printed("S12000019", "2024-06-01", "--json")) == []


def test_an_authority_that_nobody_has_is_refused():
    with pytest.raises(CommandError) as refused:
        printed("S12999999", "2024-06-01")
    assert refused.value.returncode == 1


def test_a_day_that_is_no_iso_date_ends_with_2(capsys):
    with pytest.raises(SystemExit) as end:
        run_from_command_line("--as-at", "1 June 2024")
    assert end.value.code == 2
    assert "is not a date like 2018-11-01" in capsys.readouterr().err


def run_from_command_line(*options: str) -> None:
    Command().run_from_argv(["manage.py", "check_data", "--authority", "S12000019", *options])
