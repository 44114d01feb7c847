"""The rules as a whole: their list, the day they look at, and what it costs."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.models import Milestone
from milestones.quality.declaration import About, rule
from milestones.quality.records import load_records
from milestones.quality.rules import MISSING, RULES, findings, missing_from
from tests.aims.stored_histories import store
from tests.builders import authority, milestone
from tests.milestones.quality.stories import AS_AT, SINCE, basis, cared_for, episode, found_in, rules_broken, stay
from tests.naive.inventions import invent_steps_case
from tests.naive.spells import known_at

MODELS = {"child": Child, "episode": CareEpisode, "placement": Placement, "legal": LegalBasis}
ERRORS = {1, 2, 3, 5, 6, 8, 9, 10, 13, 14, 15, 16, 17, 21, 22, 27, 37, 41}
INFORMATION = {23, 32, 34, 36}


def test_there_are_forty_rules_of_the_domain_and_four_of_ours_with_their_severities():
    assert [each.number for each in RULES] == list(range(1, 45))
    for each in RULES:
        assert each.severity == ("E" if each.number in ERRORS else "I" if each.number in INFORMATION else "W")


def test_each_rule_has_a_code_a_name_what_to_do_and_the_fields_it_looks_at():
    assert [each.code for each in RULES][:2] == ["DQ01", "DQ02"]
    assert len({each.name for each in RULES}) == len(RULES)
    for each in RULES:
        assert each.to_do.endswith("."), each.code
        assert each.fields or each.perhaps, each.code
        for field in (*each.fields, *each.perhaps):
            table, name = field.split(".")
            model = MODELS.get(table, Milestone)
            assert model._meta.get_field(name), f"{each.code}: {field}"


def test_a_number_is_not_given_twice_nor_a_field_of_no_table():
    said = {"name": "x", "to_do": "x", "fields": ()}
    with pytest.raises(ValueError, match="Rule 40"):
        rule(40, "W", **said)(lambda record, as_at: iter(()))
    with pytest.raises(ValueError, match="fields of no table: house.number"):
        rule(99, "W", **said, perhaps=("house.number",))


@pytest.mark.django_db
class TestFindings:
    def test_a_child_whose_records_are_in_order_breaks_no_rule(self):
        assert rules_broken(cared_for()) == []

    def test_a_finding_names_the_records_it_is_about(self):
        row = cared_for()
        first = row.placements.get()
        second = stay(row, date(2024, 3, 1))
        (found,) = found_in(row)
        assert found.key == f"placement {first.pk}, placement {second.pk}"
        assert found.child_id == row.pk

    def test_a_finding_says_which_fields_are_in_doubt_and_when(self):
        row = cared_for()
        stay(row, date(2024, 3, 1), date(2024, 4, 1))
        milestone(row, "ORDER_GRANTED", date(2024, 5, 1), route="PO")
        overlap, order = found_in(row)
        assert About("placement.end", date(2024, 3, 1), date(2024, 4, 1)) in overlap.about
        assert About("placement.start", SINCE, None) in overlap.about
        assert order.about == (
            About("ORDER_GRANTED.happened_on", date(2024, 5, 1), date(2024, 5, 1)),
            About("COURT_LODGED.happened_on"),
        )

    def test_the_fingerprint_is_of_the_facts_and_not_of_what_else_is_written(self):
        row = cared_for()
        made = milestone(row, "PERM_REC", date(2024, 3, 1))

        def fingerprint():
            return next(each.fingerprint for each in found_in(row) if each.rule == 21)

        first = fingerprint()
        row.milestones.filter(pk=made.pk).update(note="A word", source="court")
        assert fingerprint() == first
        row.milestones.filter(pk=made.pk).update(happened_on=date(2024, 3, 2))
        assert fingerprint() != first
        made.delete()
        milestone(row, "PERM_REC", date(2024, 3, 1))
        assert fingerprint() == first

    def test_a_voided_row_breaks_nothing(self):
        row = cared_for()
        stay(row, date(2024, 3, 1), voided_on=date(2024, 3, 2), void_reason="Another child's")
        assert rules_broken(row) == []

    def test_nothing_after_the_day_is_looked_at(self):
        row = cared_for()
        later = AS_AT + timedelta(days=1)
        episode(row, later, later)
        stay(row, later, later, "HOME_PARENT")
        basis(row, later, later, "S25")
        milestone(row, "PERM_REC", later)
        milestone(row, "COURT_LODGED", later, route="HOME")
        assert rules_broken(row, AS_AT) == []
        assert rules_broken(row, later) != []

    def test_an_end_after_the_day_is_not_known_yet_nor_where_the_child_went(self):
        row = cared_for(until=date(2024, 6, 2), to="ADOPTED")
        assert rules_broken(row, AS_AT) == []
        assert rules_broken(row, date(2024, 6, 2)) == [18]

    def test_what_is_missing_is_found_apart_from_what_is_wrong(self):
        row = cared_for(ground=None)
        stay(row, date(2024, 3, 1))
        records = load_records(Child.objects.filter(pk=row.pk))
        assert [each.rule for each in findings(records, as_at=AS_AT)] == [6, 42]
        assert [each.rule for each in missing_from(records, as_at=AS_AT)] == [42]
        assert {each.number for each in RULES} > MISSING

    def test_the_queries_are_the_same_for_one_child_and_for_thirty(self):
        cared_for()
        one = queries_of_all()
        for _ in range(29):
            cared_for()
        assert queries_of_all() == one

    def test_no_message_tells_the_name_the_reference_or_the_birthday(self):
        row = cared_for(name=("Uniquegiven", "Uniquefamily"), born=date(2025, 3, 7))
        milestone(row, "PERM_REC", date(2024, 3, 1))
        told = " ".join(each.message for each in found_in(row))
        assert {each.rule for each in found_in(row)} == {1, 19, 21}
        for secret in ("Uniquegiven", "Uniquefamily", row.local_ref, "7 March 2025"):
            assert secret not in told


def told_of(histories, as_at: date) -> list[tuple[str, int, str]]:
    """(reference, rule, message) of everything found of some histories, which are not kept."""
    with transaction.atomic():
        store(histories, authority=authority())
        records = load_records(Child.objects.all())
        refs = {record.child.pk: record.child.local_ref for record in records}
        found = sorted((refs[each.child_id], each.rule, each.message) for each in findings(records, as_at=as_at))
        transaction.set_rollback(True)
    return found


@pytest.mark.sweep
@pytest.mark.django_db
def test_what_is_found_at_a_day_does_not_depend_on_what_came_later():
    seen = set()
    for seed in range(60):
        histories, as_at = invent_steps_case(Random(seed))
        found = told_of(histories, as_at)
        assert found == told_of([known_at(history, as_at) for history in histories], as_at), f"seed {seed}"
        seen |= {rule_number for _ref, rule_number, _message in found}
    assert seen >= {1, 4, 5, 6, 7, 8, 9, 10, 16, 19, 20, 21, 22, 23, 25, 28, 33, 35, 36, 37, 38, 41, 42}


def queries_of_all() -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        findings(load_records(Child.objects.all()), as_at=SINCE)
    return len(queries)
