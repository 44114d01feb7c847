"""The forms of where a child lives and on what ground."""

from datetime import timedelta

import pytest
from django.urls import reverse

from children.models import Child
from tests.builders import child, team

pytestmark = pytest.mark.django_db


def new_child(client, **typed):
    return client.post(
        reverse("new_child"),
        {"family_name": "Fictitious", "local_ref": "REF-1", "team": team().pk, "date_of_birth": "2020-02-02", **typed},
    )


def test_a_new_child_gets_a_pseudonym_a_name_and_a_line_in_the_trail(client, worker):
    response = new_child(client, given_name="Morven")
    made = Child.objects.get()
    assert response["Location"] == reverse("record", kwargs={"code": made.code, "slug": "looked-after"})
    assert str(made.identity) == "Morven Fictitious"
    assert made.code.startswith("P-")


def test_an_unborn_child_has_an_expected_date_instead_of_a_birthday(client, worker, today):
    due = today + timedelta(days=60)
    assert new_child(client, date_of_birth="", expected_on=due.isoformat()).status_code == 302
    assert Child.objects.get().expected_on == due


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"date_of_birth": ""}, "date_of_birth"),
        ({"date_of_birth": "2099-01-01"}, "date_of_birth"),
        ({"date_of_birth": "1890-01-01"}, "date_of_birth"),
        ({"date_of_birth": "", "expected_on": "2100-01-01"}, "expected_on"),
        ({"date_of_birth": "", "expected_on": "1900-01-01"}, "expected_on"),
        ({"family_name": ""}, "family_name"),
        ({"local_ref": ""}, "local_ref"),
        ({"team": ""}, "team"),
        ({"sibling_code": "P-9999"}, "sibling_code"),
    ],
)
def test_a_new_child_that_cannot_be_is_refused(client, worker, typed, field):
    response = new_child(client, **typed)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Child.objects.exists()


def test_a_reference_that_is_taken_is_refused_without_telling_whose_it_is(client, worker):
    other = child(of_team=team("Team South"))
    response = new_child(client, local_ref=other.local_ref)
    assert response.context["form"].errors["local_ref"] == ["This council reference is already used for another child."]
    assert other.code not in response.content.decode()


def test_a_child_is_not_put_into_a_team_of_others(client, worker):
    response = new_child(client, team=team("Team South").pk)
    assert "team" in response.context["form"].errors


def test_a_sibling_brings_the_family(client, worker):
    brother = child(of_team=team())
    assert new_child(client, sibling_code=brother.code.lower()).status_code == 302
    brother.refresh_from_db()
    assert Child.objects.exclude(pk=brother.pk).get().family == brother.family is not None


def test_becoming_looked_after_records_episode_placement_and_basis(desk, placed, ago):
    placed.episodes.update(end=ago(10), destination="HOME_PARENTS")
    placed.placements.update(end=ago(10))
    desk.save("looked-after", start=ago(2), placement_type="KIN", measure="S25")
    assert placed.episodes.get(start=ago(2)).end is None
    assert placed.placements.get(start=ago(2)).placement_type_id == "KIN"
    assert placed.legal_bases.get().measure_id == "S25"


def test_a_child_is_not_looked_after_twice_at_once(desk, ago):
    (error,) = desk.errors("looked-after", start=ago(2), placement_type="KIN")["start"]
    assert error.startswith("This child was already looked after from ")


def test_an_earlier_episode_is_recorded_out_of_order_with_its_end(desk, placed, ago):
    desk.save(
        "looked-after", start=ago(60), end=ago(50), placement_type="KIN", destination="HOME_PARENTS", measure="S25"
    )
    assert placed.episodes.count() == 2
    assert placed.placements.get(start=ago(60)).end == ago(50)


def test_a_move_ends_the_placement_before_it_and_restarts_no_clock(desk, placed, ago):
    words = desk.preview("placement", start=ago(1), placement_type="KIN")
    assert "This starts and stops no clock." in words
    desk.save("placement", start=ago(1), placement_type="KIN")
    first, second = placed.placements.order_by("start")
    assert (first.end, second.end) == (ago(1), None)


def test_a_move_recorded_out_of_order_lasts_until_the_next_one(desk, placed, ago):
    desk.save("placement", start=ago(1), placement_type="KIN")
    desk.save("placement", start=ago(10), placement_type="RES_LA")
    spans = [(row.placement_type_id, row.start, row.end) for row in placed.placements.order_by("start")]
    assert spans == [
        ("FOST_LA", ago(20), ago(10)),
        ("RES_LA", ago(10), ago(1)),
        ("KIN", ago(1), None),
    ]


def test_a_short_break_ends_nothing(desk, placed, ago, today):
    desk.save("placement", start=ago(1), end=today, placement_type="RES_OTHER", short_break=True)
    assert placed.placements.get(short_break=False).end is None


def test_a_move_of_a_child_who_is_not_looked_after_is_refused(desk, placed, ago):
    (error,) = desk.errors("placement", start=ago(30), placement_type="KIN")["start"]
    assert error.startswith("This child was not looked after on that day.")


def test_a_return_home_ends_the_clocks_and_says_so(desk, placed, ago):
    words = desk.preview("return-home", start=ago(1))
    assert "Ends the clock for the recommendation (national guidance)" in words
    desk.save("return-home", start=ago(1))
    assert placed.placements.order_by("start").last().placement_type_id == "HOME_PARENT"


def test_a_legal_basis_replaces_the_one_before(desk, placed, ago):
    old = placed.legal_bases.create(start=ago(20), measure_id="S25")
    desk.save("legal-basis", start=ago(3), measure="CSO", instead_of=[old.pk])
    old.refresh_from_db()
    assert old.end == ago(3)


def test_leaving_care_ends_everything_that_is_open(desk, placed, ago):
    placed.legal_bases.create(start=ago(20), measure_id="S25")
    desk.save("leaving-care", on=ago(1), destination="FRIENDS_RELATIVES")
    ended = {row.end for rows in (placed.episodes, placed.placements, placed.legal_bases) for row in rows.all()}
    assert ended == {ago(1)}
    assert placed.episodes.get().destination_id == "FRIENDS_RELATIVES"


def test_leaving_before_the_last_move_is_refused_and_ends_nothing(desk, placed, ago):
    desk.save("placement", start=ago(1), placement_type="KIN")
    assert desk.errors("leaving-care", on=ago(2), destination="OTHER")
    assert placed.episodes.get().end is None
    assert placed.placements.filter(end=None).count() == 1


@pytest.mark.parametrize("slug", ["looked-after", "placement", "return-home", "legal-basis"])
def test_no_stretch_of_care_begins_in_the_future_or_before_birth(desk, today, slug):
    more = {"placement_type": "KIN", "measure": "CSO"}
    assert "start" in desk.errors(slug, start=today + timedelta(days=1), **more)
    assert "start" in desk.errors(slug, start="2018-03-02", **more)


def test_an_end_before_its_start_is_refused(desk, ago):
    assert "end" in desk.errors("placement", start=ago(1), end=ago(2), placement_type="KIN")
