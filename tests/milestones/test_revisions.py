"""Revisions: what is kept of a whole authority is never of other rows than the database shows."""

import random
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aims.definition import AimDefinition
from aims.outcomes import clock_rule, outcomes
from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones import journeys as reading
from milestones.journeys import load_journeys
from milestones.kept_journeys import _TRUSTED, KEPT, Kept, Revision, revision_of
from milestones.models import Milestone
from milestones.revision_triggers import TABLES, put_up_and_renew, take_down, triggers_stand
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, child, milestone, person, team
from tests.milestones.asked import counted

AIM = AimDefinition.from_mapping(
    {
        "code": "A-1",
        "title": "Recommendation",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC"],
        "limit": "26 weeks",
    }
)
KINDS = clock_rule(AIM).kinds
DAY = date(2021, 6, 1)


@pytest.fixture(autouse=True)
def _nothing_kept():
    KEPT.clear()
    _TRUSTED.clear()
    yield
    KEPT.clear()


def whole():
    return load_journeys(Child.objects.of_whole(authority().pk), DAY, kinds=KINDS)


def read_anew():
    return load_journeys(Child.objects.filter(authority=authority(), merged_into=None), DAY, kinds=KINDS)


def marks(of=None):
    return revision_of((of or authority()).pk, using="default")


def placed():
    return child(accommodated=date(2020, 1, 1))


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Child, CareEpisode, Placement, LegalBasis, Milestone])
def test_every_write_to_a_table_that_figures_rest_on_is_another_revision(model):
    row = placed()
    LegalBasis.objects.create(child=row, start=date(2020, 1, 1), measure_id="CSO")
    milestone(row, "PERM_REC", date(2020, 5, 1))
    elsewhere = authority("S12000020")
    child(organisation=elsewhere)
    theirs, seen = marks(elsewhere), [marks()]
    table, key = model._meta.db_table, model.objects.filter(**({} if model is not Child else {"pk": row.pk})).first().pk
    with connection.cursor() as cursor:  # as somebody would who writes past everything of ours
        cursor.execute(f'UPDATE "{table}" SET origin = origin WHERE id = %s', [key])
    seen.append(marks())
    made = model.objects.get(pk=key)
    made.pk = None
    if model is Child:
        made.code, made.local_ref = "NEW", "NEW"
    model.objects.bulk_create([made])
    seen.append(marks())
    model.objects.filter(pk=made.pk)._raw_delete("default")
    seen.append(marks())
    assert len({*seen}) == 4
    assert marks(elsewhere) == theirs


@pytest.mark.django_db
def test_a_child_that_changes_authority_is_another_revision_of_both():
    row, other = placed(), authority("S12000020")
    child(organisation=other)
    before = marks(), marks(other)
    Child.objects.filter(pk=row.pk).update(authority=other)
    assert marks() != before[0]
    assert marks(other) != before[1]


@pytest.mark.django_db
def test_what_is_read_for_figures_lies_in_those_tables_alone():
    """Else something could change figures without another revision: a new table needs triggers of its own."""
    children = Child.objects.filter(authority=placed().authority_id, merged_into=None)
    with CaptureQueriesContext(connection) as queries:
        load_journeys(children, DAY, kinds=KINDS)
    told = " ".join(query["sql"] for query in queries)
    tables = {name for name in connection.introspection.table_names() if f'"{name}"' in told}
    assert tables == {*TABLES}


@pytest.mark.django_db
def test_the_same_revision_is_read_once_and_gives_the_same_figures():
    store([accommodated("2021-01-01", recommended("2021-02-01"), ref=f"C{n}") for n in range(3)], authority=authority())
    first, ours = whole(), Child.objects.of_whole(authority().pk)
    figures = outcomes(AIM, first)
    with counted() as queries:
        again = load_journeys(ours, DAY, kinds=KINDS)
        assert outcomes(AIM, again) is figures
    assert len(queries) == 1
    assert again is first
    assert outcomes(AIM, read_anew()).rows == figures.rows


