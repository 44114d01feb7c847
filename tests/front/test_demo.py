"""The demo: everybody can sign in, the figures can be looked at, and nothing real is touched."""

from datetime import date
from io import StringIO
from statistics import median

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aims.figures import journeys_for
from aims.models import Aim, Annotation
from aims.outcomes import outcomes
from children.models import Allocation, Child
from improvement.remarks import remarks_of
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.roles import Role
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.front.fiction.demo import BRAEBURN, GLENMORE, _last_month_ends
from pace_site.front.fiction.recipe import DEFAULT_AS_AT, PACE_START
from pace_site.front.fiction.removal import remove_authority
from tests.front.made_up import content_of

# Each builds the whole demo, which takes PostgreSQL minutes without statistics; the kills build it there too.
pytestmark = pytest.mark.sweep

FEW = 60


def run_demo(*arguments, children=FEW):
    out = StringIO()
    call_command("demo", "--children", str(children), *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(db):
    return run_demo()


def person(email):
    return User.objects.get(email=email)


def test_every_role_has_somebody_who_can_sign_in(demo):
    assert set(RoleMembership.objects.values_list("role", flat=True)) == set(Role.values)
    for user in User.objects.all():
        assert user.check_password("braeburn-demo-2026")
        assert user.email in demo


def test_the_demo_has_two_authorities_that_do_not_see_each_other(demo):
    braeburn = Child.objects.visible_to(person("pace.lead@braeburn.example"))
    glenmore = Child.objects.visible_to(person("pace.lead@glenmore.example"))
    assert braeburn.count() == FEW
    assert glenmore.count() == GLENMORE.children
    assert not braeburn.filter(authority__code=GLENMORE.code).exists()


@pytest.mark.parametrize("role", ["practitioner", "team.manager", "iro", "panel.administrator", "legal", "adm"])
def test_those_who_work_with_some_children_see_some_but_not_all(db, role):
    run_demo(children=150)
    seen = Child.objects.visible_to(person(f"{role}@braeburn.example")).count()
    assert 10 <= seen <= 120


def test_an_allocation_ends_with_the_care_and_never_before_it_began(demo):
    allocations = Allocation.objects.filter(child__authority__code=BRAEBURN.code)
    assert allocations.filter(end__isnull=False).exists()
    for allocation in allocations:
        allocation.full_clean()
        open_care = allocation.child.episodes.filter(end__isnull=True).exists()
        assert (allocation.end is None) == open_care or not allocation.child.episodes.exists()


def test_the_analyst_belongs_to_the_nation_and_sees_no_child(demo):
    analyst = person("national.analyst@scotland.example")
    assert analyst.organisation.kind == Organisation.Kind.NATIONAL
    assert scope_of(analyst).is_empty


def test_the_aims_are_the_four_national_ones_and_local_ones_with_one_draft(demo):
    aims = Aim.objects.filter(authority__code=BRAEBURN.code)
    assert {"NAT-1", "NAT-2", "NAT-3", "NAT-4"} < set(aims.values_list("code", flat=True))
    assert list(aims.filter(status=Aim.Status.DRAFT).values_list("code", flat=True)) == ["BRA-6"]
    assert any(version.definition.is_backlog for version in aims.current_versions())
    assert Aim.objects.filter(authority__code=GLENMORE.code).count() == 4


def test_the_pace_start_is_marked_on_the_second_national_aim_and_tests_of_change_mark_themselves(demo):
    aim = Aim.objects.get(code="NAT-2", authority__code=BRAEBURN.code)
    assert [mark.on for mark in Annotation.objects.filter(aim=aim)] == [PACE_START]
    assert len({remark.test_id for remark in remarks_of(aim)}) == 4


def test_the_wait_for_a_recommendation_falls_visibly_after_the_pace_start(db):
    run_demo(children=BRAEBURN.children)
    version = Aim.objects.filter(authority__code=BRAEBURN.code, code="BRA-2").current_versions().get()
    children = Child.objects.filter(authority__code=BRAEBURN.code)
    rows = outcomes(version.definition, journeys_for([version.definition], children, DEFAULT_AS_AT)).rows
    before = [row.days / 7 for row in rows if row.stop and row.stop < PACE_START]
    after = [row.days / 7 for row in rows if row.stop and row.stop >= PACE_START]
    assert len(before) > 30
    assert len(after) > 30
    assert median(before) - median(after) > 8


def test_the_same_day_and_size_make_the_same_demo(demo):
    first = [content_of(BRAEBURN.code), content_of(GLENMORE.code)]
    run_demo("--renew")
    assert [content_of(BRAEBURN.code), content_of(GLENMORE.code)] == first
    assert "no rows" not in first[0].values()


def test_another_as_at_day_makes_data_up_to_that_day(db):
    run_demo("--as-at", "2026-03-31")
    children = Child.objects.filter(authority__code=BRAEBURN.code)
    last = children.order_by("-milestones__recorded_on").values_list("milestones__recorded_on", flat=True)[0]
    assert date(2026, 3, 1) <= last <= date(2026, 3, 31)


def test_a_second_run_says_that_the_demo_is_there_and_changes_nothing(demo, django_assert_max_num_queries):
    before = content_of(BRAEBURN.code), AuditEntry.objects.count()
    password = person("adm@braeburn.example").password
    with django_assert_max_num_queries(3):
        said = run_demo("--password", "another-good-password")
    assert "already there" in said
    assert "another-good-password" not in said
    assert (content_of(BRAEBURN.code), AuditEntry.objects.count()) == before
    assert person("adm@braeburn.example").password == password


def test_a_run_that_finds_half_of_the_demo_makes_the_other_half(demo):
    braeburn = Organisation.objects.get(code=BRAEBURN.code).pk
    remove_authority(Organisation.objects.get(code=GLENMORE.code))
    run_demo()
    assert Organisation.objects.get(code=BRAEBURN.code).pk == braeburn
    assert Child.objects.filter(authority__code=GLENMORE.code).count() == GLENMORE.children


def test_renewing_takes_away_only_what_is_fictional(demo):
    midlothian = Organisation.objects.get(code="S12000019")
    ours = Child.objects.create(authority=midlothian, code="P-0001", local_ref="1")
    worker = User.objects.create_user("worker@midlothian.example", "x", organisation=midlothian)
    analyst = person("national.analyst@scotland.example")
    entries = AuditEntry.objects.count()
    run_demo("--renew", "--password", "another-good-password")
    ours.refresh_from_db()
    worker.refresh_from_db()
    assert Organisation.objects.filter(fictional=False).count() == 33
    assert person("national.analyst@scotland.example").pk == analyst.pk
    assert person("adm@braeburn.example").check_password("another-good-password")
    assert AuditEntry.objects.count() > entries


def test_an_authority_that_only_bears_the_code_is_not_touched(db):
    Organisation.objects.create(code=BRAEBURN.code, name="Realshire")
    for arguments in ((), ("--renew",)):
        with pytest.raises(CommandError, match="Realshire, which is not marked as fictional"):
            run_demo(*arguments)
    assert Organisation.objects.get(code=BRAEBURN.code).name == "Realshire"
    assert not User.objects.exists()


def test_an_address_of_another_authority_is_not_taken_over(db):
    midlothian = Organisation.objects.get(code="S12000019")
    User.objects.create_user("adm@braeburn.example", "x", organisation=midlothian)
    with pytest.raises(CommandError, match="belongs to somebody of another authority"):
        run_demo()
    assert not Organisation.objects.filter(fictional=True).exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--password", "short"), "too short"),
        (("--as-at", "2024-01-01"), "needs a year of PACE"),
        (("--children", "0"), "at least one child"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_made(db, arguments, says):
    with pytest.raises(CommandError, match=says) as refusal:
        run_demo(*arguments)
    assert refusal.value.returncode == 1
    assert not Organisation.objects.filter(fictional=True).exists()


def test_production_never_holds_the_demo(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production site"):
        run_demo()
    assert not Organisation.objects.filter(fictional=True).exists()
    assert not User.objects.exists()


def test_a_demo_made_on_its_last_day_publishes_no_month_that_is_not_over(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: DEFAULT_AS_AT)
    assert _last_month_ends(DEFAULT_AS_AT)[-1] == date(2026, 9, 30)
    monkeypatch.setattr(timezone, "localdate", lambda: date(2027, 1, 15))
    assert _last_month_ends(DEFAULT_AS_AT) == [date(2026, 8, 31), date(2026, 9, 30), DEFAULT_AS_AT]
