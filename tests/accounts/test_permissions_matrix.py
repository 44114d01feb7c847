"""The page of roles that people sign off says what the program does."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pace_site.accounts.matrix import REMAKE, abbreviation, matrix_page
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role

PAGE = Path(__file__).parents[2] / "docs" / "governance" / "roles.md"


def rows_of(page: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    return {first: rest for first, *rest in cells}


def test_the_page_of_roles_is_as_the_code_has_it():
    current = PAGE.read_text(encoding="utf-8") == matrix_page()
    assert current, f"docs/governance/roles.md is out of date: run `{REMAKE}` and commit it."


def test_every_cell_says_whether_the_role_holds_the_permission():
    rows = rows_of(matrix_page())
    for permission in Permission:
        held = {role for role, cell in zip(Role, rows[permission], strict=True) if cell == "yes"}
        assert held == {role for role in Role if permission in ROLE_PERMISSIONS[role]}, permission


def test_no_two_roles_are_called_the_same_in_short():
    assert len({abbreviation(role) for role in Role}) == len(Role)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (Role.PRACTITIONER, "children of the person's teams"),
        (Role.IRO, "children allocated to the person"),
        (Role.SENIOR_LEADER, "figures of the authority, no child"),
        (Role.SYSTEM_ADMINISTRATOR, "no child"),
    ],
)
def test_the_page_says_how_far_a_role_reaches(role, told):
    short, reach, *_rest = rows_of(matrix_page())[role.label]
    assert short == abbreviation(role)
    assert reach.startswith(told)


def test_the_command_writes_the_page_to_a_file_or_prints_it(tmp_path):
    out = StringIO()
    call_command("permissions_matrix", stdout=out)
    call_command("permissions_matrix", out=tmp_path / "roles.md")
    assert out.getvalue() == (tmp_path / "roles.md").read_text(encoding="utf-8") == matrix_page()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("permissions_matrix", out=tmp_path / "nowhere" / "roles.md")
