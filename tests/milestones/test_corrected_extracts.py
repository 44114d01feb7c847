"""The same extract again, a corrected one, and a trial of one (`design.md` 7)."""

import json
from datetime import date

import pytest
from django.core.management import CommandError

from children.models import CareEpisode, Child, Identity, LegalBasis, Listed, Origin, Placement
from milestones.models import ImportRun, ImportUndo, Milestone
from milestones.revision_mark import RevisionMark
from pace_site.audit.models import AuditEntry
from tests.milestones.extracts import Extract, everything, rejects_in, take_in, told

pytestmark = pytest.mark.django_db
LATER = "2018-12-01"


# The same again


def test_the_same_files_twice_change_nothing_at_all(extract, capsys):
    extract.add("identities", child_ref="A1", given_name="Morag", family_name="Bain")
    extract.change("events", 1, void_reason="wrong child", planned_on="2018-02-01", pre_birth="1")
    folder = extract.write()
    take_in(folder)
    before = everything()
    capsys.readouterr()
    take_in(folder)
    assert everything() == before
    assert "Nothing to change: the files say what is already recorded." in capsys.readouterr().out


def test_repeats_of_one_event_stay_as_many_as_they_are_in_any_order(extract, capsys):
    extract.add("events", child_ref="A2", event_code="REVIEW", date="2017-12-10", note="second")
    extract.add("events", child_ref="A2", event_code="REVIEW", date="2017-12-10", note="third")
    take_in(extract.write())
    assert Milestone.objects.filter(kind="REVIEW").count() == 3
    extract.rows["events"].reverse()
    assert told(extract.write(), capsys)["differences"] == []


def test_of_repeated_events_the_one_that_went_is_the_one_that_goes(extract):
    extract.change("events", 2, note="first").add(
        "events", child_ref="A2", event_code="REVIEW", date="2017-12-10", note="second"
    )
    take_in(extract.write())
    take_in(extract.drop("events", 2).write(), day=LATER)
    assert Milestone.objects.get(kind="REVIEW", voided_on=None).note == "second"


def test_the_same_content_of_a_later_date_only_moves_the_date_of_the_extract(extract, capsys):
    take_in(extract.write())
    before = everything()
    assert told(extract.write(), capsys, day=LATER)["differences"] == []
    changed = {table for table, rows in everything().items() if rows != before[table]}
    ours = {model._meta.db_table for model in (Child, Listed, ImportRun, ImportUndo, AuditEntry, RevisionMark)}
    assert changed - {"sqlite_sequence"} == ours
    assert set(Child.objects.values_list("last_extract_on", flat=True)) == {date(2018, 12, 1)}


# A corrected extract


def test_a_corrected_row_is_changed_in_place(extract, capsys):
    take_in(extract.write())
    key = Placement.objects.get(child__local_ref="A1").pk
    document = told(extract.change("placements", 1, end="2018-09-01").write(), capsys, day=LATER)
    assert Placement.objects.get(child__local_ref="A1").pk == key
    assert Placement.objects.get(pk=key).end == date(2018, 9, 1)
    assert document["differences"] == [
        {
            "file": "placements.csv",
            "child_ref": "A1",
            "change": "changed",
            "key": {"start": "2017-11-01", "placement_type": "FOST_LA"},
            "before": {"end": None},
            "after": {"end": "2018-09-01"},
        }
    ]


@pytest.mark.parametrize("file", ["episodes", "placements", "legal"])
def test_a_row_that_went_from_the_extract_is_removed(extract, capsys, file):
    take_in(extract.write())
    document = told(extract.drop(file, 1).write(), capsys, day=LATER)
    assert document["files"][f"{file}.csv"]["gone"] == 1
    assert document["differences"][0]["change"] == "gone"
    model = {"episodes": CareEpisode, "placements": Placement, "legal": LegalBasis}[file]
    assert [row.child.local_ref for row in model.objects.all()] == ["A2"]


