"""Extracts that still send the reference of a record that was merged into another."""

from datetime import date

import pytest

from children.merging import merge, undo_merge
from children.models import CareEpisode, Child, Identity, Listed, Merge
from milestones.extract.intake import take_in_extract
from milestones.extract.missing import still_missing
from milestones.models import Milestone
from milestones.quality.comparison import noted
from pace_site.accounts.roles import Role
from tests.builders import authority, person

pytestmark = pytest.mark.django_db

FILES = {
    "children.csv": "child_ref,family_ref,date_of_birth,sex,ethnicity,disability,locality,team\n"
    "A1,,2019-05-06,F,,,,Team North\nB1,,2019-05-06,F,,,,Team South\n",
    "episodes.csv": "child_ref,start,end,destination\nA1,2025-02-03,,\nB1,2025-02-03,,\n",
    "placements.csv": "child_ref,start,end,placement_type,provider,short_break\n"
    "A1,2025-02-03,,FOST_LA,,0\nB1,2025-02-03,,FOST_LA,,0\n",
    "legal.csv": "child_ref,start,end,legal_code\nA1,2025-02-03,,S25\nB1,2025-02-03,,S25\n",
    "events.csv": "child_ref,event_code,date,precision,route,outcome,source,note\n"
    "B1,PERM_REC,2025-06-01,day,ADOPT,,,\n",
}
WITHOUT_A1 = {
    name.removesuffix(".csv"): "".join(line for line in text.splitlines(True) if not line.startswith("A1"))
    for name, text in FILES.items()
}


@pytest.fixture
def extract(tmp_path):
    """Take the extract in with some files replaced."""

    def run(**files):
        for name, text in FILES.items():
            (tmp_path / name).write_text(files.get(name.removesuffix(".csv"), text))
        return take_in_extract(tmp_path, authority=authority(), extract_date=date(2025, 7, 1))

    return run


@pytest.fixture
def kept(extract):
    """A1, into whom B1 was merged after the first extract."""
    first = extract()
    assert first.applied, first.first_rejects
    kept, other = Child.objects.get(local_ref="A1"), Child.objects.get(local_ref="B1")
    merge(kept, other, reason="The same birth certificate", by=person(Role.DATA_LEAD))
    return kept


def seen_last(day, **of):
    """Let the last extract that had these children be of that day."""
    children = Child.objects.filter(**of)
    children.update(last_extract_on=day)
    Listed.objects.filter(child__in=children).update(last_on=day)


def test_the_same_extract_again_changes_nothing(extract, kept):
    again = extract()
    assert not again.says_anything_new
    assert again.missing_children == []
    assert CareEpisode.objects.standing().filter(child=kept).count() == 1
    assert Milestone.objects.standing().get().child == kept


def test_what_the_given_up_reference_says_anew_is_recorded_of_the_kept_child(extract, kept):
    more = FILES["events.csv"] + "B1,PANEL_PRESENTED,2025-06-20,day,,,,\n"
    extract(events=more)
    assert {row.child for row in Milestone.objects.standing()} == {kept}
    assert Milestone.objects.standing().count() == 2


def test_an_extract_with_the_given_up_reference_alone_does_not_miss_the_child(extract, kept):
    seen_last(date(2025, 6, 1))
    result = extract(**WITHOUT_A1)
    assert result.missing_children == []
    kept = Child.objects.with_last_extract().get(pk=kept.pk)
    assert kept.in_extract_on == date(2025, 7, 1)
    assert kept.date_of_birth == date(2019, 5, 6)
    assert CareEpisode.objects.standing().filter(child=kept).count() == 1


def test_once_a_merge_is_undone_each_record_has_the_last_extract_that_named_it(extract, kept):
    seen_last(date(2025, 6, 1))
    extract(**WITHOUT_A1)
    undo_merge(Merge.objects.get(), reason="Two children after all", by=person(Role.DATA_LEAD))
    dates = dict(Child.objects.values_list("local_ref", "last_extract_on"))
    assert dates == {"A1": date(2025, 6, 1), "B1": date(2025, 7, 1)}


def test_a_record_given_up_for_one_that_was_given_up_itself_dates_the_child(extract, kept):
    last = Child.objects.create(authority=authority(), code="P-9999", local_ref="C1", date_of_birth=date(2019, 5, 6))
    merge(last, kept, reason="The same birth certificate", by=person(Role.DATA_LEAD))
    extract(**WITHOUT_A1)
    assert Child.objects.with_last_extract().get(pk=last.pk).in_extract_on == date(2025, 7, 1)


def test_a_child_whom_the_latest_extract_has_by_the_given_up_reference_is_not_missing(extract, kept):
    seen_last(date(2025, 6, 1), pk=kept.pk)
    lead = person(Role.DATA_LEAD)
    assert not still_missing(lead).exists()
    assert 11 not in {each.rule for each in noted(Child.objects.filter(pk=kept.pk), as_at=date(2025, 7, 1))}
    seen_last(date(2025, 6, 1), merged_into=kept)
    assert still_missing(lead).get() == kept
    assert 11 in {each.rule for each in noted(Child.objects.filter(pk=kept.pk), as_at=date(2025, 7, 1))}


def test_names_sent_with_the_given_up_reference_change_no_name(extract, kept, tmp_path):
    (tmp_path / "identities.csv").write_text("child_ref,given_name,family_name\nA1,Eilidh,Kept\nB1,Ailidh,Other\n")
    extract()
    assert str(Identity.objects.get(child=kept)) == "Eilidh Kept"