@pytest.mark.django_db
def test_random_writes_are_in_the_figures_at_once():
    """The fast path beside the plain one, after every single write and after every one undone."""
    draw = random.Random(20261121)
    rows = [placed() for _number in range(6)]
    for _step in range(40):
        row, on = draw.choice(rows), date(2020, 1, 1) + timedelta(days=draw.randrange(500))
        act = draw.choice(
            [
                lambda row=row, on=on: milestone(row, "PERM_REC", on),
                lambda row=row: Milestone.objects.filter(child=row).delete(),
                lambda row=row, on=on: CareEpisode.objects.filter(child=row).update(end=on),
                lambda row=row, on=on: Placement.objects.create(child=row, start=on, placement_type_id="HOME_PARENT"),
                lambda row=row, on=on: Child.objects.filter(pk=row.pk).update(date_of_birth=on),
                lambda row=row: Child.objects.filter(pk=row.pk).update(sex=draw.choice("FM")),
                lambda row=row, on=on: LegalBasis.objects.create(child=row, start=on, measure_id="CSO"),
                placed,
                lambda row=row: Milestone.objects.filter(child=row).update(voided_on=DAY, void_reason="Wrong"),
            ]
        )
        try:
            with transaction.atomic():
                act()
                same_as_plain()
                if draw.random() < 0.3:
                    raise IntegrityError
        except IntegrityError:
            pass  # undone
        same_as_plain()


def same_as_plain():
    kept, plain = outcomes(AIM, whole()), outcomes(AIM, read_anew())
    girls = Child.objects.filter(sex="F", merged_into=None)
    part = load_journeys(girls, DAY, kinds=KINDS, within=authority().pk)
    assert outcomes(AIM, part).rows == outcomes(AIM, load_journeys(girls, DAY, kinds=KINDS)).rows
    narrowed = load_journeys(girls, DAY, kinds=KINDS, part_of=authority().pk)
    assert outcomes(AIM, narrowed).rows == outcomes(AIM, part).rows
    assert kept.rows == plain.rows
    assert kept.counts == plain.counts


@pytest.mark.django_db
def test_some_children_of_the_authority_are_taken_from_all_of_them():
    histories = [accommodated(f"2021-0{n}-01", recommended(f"2021-0{n + 1}-01"), ref=f"C{n}") for n in (1, 2, 3, 4)]
    store(histories, authority=authority())
    some = Child.objects.filter(local_ref__in=["C2", "C4"])
    plain = load_journeys(some, DAY, kinds=KINDS)
    taken = load_journeys(some, DAY, kinds=KINDS, within=authority().pk)
    assert taken.revision is not None
    for name in ("children", "episodes", "placements", "supervision", "events"):
        assert getattr(taken.everything, name).equals(getattr(plain.everything, name)), name
    assert outcomes(AIM, taken).rows == outcomes(AIM, plain).rows
    assert outcomes(AIM, whole()).clock_count == 4
    ours = authority().pk
    with counted() as queries:
        load_journeys(some, DAY, kinds=KINDS, within=ours)
    assert len(queries) == 2


@pytest.mark.django_db
def test_a_team_is_taken_from_the_authority_where_that_is_in_memory_and_read_by_itself_where_not():
    north, ours = team("Team North"), authority().pk
    theirs = [child(of_team=north, accommodated=date(2021, number, 1)) for number in (1, 2)]
    placed()
    manager = person(Role.TEAM_MANAGER, of_team=north)
    children = Child.objects.countable_by(manager)
    with counted() as read:
        plain = load_journeys(children, DAY, kinds=KINDS)
    assert plain.revision is None
    assert len(read) == 5
    whole()
    with counted() as queries:
        taken = load_journeys(children, DAY, kinds=KINDS)
    assert len(queries) == 2
    assert taken.revision is not None
    assert taken.children["id"].tolist() == [row.pk for row in theirs]
    assert outcomes(AIM, taken).rows == outcomes(AIM, plain).rows
    CareEpisode.objects.filter(child=theirs[0]).update(voided_on=DAY, void_reason="Wrong")
    assert load_journeys(children, DAY, kinds=KINDS, part_of=ours).revision is None
    assert outcomes(AIM, load_journeys(children, DAY, kinds=KINDS)).clock_count == 1