def test_a_milestone_that_went_from_the_extract_is_voided_with_the_reason(extract):
    take_in(extract.write())
    take_in(extract.drop("events", 1).write(), day=LATER)
    milestone = Milestone.objects.get(kind="PERM_REC")
    assert milestone.void_reason == "No longer in the extract of 1 December 2018"
    assert (milestone.voided_on, milestone.voided_by) == (date(2018, 12, 1), None)


def test_a_milestone_that_comes_back_is_valid_again(extract, capsys):
    take_in(extract.write())
    shorter = Extract(extract.folder).drop("events", 1)
    take_in(shorter.write(), day=LATER)
    document = told(extract.write(), capsys, day="2019-01-01")
    milestone = Milestone.objects.get(kind="PERM_REC")
    assert (milestone.void_reason, milestone.voided_on) == ("", None)
    assert document["files"]["events.csv"]["changed"] == 1


def test_a_void_that_the_extract_takes_back_is_lifted(extract):
    take_in(extract.change("events", 1, void_reason="wrong child").write())
    take_in(extract.change("events", 1, void_reason="").write(), day=LATER)
    assert Milestone.objects.get(kind="PERM_REC").voided_on is None


def test_a_column_that_the_extract_does_not_have_leaves_what_is_recorded(extract):
    take_in(extract.change("events", 1, planned_on="2018-02-01").write())
    take_in(extract.drop_column("events", "planned_on").write(), day=LATER)
    assert Milestone.objects.get(kind="PERM_REC").planned_on == date(2018, 2, 1)


def test_a_changed_child_is_changed_and_moves_to_a_new_family_and_team(extract, capsys):
    take_in(extract.write())
    extract.change("children", 1, family_ref="F2", team="Through-care", locality="South")
    document = told(extract.write(), capsys, day=LATER)
    child = Child.objects.get(local_ref="A1")
    assert (child.family.ref, child.team.name, child.locality) == ("F2", "Through-care", "South")
    assert document["differences"][0]["before"] == {"locality": "North", "family_ref": "F1", "team": "Permanence"}


def test_a_changed_name_is_changed_and_not_shown(extract, capsys):
    take_in(extract.add("identities", child_ref="A1", given_name="Morag", family_name="Bain").write())
    document = told(extract.change("identities", 1, given_name="Mhairi").write(), capsys, day=LATER)
    assert Identity.objects.get().given_name == "Mhairi"
    assert document["files"]["identities.csv"]["changed"] == 1
    assert "Morag" not in json.dumps(document)
    assert not any("Morag" in row or "Mhairi" in row for row in everything()[AuditEntry._meta.db_table])


def test_a_hand_recorded_milestone_stays(extract):
    take_in(extract.write())
    child = Child.objects.get(local_ref="A1")
    Milestone.objects.create(child=child, kind="MEDICAL", happened_on=date(2018, 5, 1))
    take_in(extract.drop("events", 1).write(), day=LATER)
    assert Milestone.objects.get(kind="MEDICAL").void_reason == ""


def test_a_hand_recorded_row_is_not_recorded_a_second_time(extract, capsys):
    folder = extract.write()
    take_in(folder)
    child = Child.objects.get(local_ref="A1")
    Milestone.objects.create(child=child, kind="MEDICAL", happened_on=date(2018, 5, 1), note="by hand")
    extract.add("events", child_ref="A1", event_code="MEDICAL", date="2018-05-01", note="by extract")
    document = told(extract.write(), capsys, day=LATER)
    assert Milestone.objects.get(kind="MEDICAL").note == "by hand"
    assert document["files"]["events.csv"]["kept"] == 1


