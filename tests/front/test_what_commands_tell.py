"""What commands print, write and send tells of no restricted child: each command is named here, or why it is not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from aims.models import Aim
from children.restriction_actions import restrict
from pace_site.accounts.roles import Role
from tests.builders import allocate, authority, child, milestone, person, team
from tests.front.two_authorities import an_aim
from tests.own_code import own_commands

pytestmark = pytest.mark.django_db

CODE = "S12000019"


def today() -> str:
    return timezone.localdate().isoformat()


# By command: what it is asked here; `out` is a file.
TOLD = {
    "check_data": lambda out: [
        ["--authority", CODE, "--as-at", today()],
        ["--authority", CODE, "--as-at", today(), "--json"],
    ],
    "measure_aims": lambda out: [["--authority", CODE, "--as-at", today(), "--outcomes", "--json"]],
    "export_report": lambda out: [
        ["--authority", CODE, "--as-at", today(), "--format", "csv", "--out", str(out)],
    ],
    "send_reminders": lambda out: [["--authority", CODE, "--json", "--as-at", today()]],
}


@pytest.fixture
def shut():
    """A restricted child who is long overdue, with somebody allocated to it; and an open one."""
    today = timezone.localdate()
    aim = an_aim(authority(), "AIM-1")
    Aim.objects.filter(pk=aim.pk).update(status=Aim.Status.ACTIVE)
    rows = [
        child(
            of_team=team(),
            code=code,
            name=(f"Gvn{code[3:]}", f"Fml{code[3:]}"),
            accommodated=today - timedelta(days=300),
        )
        for code in ("QX-SHUT7", "QX-OPEN7")
    ]
    for row in rows:
        milestone(row, "REVIEW", today - timedelta(days=400))
        allocate(person(Role.IRO), row)
    restrict(rows[0], reason="A relative of somebody who works here", by=person(Role.TEAM_MANAGER))
    return rows


@pytest.mark.parametrize("command", TOLD)
def test_a_command_tells_of_open_children_and_of_no_restricted_one(command, shut, tmp_path):
    out = tmp_path / "file.csv"
    restricted, opened = shut
    told = ""
    for options in TOLD[command](out):
        printed = StringIO()
        call_command(command, *options, stdout=printed, stderr=StringIO())
        told += printed.getvalue() + (out.read_text(encoding="utf-8-sig") if out.exists() else "")
    name = restricted.identity
    hidden = (restricted.code, restricted.local_ref, name.given_name, name.family_name)
    assert not [word for word in hidden if word in told]
    assert opened.code in told or opened.local_ref in told


def test_an_e_mail_goes_to_who_may_open_the_record_and_says_nothing_of_any(shut):
    restricted, opened = shut
    call_command("send_reminders", "--authority", CODE, stdout=StringIO(), stderr=StringIO())
    told = {address for sent in mail.outbox for address in sent.to}
    assert opened.allocations.get().user.email in told
    assert restricted.allocations.get().user.email not in told
    words = "".join(sent.subject + sent.body for sent in mail.outbox)
    hidden = [word for row in shut for word in (row.code, row.local_ref, str(row.identity))]
    assert not [word for word in hidden if word in words]


WHY_NOT = {
    "export_national": "a pseudonym of its own for each child, and no code, reference or name (ADR 0013)",
    "publish_month": "counts alone",
    "export_improvement": "refused where it names a child",
    "import_improvement": "takes in; speaks of the lines of its file",
    "import_national": "takes in; speaks of the lines of its file",
    "import_extract": "takes in; speaks of the lines of its file",
    "load_aims": "of aims alone",
    "look_through": "counts alone",
    "count_national": "how many authorities alone",
    "export_extract": "counts alone; its files are read in `tests/front/data_quality/test_export.py`",
    "verify_audit": "of the chain and the numbers of entries",
    "permissions_matrix": "of roles alone",
    "write_reference": "of the code alone",
    "set_up": "of people who work here alone",
    "make_administrator": "of people who work here alone",
    "reset_second_step": "of how many people alone",
    "demo": "makes children who do not exist",
    "make_authority": "makes children who do not exist",
    "work": "carries out what somebody asked for, as that person",
    "delete_finished_files": "counts alone",
    "scheduled": "names of jobs; what they tell is asked of each",
    "migrate": "of tables alone",
    "list_due_for_review": "not gone through yet: it lists whom the council's period of keeping is over for",
    "backup": "a whole copy, encrypted, of which whoever has its key is trusted with everything",
    "restore": "puts a whole copy back",
    "verify_backup": "numbers of rows",
}


def test_every_command_is_tried_here_or_said_why_not():
    assert own_commands() == set(TOLD) | set(WHY_NOT)
