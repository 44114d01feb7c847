"""Aims as people manage them: begun as drafts, changed by version, activated when ready, closed for a reason."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from aims.activation import backlog_twin, is_twin_of, needed_to_activate, suggested_code, wants_from_date
from aims.aim_templates import aim_templates
from aims.manage_actions import AimCollision, activate, change_definition, close, reopen, set_group, start_aim
from aims.models import Aim, Report
from aims.version_words import LABELS, changes, value_in_words
from pace_site.accounts.models import Organisation
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.storytelling import aim, panel_aim
from tests.builders import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(lead):
    return start_aim(aim(from_date="2026-01-01"), by=lead).aim


def statuses_of(row: Aim) -> list[str]:
    return [version.definition.status for version in row.versions.all()]


def test_an_aim_begins_as_a_draft_with_its_first_version_and_in_the_trail(lead):
    version = start_aim(aim(), by=lead)
    assert (version.number, version.by, version.aim.status) == (1, lead, Aim.Status.DRAFT)
    entry = AuditEntry.objects.get(record_type="aim", actor=lead.email)
    assert (entry.action, entry.after["title"]) == (AuditEntry.Action.CREATE, "A test aim")


@pytest.mark.parametrize("code", ["TEST", "test"])
def test_two_aims_of_one_authority_never_share_a_code(lead, draft, code):
    with pytest.raises(ValidationError) as refused:
        start_aim(aim(code=code, title="Another"), by=lead)
    assert "code" in refused.value.message_dict
    assert draft.versions.count() == 1


def test_another_authority_may_use_the_same_code(draft):
    elsewhere = person(Role.PACE_LEAD, organisation=Organisation.objects.get(code="S12000020"))
    assert start_aim(aim(), by=elsewhere).aim.authority == elsewhere.organisation


def test_a_changed_definition_is_the_next_version_and_reports_keep_theirs(lead, draft):
    first = draft.versions.get()
    report = Report.objects.create(authority=draft.authority, as_at=date(2026, 2, 1), content={}, issued_by=lead)
    reported = report.aims.create(version=first, figures={})
    second = change_definition(draft, aim(from_date="2026-02-01"), opened_at=1, reason="Panel agreed", by=lead)
    reported.refresh_from_db()
    assert (second.number, second.reason, second.by) == (2, "Panel agreed", lead)
    assert reported.version.definition.from_date == date(2026, 1, 1)
    assert AuditEntry.objects.filter(record_type="aim", reason="Panel agreed").exists()


def test_an_equal_definition_makes_no_version(lead, draft):
    assert change_definition(draft, aim(from_date="2026-01-01"), opened_at=1, by=lead) is None
    assert draft.versions.count() == 1


def test_the_status_is_not_changed_by_editing(lead, draft):
    change_definition(draft, aim(title="Better", from_date="2026-01-01"), opened_at=1, by=lead)
    draft.refresh_from_db()
    assert draft.status == Aim.Status.DRAFT


def test_who_saves_over_a_newer_version_is_shown_it_instead(lead, draft):
    change_definition(draft, aim(title="Theirs", from_date="2026-01-01"), opened_at=1, by=person(Role.PACE_LEAD))
    with pytest.raises(AimCollision) as met:
        change_definition(draft, aim(title="Mine", from_date="2026-01-01"), opened_at=1, by=lead)
    assert met.value.current.definition.title == "Theirs"
    assert draft.versions.count() == 2


def test_an_aim_goes_from_draft_to_active_to_closed_and_back_to_draft(lead, draft):
    activate(draft, opened_at=1, by=lead)
    close(draft, opened_at=2, reason=" Reached and kept for a year ", by=lead)
    reopen(draft, opened_at=3, by=lead)
    assert statuses_of(draft) == ["draft", "active", "closed", "draft"]
    assert draft.status == Aim.Status.DRAFT
    assert draft.versions.get(number=3).reason == "Reached and kept for a year"


@pytest.mark.parametrize(
    ("definition", "missing"),
    [
        (aim(limit=None), {"limit"}),
        (aim(target_pct=None), {"target_pct"}),
        (aim(limit=None, target_pct=None), {"limit", "target_pct"}),
        (aim(kind="deadline", limit=None, before_date="2026-01-01"), {"deadline"}),
        (aim(kind="deadline", limit=None, deadline="2026-12-01"), {"before_date"}),
        (
            aim(start_event="AT_HOME_2Y", stop_event=["AT_HOME_AUDIT"], population="snapshot"),
            {"from_date"},
        ),
        (aim(), set()),
        (aim(kind="deadline", limit=None, before_date="2026-01-01", deadline="2026-12-01"), set()),
    ],
)
def test_a_draft_is_told_field_by_field_what_it_lacks(lead, definition, missing):
    row = start_aim(definition, by=lead).aim
    assert set(needed_to_activate(definition)) == missing
    if not missing:
        assert activate(row, opened_at=1, by=lead).definition.status == "active"
        return
    with pytest.raises(ValidationError) as refused:
        activate(row, opened_at=1, by=lead)
    assert set(refused.value.message_dict) == missing
    row.refresh_from_db()
    assert row.status == Aim.Status.DRAFT


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"title": "Panel within X weeks"}, {"title": "It still says “Panel within X weeks”."}),
        ({"text": "By X, 75% of children"}, {"text": "It still says “By X, 75% of children”."}),
        (
            {"text": "75% of all children who come into care are decided in X\nweeks of it, and no later than that"},
            {"text": "It still says “care are decided in X weeks of it, and no”."},
        ),
        ({"title": "X% in XX weeks"}, {"title": "It still says “X% in XX weeks”."}),
    ],
)
def test_a_placeholder_of_a_template_is_filled_in_before_an_aim_counts(lead, said, words):
    row = start_aim(aim(**said), by=lead).aim
    with pytest.raises(ValidationError) as refused:
        activate(row, opened_at=1, by=lead)
    assert set(refused.value.message_dict) == set(words)
    for field, told in words.items():
        assert refused.value.message_dict[field][0].startswith(told)


def test_a_word_with_an_x_is_no_placeholder(lead):
    said = {"title": "Max six weeks to an X-ray", "text": "Axes, fixes, x"}
    assert needed_to_activate(aim(**said)) == {}


def test_the_template_with_placeholders_asks_for_each_of_them(lead):
    needed = needed_to_activate(aim_templates()["NL-2"].definition)
    assert {"title", "text", "limit", "target_pct"} <= set(needed)


def test_an_active_aim_does_not_get_a_placeholder(lead, draft):
    activate(draft, opened_at=1, by=lead)
    with pytest.raises(ValidationError) as refused:
        change_definition(draft, aim(from_date="2026-01-01", text="Within X weeks"), opened_at=2, by=lead)
    assert set(refused.value.message_dict) == {"text"}


def test_an_active_aim_cannot_lose_what_it_needs(lead, draft):
    activate(draft, opened_at=1, by=lead)
    with pytest.raises(ValidationError) as refused:
        change_definition(draft, aim(from_date="2026-01-01", target_pct=None), opened_at=2, by=lead)
    assert set(refused.value.message_dict) == {"target_pct"}


def test_an_active_aim_without_a_target_may_still_be_changed_otherwise(lead, authority):
    from aims.actions import save_definition

    row, _done = save_definition(aim(target_pct=None), authority=authority, by=None)
    assert change_definition(row, aim(target_pct=None, title="Better"), opened_at=1, by=lead).number == 2


def test_a_closed_aim_is_not_edited(lead, draft):
    close(draft, opened_at=1, reason="Not wanted", by=lead)
    with pytest.raises(ValidationError, match="closed"):
        change_definition(draft, aim(title="Better"), opened_at=2, by=lead)


@pytest.mark.parametrize("reason", ["", "   "])
def test_closing_needs_a_reason(lead, draft, reason):
    with pytest.raises(ValidationError):
        close(draft, opened_at=1, reason=reason, by=lead)
    draft.refresh_from_db()
    assert draft.status == Aim.Status.DRAFT


def test_what_was_done_already_is_not_done_again(lead, draft):
    with pytest.raises(ValidationError, match="draft already"):
        reopen(draft, opened_at=1, by=lead)
    close(draft, opened_at=1, reason="Not wanted", by=lead)
    with pytest.raises(ValidationError, match="closed already"):
        close(draft, opened_at=2, reason="Again", by=lead)
    with pytest.raises(ValidationError, match="Only a draft"):
        activate(draft, opened_at=2, by=lead)


def test_an_aim_has_a_group_and_a_lead_of_its_own_organisation(lead, draft):
    gail = person(Role.AIM_GROUP_LEAD)
    set_group(draft, group=" Early decisions ", lead=gail, by=lead)
    draft.refresh_from_db()
    assert (draft.group, draft.lead) == ("Early decisions", gail)
    assert AuditEntry.objects.filter(record_type="aim", after__group="Early decisions").exists()
    with pytest.raises(ValidationError):
        set_group(draft, group="", lead=person(organisation=Organisation.objects.get(code="S12000020")), by=lead)


@pytest.mark.parametrize("role", [role for role in Role if Permission.MANAGE_AIMS not in ROLE_PERMISSIONS[role]])
def test_nobody_else_manages_aims(draft, role):
    other = person(role)
    for attempt in (
        lambda: start_aim(aim(code="NEW-1"), by=other),
        lambda: change_definition(draft, aim(title="Mine"), opened_at=1, by=other),
        lambda: activate(draft, opened_at=1, by=other),
        lambda: close(draft, opened_at=1, reason="Mine", by=other),
        lambda: set_group(draft, group="Mine", lead=None, by=other),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert draft.versions.count() == 1


def test_an_aim_of_another_authority_is_out_of_reach(draft):
    elsewhere = person(Role.PACE_LEAD, organisation=Organisation.objects.get(code="S12000020"))
    with pytest.raises(PermissionDenied):
        close(draft, opened_at=1, reason="Not mine", by=elsewhere)


def test_only_an_aim_with_a_limit_and_no_from_date_is_warned_about():
    assert wants_from_date(aim())
    assert wants_from_date(aim(kind="milestone_review"))
    assert not wants_from_date(aim(from_date="2026-01-01"))
    assert not wants_from_date(aim(kind="deadline", limit=None))


def test_the_backlog_twin_is_to_an_aim_as_ex_3_is_to_ex_2():
    shipped = aim_templates()
    ex_2, ex_3 = shipped["EX-2"].definition, shipped["EX-3"].definition
    twin = backlog_twin(ex_2, before=ex_2.from_date, code="EX-3")
    chosen = replace(twin, deadline=ex_3.deadline, by_date=ex_3.by_date)
    worded = {"title", "text", "note", "source", "provenance", "status"}
    assert {change.field for change in changes(chosen, ex_3)} <= worded
    assert is_twin_of(ex_3, ex_2)
    assert not is_twin_of(shipped["MOR-1"].definition, ex_2)


def test_the_backlog_twin_keeps_every_filter_of_the_aim():
    filtered = panel_aim(age_max_exclusive=12, pathways_excluded=["HOME"], placements_excluded=["KIN"], age_min=1)
    twin = backlog_twin(filtered, before=date(2026, 1, 1), code="B")
    kept = ("routes", "age_min", "age_max_exclusive", "pathways_excluded", "placements_excluded", "exit_rule")
    assert all(getattr(twin, name) == getattr(filtered, name) for name in kept)


@pytest.mark.parametrize(
    ("code", "taken", "suggested"),
    [
        ("NAT-2", set(), "NAT-2"),
        ("NAT-2", {"nat-2"}, "NAT-2-2"),
        ("NAT-2", {"nat-2", "nat-2-2"}, "NAT-2-3"),
        ("A" * 20, {"a" * 20}, "A" * 18 + "-2"),
    ],
)
def test_a_taken_code_leads_to_another_suggestion(code, taken, suggested):
    assert suggested_code(code, taken) == suggested
    assert len(suggested) <= 20


def test_every_field_of_an_aim_has_a_label_and_every_shipped_aim_can_be_said_in_words():
    from dataclasses import fields

    from aims.definition import AimDefinition

    assert set(LABELS) == {each.name for each in fields(AimDefinition)}
    for template in aim_templates().values():
        for name in LABELS:
            assert value_in_words(template.definition, name)


def test_changes_are_said_in_words():
    said = {each.label: (each.before, each.after) for each in changes(aim(), aim(limit="30 weeks", target_pct=None))}
    assert said == {"Allowed from the start": ("26 weeks", "30 weeks"), "Target": ("80 %", "not set (X)")}
