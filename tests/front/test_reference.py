"""The pages of the documentation that are made from the code say what the code says."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import models

from children.models import Child, Family, Identity
from milestones.models import Milestone
from pace_site.front.reference.data_dictionary import meaning_of, own_models, personal_data
from pace_site.front.reference.markdown import REMAKE, table
from pace_site.front.reference.pages import PAGES
from pace_site.front.retention.what_goes import FREE_TEXT

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_as_the_code_has_it(name):
    written = DOCS / name
    current = written.exists() and written.read_text(encoding="utf-8") == PAGES[name]()
    assert current, f"docs/{name} is out of date: run `{REMAKE}` and commit it."


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_table_says_what_a_row_of_it_is(model):
    assert meaning_of(model)


def test_a_table_that_says_nothing_of_itself_is_refused():
    class Silent(models.Model):
        class Meta:
            abstract = True
            app_label = "nowhere"

    with pytest.raises(ImproperlyConfigured, match=r"nowhere\.Silent has no docstring"):
        meaning_of(Silent)
    Silent.__doc__ = "Silent(id, name)"  # what Django makes up
    with pytest.raises(ImproperlyConfigured):
        meaning_of(Silent)


def test_what_says_who_a_child_is_is_told_as_personal_data():
    for model, name in [
        (Child, "local_ref"),
        (Child, "date_of_birth"),
        (Child, "expected_on"),
        (Family, "ref"),
        (Identity, "given_name"),
        (Identity, "family_name"),
    ]:
        assert personal_data(model._meta.get_field(name)) == "names the child", f"{model.__name__}.{name}"
    for each in FREE_TEXT:
        assert personal_data(each.model._meta.get_field(each.name)) == "free words", each
    assert personal_data(Milestone._meta.get_field("kind")) == ""


def test_every_shipped_aim_is_told_with_its_text_and_its_limit():
    page = PAGES["reference/aims.md"]()
    told = page.partition("### NAT-2")[2].partition("###")[0]
    assert "within 26 weeks of becoming accommodated" in told
    assert "26 weeks from the start" in told
    assert "20 met: decided on or before the due date | 29 met, missed or overdue" in page


def test_what_stands_in_a_cell_does_not_break_its_table():
    assert table(["A"], [["one | two\nthree"]]) == "| A |\n| --- |\n| one \\| two three |\n\n"


def test_the_command_writes_every_page_or_says_why_not(tmp_path):
    (tmp_path / "adr").mkdir()
    call_command("write_reference", out=tmp_path, stdout=StringIO())
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")} == set(PAGES)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("write_reference", out=tmp_path / "file")
