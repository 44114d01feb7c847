"""What an import refuses: said with file, line, column and reason, and everything stays as it was."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from children.models import Child, Origin
from tests.milestones.extracts import Extract, everything, rejects_in, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(tmp_path):
    """What the database holds after a good extract."""
    take_in(Extract(tmp_path / "good").write())
    return everything()


def the_one_reject(folder, capsys) -> dict[str, str]:
    """Import a folder that must be refused; return its only reject."""
    with pytest.raises(CommandError) as refusal:
        take_in(folder)
    assert refusal.value.returncode == 1
    assert "1 reject:" in str(refusal.value)
    assert "Nothing was changed" in str(refusal.value)
    (reject,) = rejects_in(folder)
    assert reject["message"] in str(refusal.value)
    assert capsys.readouterr().out == ""
    return reject


BAD_CELLS = {
    # what is wrong: file, row, cells, column blamed, rule, words of the message
    "a date in another notation": ("events", 1, {"date": "01/85/2022"}, "date", "date", "2018-03-31"),
    "a date that no calendar has": ("episodes", 1, {"start": "2018-02-30"}, "start", "date", "no such day"),
    "a date without dashes": ("events", 1, {"date": "20180201"}, "date", "date", "year-month-day"),
    "a date with a time": ("events", 1, {"date": "2018-02-01T00:00"}, "date", "date", "year-month-day"),
    "a year nobody lives in": ("children", 1, {"date_of_birth": "0212-05-01"}, "date_of_birth", "date", "1900"),
    "an unknown placement type": (
        "placements", 1, {"placement_type": "FOSTER"}, "placement_type", "unknown-code", "FOST_LA"),
    "an unknown legal code": ("legal", 1, {"legal_code": "S70"}, "legal_code", "unknown-code", "KCO"),
    "an unknown destination": (
        "episodes", 2, {"destination": "MOON"}, "destination", "unknown-code", "not a destination"),
    "an unknown event code": ("events", 1, {"event_code": "PERMREC"}, "event_code", "unknown-code", "mean PERM_REC?"),
    "an event code like no other": ("events", 1, {"event_code": "42"}, "event_code", "unknown-code", "catalogue"),
    "a derived event": ("events", 1, {"event_code": "ACCOM_START"}, "event_code", "derived-code", "derived from"),
    "an unknown route": ("events", 1, {"route": "FOSTER"}, "route", "unknown-code", "KINSHIP"),
    "an unknown precision": ("events", 1, {"precision": "week"}, "precision", "unknown-code", "month"),
    "an unknown sex": ("children", 1, {"sex": "Female"}, "sex", "unknown-code", "F, M, X"),
    "an outcome its kind does not know": (
        "events", 1, {"event_code": "ADM_DECISION", "outcome": "yes"}, "outcome", "unknown-code", "approved"),
    "a flag that is neither yes nor no": ("placements", 1, {"short_break": "yes"}, "short_break", "flag", "neither 1"),
    "a child who is not in children.csv": (
        "events", 1, {"child_ref": "A9"}, "child_ref", "unknown-child", "not in children.csv"),
    "a child in children.csv twice": ("children", 2, {"child_ref": "A1"}, "child_ref", "duplicate-child", "line 2"),
    "an episode that ends before it starts": (
        "episodes", 1, {"end": "2017-10-31"}, "end", "end-before-start", "before the start"),
    "a placement that ends before it starts": (
        "placements", 1, {"end": "2017-10-31"}, "end", "end-before-start", "before the start"),
    "a legal basis that ends before it starts": (
        "legal", 1, {"end": "2017-10-31"}, "end", "end-before-start", "before the start"),
    "an event after the extract": ("events", 1, {"date": "2018-11-02"}, "date", "future", "1 November 2018"),
    "a birth after the extract": (
        "children", 2, {"date_of_birth": "2018-11-02"}, "date_of_birth", "future", "after the extract date"),
    "an end after the extract": ("episodes", 1, {"end": "2018-11-02"}, "end", "future", "after the extract date"),
    "a first accommodation after the extract": (
        "events", 1, {"first_accommodated_on": "2018-11-02"}, "first_accommodated_on", "future", "extract date"),
    "an episode before birth": ("episodes", 1, {"start": "2012-04-30"}, "start", "before-birth", "2012-05-01"),
    "an episode without a start": ("episodes", 1, {"start": ""}, "start", "empty-cell", "must not be empty"),
    "a row without a child": ("legal", 1, {"child_ref": ""}, "child_ref", "empty-cell", "must not be empty"),
    "a month-only date in the middle of a month": (
        "events", 1, {"precision": "month", "date": "2018-03-02"}, "date", "precision", "first of that month"),
    "an unknown date that is given": ("events", 1, {"precision": "unknown"}, "date", "precision", "must be empty"),
    "an event without any date": ("events", 1, {"date": ""}, "date", "empty-cell", "needs a date"),
    "a formula": (
        "events", 1, {"note": '=HYPERLINK("http://x","y")'}, "note", "formula", "spreadsheet formula"),
    "a formula behind blanks": ("events", 1, {"note": "  +1"}, "note", "formula", "spreadsheet formula"),
    "a formula that begins with an at": ("children", 1, {"locality": "@SUM(1)"}, "locality", "formula", "formula"),
    "a formula that begins with a minus": ("events", 1, {"note": "-SUM(A1)"}, "note", "formula", "formula"),
    "a formula that begins with a minus and a bracket": ("events", 1, {"note": "-(1)"}, "note", "formula", "formula"),
    "a value that is too long": (
        "children", 1, {"locality": "x" * 61}, "locality", "too-long", "61 characters, and at most 60"),
    "a NUL character": ("events", 1, {"note": "a\0b"}, "note", "nul", "NUL character"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_bad_cell_is_refused_with_its_place_and_changes_nothing(before, extract, capsys, case):
    file, row, cells, column, rule, words = case
    if file == "children" and "child_ref" in cells:
        extract.drop_child("A2").add("children", child_ref="A1")
    folder = extract.change(file, row, **cells).write()
    reject = the_one_reject(folder, capsys)
    assert (reject["file"], reject["line"], reject["column"]) == (f"{file}.csv", str(row + 1), column)
    assert reject["rule"] == rule
    assert words in reject["message"]
    assert everything() == before


def test_a_birth_that_only_the_records_say_is_not_told_by_a_reject(before, extract, capsys):
    Child.objects.filter(local_ref="A1").update(origin=Origin.HAND)
    reject = the_one_reject(extract.change("episodes", 1, start="2012-04-30").write(), capsys)
    assert (reject["rule"], reject["message"]) == ("before-birth", "this is before the child's date of birth on record")


def test_a_reject_shows_the_value_as_it_stands_in_the_file(extract, capsys):
    reject = the_one_reject(extract.change("events", 1, date="01/85/2022").write(), capsys)
    assert reject["value"] == "01/85/2022"


def test_a_formula_cannot_run_from_the_list_of_rejects_either(extract, capsys):
    reject = the_one_reject(extract.change("events", 1, note="=1+1").write(), capsys)
    assert reject["value"] == "'=1+1"


def test_the_line_of_a_reject_counts_the_line_breaks_inside_earlier_cells(extract, capsys):
    extract.change("events", 1, note="one\ntwo\nthree").change("events", 2, date="2017-13-01")
    assert the_one_reject(extract.write(), capsys)["line"] == "5"


def test_every_bad_cell_of_a_row_is_told(extract):
    folder = extract.change("events", 1, date="soon", route="up").write()
    with pytest.raises(CommandError, match="2 rejects"):
        take_in(folder)
    assert [reject["column"] for reject in rejects_in(folder)] == ["date", "route"]


def test_a_bad_row_of_a_child_is_not_buried_under_that_childs_other_rows(extract, capsys):
    reject = the_one_reject(extract.change("children", 1, date_of_birth="2012").write(), capsys)
    assert (reject["file"], reject["line"]) == ("children.csv", "2")


def test_only_the_first_twenty_rejects_are_said_and_all_are_listed(extract):
    for _ in range(25):
        extract.add("events", child_ref="A1", event_code="NONSENSE", date="2018-01-01")
    folder = extract.write()
    with pytest.raises(CommandError) as refusal:
        take_in(folder)
    assert str(refusal.value).count("NONSENSE") == 20
    assert "and 5 more" in str(refusal.value)
    assert str(folder / "rejects.csv") in str(refusal.value)
    assert len(rejects_in(folder)) == 25


def spoil(folder, file, change):
    """Change the bytes of one file."""
    path = folder / file
    path.write_bytes(change(path.read_bytes()))
    return folder


def test_a_byte_that_is_not_utf_8_is_refused_with_its_line_and_column(before, extract, capsys):
    folder = spoil(
        extract.write(), "children.csv", lambda b: b.replace(b"A2,F1,2014-02-03,M,", b"A2,F1,2014-02-03,M,\xe9")
    )
    reject = the_one_reject(folder, capsys)
    assert (reject["line"], reject["column"], reject["rule"]) == ("3", "ethnicity", "encoding")
    assert "byte E9" in reject["message"]
    assert everything() == before


def test_a_utf_16_file_is_refused_by_name(before, extract, capsys):
    folder = spoil(extract.write(), "legal.csv", lambda b: b.decode().encode("utf-16"))
    reject = the_one_reject(folder, capsys)
    assert (reject["file"], reject["rule"]) == ("legal.csv", "encoding")
    assert "UTF-16" in reject["message"]
    assert everything() == before


def test_a_row_with_too_few_cells_is_refused(before, extract, capsys):
    folder = spoil(extract.write(), "legal.csv", lambda b: b.replace(b"A1,2017-11-01,,CSO", b"A1,2017-11-01,CSO"))
    reject = the_one_reject(folder, capsys)
    assert (reject["line"], reject["column"], reject["rule"]) == ("2", "", "cells")
    assert "3 cells" in reject["message"]
    assert "4 columns" in reject["message"]
    assert everything() == before


def test_a_row_with_too_many_cells_is_refused(before, extract, capsys):
    folder = spoil(
        extract.write(), "events.csv", lambda b: b.replace(b"review minute,", b"review minute,a note, loose")
    )
    assert the_one_reject(folder, capsys)["rule"] == "cells"
    assert everything() == before


def test_a_quotation_mark_that_never_closes_is_refused_where_it_opens(before, extract, capsys):
    folder = spoil(
        extract.write(), "events.csv", lambda b: b.replace(b"review minute,", b'review minute,"an open note')
    )
    reject = the_one_reject(folder, capsys)
    assert (reject["line"], reject["rule"]) == ("2", "quoting")
    assert everything() == before


@pytest.mark.parametrize("file", ["children", "episodes", "placements", "legal", "events"])
def test_a_missing_file_is_refused_by_name(before, extract, capsys, file):
    folder = extract.write()
    (folder / f"{file}.csv").unlink()
    reject = the_one_reject(folder, capsys)
    assert (reject["file"], reject["line"], reject["rule"]) == (f"{file}.csv", "", "missing-file")
    assert everything() == before


def test_a_folder_in_the_place_of_a_file_is_refused_by_name(before, extract, capsys):
    folder = extract.write()
    (folder / "legal.csv").unlink()
    (folder / "legal.csv").mkdir()
    reject = the_one_reject(folder, capsys)
    assert (reject["file"], reject["rule"]) == ("legal.csv", "missing-file")
    assert everything() == before


def test_a_file_that_may_not_be_read_is_refused_by_name(before, extract, capsys, monkeypatch):
    folder = extract.write()
    path_open = Path.open

    def forbidden(path, *args, **kwargs):
        if path.name == "legal.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return path_open(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", forbidden)
    reject = the_one_reject(folder, capsys)
    assert (reject["file"], reject["rule"]) == ("legal.csv", "unreadable")
    assert "Permission denied" in reject["message"]
    assert everything() == before


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\n\n"], ids=["no bytes", "only a mark", "only blank lines"]
)
def test_an_empty_file_is_refused_by_name(before, extract, capsys, content):
    folder = spoil(extract.write(), "episodes.csv", lambda _: content)
    reject = the_one_reject(folder, capsys)
    assert (reject["file"], reject["rule"]) == ("episodes.csv", "empty-file")
    assert everything() == before


def test_a_children_file_without_children_is_refused(before, extract, capsys):
    folder = spoil(extract.write(), "children.csv", lambda b: b.splitlines(keepends=True)[0])
    for file in ("episodes", "placements", "legal", "events"):
        spoil(folder, f"{file}.csv", lambda b: b.splitlines(keepends=True)[0])
    assert the_one_reject(folder, capsys)["rule"] == "empty-file"
    assert everything() == before


def test_a_missing_column_is_refused_by_name(before, extract, capsys):
    reject = the_one_reject(extract.drop_column("events", "precision").write(), capsys)
    assert (reject["file"], reject["line"], reject["column"]) == ("events.csv", "1", "precision")
    assert reject["rule"] == "missing-column"
    assert everything() == before


def test_columns_separated_by_semicolons_are_recognised(extract):
    folder = spoil(extract.write(), "legal.csv", lambda b: b.replace(b",", b";"))
    with pytest.raises(CommandError, match="semicolons"):
        take_in(folder)


def test_a_column_named_twice_is_refused(before, extract, capsys):
    folder = spoil(extract.write(), "legal.csv", lambda b: b.replace(b"end,", b"start,"))
    with pytest.raises(CommandError):
        take_in(folder)
    assert ("start", "repeated-column") in [(r["column"], r["rule"]) for r in rejects_in(folder)]
    assert everything() == before


def test_a_file_as_large_as_the_limit_is_refused_before_it_is_read(before, extract, capsys, settings):
    folder = extract.write()
    largest = max(path.stat().st_size for path in folder.glob("*.csv"))
    settings.IMPORT_MAX_BYTES = largest
    reject = the_one_reject(folder, capsys)
    assert reject["rule"] == "too-large"
    assert f"{largest:,} bytes" in reject["message"]
    assert everything() == before


def test_a_file_just_under_the_limit_is_read(extract, settings):
    folder = extract.write()
    settings.IMPORT_MAX_BYTES = max(path.stat().st_size for path in folder.glob("*.csv")) + 1
    take_in(folder)


def test_the_limit_is_fifty_megabytes(settings):
    assert settings.IMPORT_MAX_BYTES == 50_000_000


def test_a_good_run_takes_away_the_rejects_of_an_earlier_one(extract):
    folder = extract.change("events", 1, date="soon").write()
    with pytest.raises(CommandError):
        take_in(folder)
    extract.change("events", 1, date="2018-03-01").write()
    take_in(folder)
    assert not (folder / "rejects.csv").exists()


def test_a_file_of_somebody_elses_is_not_taken_away(extract):
    folder = extract.write()
    (folder / "rejects.csv").write_text("my own notes\n")
    take_in(folder)
    assert (folder / "rejects.csv").read_text() == "my own notes\n"


def test_the_rejects_go_where_they_are_asked_to(extract, tmp_path):
    folder = extract.change("events", 1, date="soon").write()
    with pytest.raises(CommandError, match="elsewhere"):
        take_in(folder, "--rejects", str(tmp_path / "elsewhere.csv"))
    assert not (folder / "rejects.csv").exists()
    assert "soon" in (tmp_path / "elsewhere.csv").read_text()


def test_the_rejects_never_overwrite_a_file_of_the_extract(extract):
    folder = extract.write()
    with pytest.raises(CommandError, match="overwrite") as refusal:
        take_in(folder, "--rejects", str(folder / "events.csv"))
    assert refusal.value.returncode == 2


def test_rejects_that_cannot_be_written_stop_the_run(before, extract, tmp_path):
    folder = extract.change("events", 1, date="soon").write()
    with pytest.raises(CommandError, match="Nothing was changed"):
        take_in(folder, "--rejects", str(tmp_path / "no such folder" / "rejects.csv"))
    assert everything() == before


def test_a_childs_name_is_not_said_on_the_terminal(extract):
    folder = extract.add("identities", child_ref="A1", given_name="Morag" * 20, family_name="Bain").write()
    with pytest.raises(CommandError) as refusal:
        take_in(folder)
    assert "Morag" not in str(refusal.value)
    assert rejects_in(folder)[0]["column"] == "given_name"
