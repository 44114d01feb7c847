"""`manage.py export_report`: the same figures as `measure_aims`, whole files or none, and a word in the audit trail."""

from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from children.models import Child
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.management.commands.export_report import Command
from tests.acceptance_extracts import printed_measures, take_in
from tests.aims.exports import csv_rows, labelled, sheets, stored_aim
from tests.aims.storytelling import aim
from tests.builders import person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_cycle, a_test
from tests.pdf_reading import words_of

AIMS = [("midlothian", "MID-1"), ("north_lanarkshire", "NL-1"), ("north_lanarkshire", "NL-1X"), ("moray", "MOR-2")]
LABELS = {
    "Met": "MET",
    "Missed": "MISSED",
    "Overdue": "OVERDUE",
    "Waiting in time": "WAITING",
    "Left in time": "EXITED",
    "Unknown": "UNKNOWN",
    "Left undecided": "left_undecided",
    "Excluded": "excluded",
}


def arguments(out: Path, *, authority="S12000019", aim="TEST", as_at="2020-06-01", file_format="csv") -> dict[str, str]:
    return {"--authority": authority, "--aim": aim, "--as-at": as_at, "--format": file_format, "--out": str(out)}


def export(out: Path, **asked) -> None:
    call_command("export_report", *chain.from_iterable(arguments(out, **asked).items()), stdout=StringIO())


@pytest.fixture
def version(authority):
    return stored_aim(aim(), authority=authority)


@pytest.fixture
def accepted(db):
    """Import an acceptance extract with its aims and return what `measure_aims` prints of one aim."""

    def run(folder: str, code: str) -> tuple[str, str, dict]:
        authority, as_at = take_in(folder)
        (measured,) = printed_measures(authority, as_at, f"--aim={code}")["aims"]
        return authority, as_at, measured

    return run


@pytest.mark.parametrize(("folder", "code"), AIMS)
def test_the_workbook_says_what_measure_aims_prints(accepted, tmp_path, folder, code):
    authority, as_at, measured = accepted(folder, code)
    out = tmp_path / "report.xlsx"
    export(out, authority=authority, aim=code, as_at=as_at, file_format="xlsx")
    found = labelled(out.read_bytes())

    assert {name: found[label] for label, name in LABELS.items()} == measured["counts"]
    assert found["In time, of those decided"] == measured["pct_decided"]
    assert found["In time, of those decided or overdue"] == measured["pct_decided_or_overdue"]
    assert found["At worst"] == measured["pct_worst"]
    assert found["At best"] == measured["pct_best"]
    assert (found["Clocks"], found["Children"], found["Families"]) == (
        measured["clocks"],
        measured["children"],
        measured["families"],
    )
    assert found["Limit"] == measured["limit"]


@pytest.mark.parametrize(("folder", "code"), AIMS)
def test_the_csv_lists_what_measure_aims_prints_by_pseudonym(accepted, tmp_path, folder, code):
    authority, as_at, measured = accepted(folder, code)
    out = tmp_path / "report.csv"
    export(out, authority=authority, aim=code, as_at=as_at)
    pseudonyms = dict(Child.objects.values_list("local_ref", "code"))

    columns = ("state", "start", "due", "stop", "exit", "days")
    assert [{name: row[name] for name in ("child", *columns)} for row in csv_rows(out.read_bytes())] == [
        {"child": pseudonyms[each["child_ref"]]}
        | {name: "" if each[name] is None else str(each[name]) for name in columns}
        for each in measured["outcomes"]
    ]


def test_the_midlothian_workbook_names_no_council_reference(accepted, tmp_path):
    authority, as_at, _measured = accepted("midlothian", "MID-1")
    out = tmp_path / "report.xlsx"
    export(out, authority=authority, aim="MID-1", as_at=as_at, file_format="xlsx")
    cells = {value for rows in sheets(out.read_bytes()).values() for row in rows for value in row}

    assert cells >= set(Child.objects.filter(local_ref="M001").values_list("code", flat=True))
    assert not cells & set(Child.objects.values_list("local_ref", flat=True))


