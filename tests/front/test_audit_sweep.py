"""Every address again, asked what it left in the audit trail: whatever is written, seen, searched or sent."""

import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.front.every_page import SIGNS_OUT, every_page
from tests.front.two_authorities import somebody, two_authorities
from tests.front.what_is_sent import POSTED

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

Action = AuditEntry.Action
OURS = ("accounts", "children", "milestones", "aims", "improvement")
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
SAVEPOINTS = re.compile(r'(ROLLBACK TO )?SAVEPOINT "?(\w+)"?')
# Tables that are written without a word in the trail, and why.
UNSAID = {
    "accounts_user": "the hour of the last sign-in, which the trail has under signing in",
    "aims_nationalcounts": "counts kept for whoever looks at the national view next, reckoned of what is recorded",
    "aims_pseudonymsecret": "a secret that is made when first needed, and stands nowhere else",
}
# Files that leave no entry, and why.
NOT_AN_EXPORT = {"national_dataset_dictionary": "the data dictionary tells of no child and no figure"}
# Between them they hold every permission.
ROLES = (
    Role.TEAM_MANAGER,
    Role.DATA_LEAD,
    Role.PACE_LEAD,
    Role.IG_AUDITOR,
    Role.SYSTEM_ADMINISTRATOR,
    Role.NATIONAL_ANALYST,
)


@contextmanager
def written_tables():
    """Collect the tables of ours that are written to, apart from the trail and from what is undone again."""
    tables = {model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()}
    tables |= {
        field.m2m_db_table()
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_many_to_many
    }
    found, kept = set(), {}

    def watch(execute, sql, params, many, context):
        point = SAVEPOINTS.match(sql)
        if point and point[1]:
            found.intersection_update(kept[point[2]])
        elif point:
            kept[point[2]] = {*found}
        table = WRITES.match(sql)
        if table and table[1] in tables - set(UNSAID):
            found.add(table[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@pytest.mark.parametrize("role", ROLES)
def test_whatever_is_written_seen_or_sent_stands_in_the_trail(visitor, role):
    world = two_authorities()
    user = somebody(role, world)
    visitor.force_login(user)
    sides = (world.own, world.other_team)
    faults = []
    for page in every_page():
        for method, data in [("get", {})] + [("post", data) for data in POSTED.get(page.name, [{}])]:
            last = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).last()
            with written_tables() as written:
                response = getattr(visitor, method)(page.address(world.own), data)
            sent = response.getvalue().decode("utf-8", "replace")
            new = AuditEntry.objects.filter(pk__gt=last or 0)
            actions = set(new.values_list("action", flat=True))
            what = f"{role}: {method} {page} {data or ''}"
            if written and not actions - {Action.VIEW, Action.SEARCH}:
                faults.append(f"{what} writes {sorted(written)} and says nothing")
            named = [side for side in sides if any(word in sent for word in side.identity)]
            for side in named:
                if not new.about_child(side.child.code, in_authority=user.organisation.code).exists():
                    faults.append(f"{what} shows who {side.child.code} is and says nothing")
            is_file = "attachment" in response.headers.get("Content-Disposition", "")
            if is_file and Action.EXPORT not in actions and page.name not in NOT_AN_EXPORT:
                faults.append(f"{what} sends a file and says nothing")
        if page.name in SIGNS_OUT:
            visitor.force_login(user)
    assert not faults, "\n" + "\n".join(faults)