def test_a_hand_recorded_row_answers_for_one_of_two_in_the_extract(extract, capsys):
    take_in(extract.write())
    child = Child.objects.get(local_ref="A1")
    Milestone.objects.create(child=child, kind="MEDICAL", happened_on=date(2018, 5, 1), note="by hand")
    extract.add("events", child_ref="A1", event_code="MEDICAL", date="2018-05-01", note="first")
    extract.add("events", child_ref="A1", event_code="MEDICAL", date="2018-05-01", note="second")
    take_in(extract.write(), day=LATER)
    assert sorted(m.note for m in Milestone.objects.filter(kind="MEDICAL")) == ["by hand", "second"]
    before = everything()
    assert told(extract.write(), capsys, day=LATER)["files"]["events.csv"]["kept"] == 1
    assert everything() == before


def test_a_second_row_beside_a_changed_one_is_new(extract):
    take_in(extract.write())
    extract.change("events", 2, note="changed")
    extract.add("events", child_ref="A2", event_code="REVIEW", date="2017-12-10", note="another")
    take_in(extract.write(), day=LATER)
    assert sorted(m.note for m in Milestone.objects.filter(kind="REVIEW")) == ["another", "changed"]


def test_a_hand_recorded_childs_name_stays(extract, city, capsys):
    child = Child.objects.create(authority=city, code="P-1", local_ref="A1")
    Identity.objects.create(child=child, given_name="Morag", family_name="Bain")
    extract.add("identities", child_ref="A1", given_name="Mhairi", family_name="Bain")
    assert told(extract.write(), capsys)["files"]["identities.csv"]["kept"] == 1
    assert Identity.objects.get().given_name == "Morag"


def test_a_milestone_that_comes_back_void_is_changed_only_once(extract, capsys):
    take_in(extract.write())
    take_in(Extract(extract.folder).drop("events", 1).write(), day=LATER)
    extract.change("events", 1, void_reason="wrong child")
    take_in(extract.write(), day=LATER)
    assert Milestone.objects.get(kind="PERM_REC").void_reason == "wrong child"
    assert told(extract.write(), capsys, day=LATER)["differences"] == []


def test_a_void_reason_in_the_words_of_the_import_is_changed_only_once(extract, capsys):
    extract.change("events", 1, void_reason="No longer in the extract of 1 October 2018")
    take_in(extract.write())
    assert told(extract.write(), capsys)["differences"] == []


def test_a_hand_recorded_placement_stays_and_is_not_doubled(extract, capsys):
    take_in(extract.write())
    child = Child.objects.get(local_ref="A1")
    Placement.objects.create(child=child, start=date(2018, 7, 1), placement_type_id="KIN", carer="aunt")
    extract.add("placements", child_ref="A1", start="2018-07-01", placement_type="KIN", provider="Council")
    document = told(extract.write(), capsys, day=LATER)
    assert Placement.objects.get(child=child, start=date(2018, 7, 1)).carer == "aunt"
    assert document["files"]["placements.csv"]["kept"] == 1


def test_a_hand_recorded_child_keeps_what_people_recorded_and_gets_care_from_the_extract(extract, city, capsys):
    Child.objects.create(authority=city, code="P-1", local_ref="A1", locality="by hand")
    document = told(extract.write(), capsys)
    child = Child.objects.get(local_ref="A1")
    assert (child.locality, child.origin) == ("by hand", Origin.HAND)
    assert child.episodes.count() == 1
    assert document["files"]["children.csv"]["kept"] == 1


def test_a_void_that_a_person_made_stands(extract, lead, capsys):
    take_in(extract.write())
    mistaken = {"void_reason": "misread minute", "voided_on": date(2018, 11, 5), "voided_by": lead}
    Milestone.objects.filter(kind="PERM_REC").update(**mistaken)
    before = everything()[Milestone._meta.db_table]
    document = told(extract.change("events", 1, note="again").write(), capsys, day=LATER)
    assert everything()[Milestone._meta.db_table] == before
    assert document["files"]["events.csv"]["kept"] == 1


def test_a_child_who_is_missing_from_the_extract_is_named_and_left_alone(extract, capsys):
    take_in(extract.write())
    document = told(extract.drop_child("A2").write(), capsys, day=LATER)
    assert document["missing_children"] == ["A2"]
    assert document["differences"] == []
    child = Child.objects.get(local_ref="A2")
    assert child.last_extract_on == date(2018, 11, 1)
    assert (child.episodes.count(), child.placements.count(), child.milestones.count()) == (1, 1, 1)