def test_an_export_from_the_command_line_is_audited(version, tmp_path):
    export(tmp_path / "report.csv")

    entry = AuditEntry.objects.get(action=AuditEntry.Action.EXPORT)
    assert entry.actor.startswith("command export_report (")
    assert (entry.actor_id, entry.authority_code) == (None, "S12000019")
    said = {"aim": "TEST", "version": 1, "as_at": "2020-06-01", "format": "csv", "rows": 0}
    assert said.items() <= entry.after.items()
    assert entry.after["children_listed"] == 0


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--format", "docx", "invalid choice: 'docx' (choose from"),
        ("--format", "html", "invalid choice: 'html' (choose from"),
        ("--as-at", "01/06/2020", "'01/06/2020' is not a date like 2018-11-01"),
    ],
)
def test_wrong_usage_ends_the_command_with_2(tmp_path, capsys, option, value, words):
    asked = arguments(tmp_path / "report") | {option: value}
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "export_report", *chain.from_iterable(asked.items())])

    assert end.value.code == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"aim": "NO-1"}, "no aim with the code 'NO-1'"), ({"authority": "S99"}, "no authority with the code 'S99'")],
)
def test_an_unknown_aim_or_authority_is_rejected(version, tmp_path, asked, words):
    with pytest.raises(CommandError, match=words) as refusal:
        export(tmp_path / "report.csv", **asked)

    assert refusal.value.returncode == 1


@pytest.mark.parametrize(
    ("as_at", "words"), [("1989-12-31", "1 January 1990 is the earliest day"), ("2199-01-01", "a day that has come")]
)
def test_a_day_too_long_ago_or_to_come_is_rejected(version, tmp_path, as_at, words):
    with pytest.raises(CommandError, match=words) as refusal:
        export(tmp_path / "report.csv", as_at=as_at)

    assert refusal.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_an_aim_of_another_authority_is_not_found(version, tmp_path):
    with pytest.raises(CommandError, match="Moray has no aim with the code 'TEST'"):
        export(tmp_path / "report.csv", authority="S12000020")


def test_a_place_that_cannot_be_written_is_rejected_and_not_audited(version, tmp_path):
    with pytest.raises(CommandError, match="could not be written to .*No such file or directory") as refusal:
        export(tmp_path / "no such folder" / "report.csv")

    assert refusal.value.returncode == 1
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).exists()


def test_a_folder_is_not_replaced_by_a_file(version, tmp_path):
    with pytest.raises(CommandError, match="it is not a file"):
        export(tmp_path)

    assert tmp_path.is_dir()


def test_an_older_report_is_replaced_whole(version, tmp_path):
    out = tmp_path / "report.csv"
    out.write_text("an older report, much longer than the new one\n" * 100)
    export(out)

    assert out.read_bytes().decode("utf-8-sig").count("\r\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"report.csv", "report_dictionary.csv"}


def test_a_disk_that_fills_up_leaves_the_older_report_and_no_half_of_a_new_one(version, tmp_path, monkeypatch):
    out = tmp_path / "report.csv"
    out.write_text("older")

    def no_space(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pace_site.front.command_line.os.fsync", no_space)
    with pytest.raises(CommandError, match="No space left on device"):
        export(out)

    assert out.read_text() == "older"
    assert list(tmp_path.iterdir()) == [out]


def test_a_data_dictionary_lies_beside_the_list(version, tmp_path):
    export(tmp_path / "report.csv")
    meanings = csv_rows((tmp_path / "report_dictionary.csv").read_bytes())
    listed = (tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert [each["column"] for each in meanings] == listed
    assert listed[:4] == ["authority", "aim", "as_at", "covers"]
    assert all(each["meaning"] and each["unit"] for each in meanings)


def test_several_aims_are_one_report_and_without_any_all_active_ones_are(authority, version, tmp_path):
    stored_aim(aim(code="OTHER"), authority=authority)
    closed = stored_aim(aim(code="CLOSED"), authority=authority).aim
    closed.status = "closed"
    closed.save()
    for asked in (["--aim", "OTHER", "--aim", "TEST", "--aim", "OTHER"], []):
        printed = StringIO()
        call_command(
            "export_report",
            *("--authority", authority.code, "--as-at", "2020-06-01", "--format", "csv", *asked),
            *("--out", str(tmp_path / "report.csv")),
            stdout=printed,
        )
        assert set(printed.getvalue().split(" as at")[0].split(", ")) == {"OTHER", "TEST"}


def test_what_improvement_work_says_goes_into_the_file(authority, version, tmp_path):
    a_cycle(a_test(aim=version.aim, lead=person(Role.PACE_LEAD)), 2, **PLAN | DO | STUDY | ACT)
    export(tmp_path / "report.pdf", as_at="2026-06-01", file_format="pdf")
    assert "72-hour agenda: cycle 2, one child, adapted" in words_of((tmp_path / "report.pdf").read_bytes())