@pytest.mark.django_db
def test_what_somebody_writes_while_it_is_read_is_not_kept(monkeypatch):
    row = placed()
    read = reading.read_events

    def read_and_written(*args):
        found = read(*args)
        milestone(row, "PERM_REC", date(2020, 5, 1))
        return found

    monkeypatch.setattr(reading, "read_events", read_and_written)
    whole()
    assert KEPT.bytes == 0
    monkeypatch.undo()
    assert len(whole().events) == 2


@pytest.mark.django_db
def test_nothing_is_kept_where_a_trigger_is_missing():
    placed()
    assert triggers_stand("default")
    with connection.cursor() as cursor:
        of = ' ON "milestones_milestone"' if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER revision_milestones_milestone_update{of}")
    assert not triggers_stand("default")
    assert marks() is None
    whole()
    assert KEPT.bytes == 0


@pytest.mark.django_db
def test_nothing_is_kept_while_a_migration_runs_and_all_marks_are_new_after_it():
    placed()
    before = marks()
    connection.check_constraints()  # PostgreSQL alters no table while checks of its rows wait for the commit
    take_down(using="default", plan=[("a migration", True)])  # also by a process that has seen the triggers stand
    assert not triggers_stand("default")
    assert marks() is None
    put_up_and_renew(using="default")
    assert triggers_stand("default")
    assert marks() not in (None, before)


@pytest.mark.django_db
def test_a_migrate_with_nothing_to_do_leaves_the_triggers_standing():
    take_down(using="default", plan=[])
    assert triggers_stand("default")


@pytest.mark.django_db
def test_only_all_children_of_an_authority_are_kept():
    unit = team()
    lead, worker = person(Role.PACE_LEAD), person(Role.TEAM_MANAGER, of_team=unit)
    placed()
    assert Child.objects.countable_by(lead).whole_of == authority().pk
    assert Child.objects.countable_by(lead).filter(sex="F").whole_of is None
    assert Child.objects.filter(sex="F").of_whole(authority().pk).whole_of is None
    assert Child.objects.countable_by(worker).whole_of is None
    assert Child.objects.visible_to(lead).whole_of is None


def test_what_was_used_least_lately_goes_first_and_another_revision_drives_out_the_former():
    kept, one, two, other = Kept(), Revision(1, frozenset({(1, "a")})), Revision(1, frozenset({(1, "b")})), None
    other = Revision(2, frozenset({(2, "a")}))
    kept.keep(one, "x", "X", size=40, most=100)
    kept.keep(other, "y", "Y", size=40, most=100)
    assert kept.find(one, "x") == "X"
    kept.keep(one, "z", "Z", size=40, most=100)
    assert (kept.find(other, "y"), kept.find(one, "x"), kept.bytes) == (None, "X", 80)
    kept.keep(one, "too large", "L", size=101, most=100)
    assert kept.find(one, "too large") is None
    kept.keep(two, "x", "X of two", size=10, most=100)
    assert (kept.find(one, "x"), kept.find(one, "z"), kept.find(two, "x"), kept.bytes) == (None, None, "X of two", 10)


@pytest.mark.each_database
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL only")
def test_two_who_write_at_once_do_not_wait_for_each_other_and_each_is_another_revision():
    first, second = placed(), placed()
    before = marks()
    other = connection.copy()
    try:
        with transaction.atomic():
            CareEpisode.objects.filter(child=first).update(end=date(2021, 1, 1))
            mine = marks()
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("UPDATE children_careepisode SET edition = 2 WHERE child_id = %s", [second.pk])
            both = marks()
            CareEpisode.objects.filter(child=first).update(end=date(2021, 1, 2))
            later = marks()
        assert len({before, mine, both, later}) == 4
        assert marks() == later
        assert len(later.marks) == 2
    finally:
        other.close()