def test_a_child_whom_no_extract_ever_had_is_not_missing(extract, city, capsys):
    Child.objects.create(authority=city, code="P-1", local_ref="by hand")
    assert told(extract.write(), capsys)["missing_children"] == []


def test_an_older_extract_is_taken_in_with_a_warning_and_moves_no_date_back(extract, capsys):
    take_in(extract.write(), day=LATER)
    capsys.readouterr()
    take_in(extract.write())
    assert "older than one already taken in, of 1 December 2018" in capsys.readouterr().err
    assert Child.objects.first().last_extract_on == date(2018, 12, 1)


# Trying, and leaving out


def test_a_dry_run_tells_the_differences_and_leaves_nothing(extract, capsys):
    take_in(extract.write())
    before = everything()
    extract.drop("legal", 1).change("events", 1, note="new").add("children", child_ref="A3", team="New team")
    document = told(extract.write(), capsys, "--dry-run", day=LATER)
    assert everything() == before
    assert (document["dry_run"], document["applied"]) == (True, False)
    assert [d["change"] for d in document["differences"]] == ["gone", "changed"]
    assert document["files"]["children.csv"]["new"] == 1


def test_a_dry_run_of_bad_files_says_what_is_wrong(extract):
    with pytest.raises(CommandError, match=r"events\.csv line 2, date “soon”"):
        take_in(extract.change("events", 1, date="soon").write(), "--dry-run")


def test_good_rows_go_in_when_rejects_are_skipped(extract, capsys):
    folder = extract.change("events", 1, date="soon").write()
    take_in(folder, "--skip-rejects")
    assert [m.kind for m in Milestone.objects.all()] == ["REVIEW"]
    assert [reject["value"] for reject in rejects_in(folder)] == ["soon"]
    assert "1 reject:" in capsys.readouterr().err


def test_a_rejected_child_takes_its_rows_along_when_rejects_are_skipped(extract):
    folder = extract.change("children", 1, date_of_birth="2012").write()
    take_in(folder, "--skip-rejects")
    assert [child.local_ref for child in Child.objects.all()] == ["A2"]
    rejects = [(r["file"], r["rule"]) for r in rejects_in(folder)]
    files = ["episodes.csv", "placements.csv", "legal.csv", "events.csv"]
    assert rejects == [("children.csv", "date"), *((file, "unknown-child") for file in files)]


def test_a_row_that_cannot_be_read_does_not_take_away_what_is_recorded(extract, capsys):
    take_in(extract.write())
    document = told(extract.change("placements", 1, end="soon").write(), capsys, "--skip-rejects", day=LATER)
    assert Placement.objects.filter(child__local_ref="A1").exists()
    assert document["files"]["placements.csv"]["gone"] == 0
    assert document["files"]["placements.csv"]["kept"] == 1


def test_a_row_of_nobody_knows_whom_takes_nothing_away(extract, capsys):
    take_in(extract.write())
    folder = extract.drop("legal", 1).write()
    with (folder / "legal.csv").open("a") as file:
        file.write("A1,2017\n")
    assert told(folder, capsys, "--skip-rejects", day=LATER)["files"]["legal.csv"]["gone"] == 0
    assert LegalBasis.objects.filter(child__local_ref="A1").exists()


def test_a_missing_column_is_refused_even_when_rejects_are_skipped(extract):
    before = everything()
    with pytest.raises(CommandError, match="does not have this column"):
        take_in(extract.drop_column("events", "route").write(), "--skip-rejects")
    assert everything() == before


def test_a_child_in_a_rejected_row_is_not_missing(extract, capsys):
    take_in(extract.write())
    folder = extract.change("children", 1, sex="?").write()
    assert told(folder, capsys, "--skip-rejects", day=LATER)["missing_children"] == []
