"""What a sheet can say is what an extract can say: the same columns, the same codes."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from children.models import Destination, LegalMeasure, PlacementType
from milestones.catalogue import RECORDED_CODES
from milestones.extract.files import CHILDREN
from milestones.extract.layout import layouts
from milestones.sheets import code_books
from milestones.sheets.fields import FIELDS, WIDE, WIDE_FIELDS, grouped
from tests.milestones.sheets.sheets import HEADER, read, values, workbook


@pytest.mark.django_db
def test_sheets_know_the_columns_and_the_codes_of_an_extract():
    for file, layout in layouts(date(2024, 10, 31)).items():
        assert {field.key for field in FIELDS[file]} - {"full_name"} == set(layout.by_name)
    books = code_books()
    for table, model in (("placement_type", PlacementType), ("legal_code", LegalMeasure), ("destination", Destination)):
        assert set(books[table].labels) == set(model.objects.values_list("code", flat=True))


def test_a_wide_sheet_can_have_a_date_of_every_milestone_that_is_recorded():
    assert {field.event for field in WIDE_FIELDS if field.event and field.months} == RECORDED_CODES


def test_every_field_of_a_wide_sheet_can_be_chosen_once():
    keys = [key for _, fields in grouped(WIDE) for key, _ in fields]
    assert sorted(keys) == sorted(field.key for field in WIDE_FIELDS)


CELLS = st.one_of(
    st.sampled_from(["13/01/2024", "03/04/2024", "04/13/2024", "May 2024", "n/k", "31/02/2024", "-", "PO", "@x", ""]),
    st.integers(-5, 60_000),
    st.text(alphabet="ab 1/.\u00a0\n", max_size=5),
    st.dates(date(1890, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=8, deadline=None)
@given(rows=st.lists(st.tuples(*[CELLS] * 4), min_size=1, max_size=5))
def test_every_row_is_taken_whole_or_refused_with_its_line(rows):
    steady = [["R1", "13/05/2019", "13/01/2024", "", ""], ["R2", "13/05/2019", "13/01/2024", "", ""]]
    sheet = [*steady, *([f"C{n}", *row] for n, row in enumerate(rows))]
    tables = read(workbook([*HEADER[:4], "Notes"], *sheet))
    taken = {ref for (ref,) in values(tables, CHILDREN, "child_ref")}
    refused = {reject.child_ref for reject in tables.rejects}
    left_out = sum(warning.count("holds one cell only") for warning in tables.warnings)
    assert not taken & refused
    assert len(taken) + len(refused) + left_out == len(sheet)
