"""Reports read from a real streaming replica are those of the primary, whatever the replica does."""

import logging
from collections.abc import Callable
from datetime import date
from io import BytesIO
from threading import Timer
from zipfile import ZipFile

import pytest
from django.db import connections, transaction
from django.utils import timezone

from aims.models import AimVersion
from aims.national.actions import export_national
from aims.national.quarters import quarter_ends
from aims.reports.actions import FORMATS, export_report
from aims.reports.assembling import highlight_of
from aims.reports.report_words import report_words
from children.models import Child
from children.restriction_actions import restrict
from milestones.quality.look_through import look_through
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.data_quality.export_actions import export_everything
from pace_site.front.identified.actions import Asked
from pace_site.front.identified.asking import Purpose
from pace_site.replica import freshness, reading
from pace_site.replica.freshness import Moment, NotFresh, fresh_replica
from pace_site.replica.reading import READINGS, read_apart
from pace_site.replica.router import REPLICA, read_from
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, milestone, person
from tests.improvement.builders import an_aim

AS_AT = date(2020, 6, 1)


class Council:
    """One authority for each test, as all of them write to the same two servers."""

    def __init__(self, code: str):
        self.authority: Organisation = authority(code)
        self.lead: User = person(Role.DATA_LEAD, Role.PACE_LEAD, organisation=self.authority)
        self.version: AimVersion = an_aim("AIM-1", organisation=self.authority).versions.get()
        store(
            [accommodated("2019-03-04", ref="A"), accommodated("2019-06-03", recommended("2019-09-02"), ref="B")],
            authority=self.authority,
        )

    @property
    def counts(self) -> dict[str, int]:
        return self.report().aims[0].content.now.counts

    def report(self, *, by: User | None = None):
        return highlight_of([self.version], as_at=AS_AT, by=by)

    def csv(self) -> bytes:
        return export_report([self.version], as_at=AS_AT, file_format=FORMATS["csv"], by=self.lead).body

    def extract(self) -> dict[str, bytes]:
        """The files of the extract but the one that says when and by whom it was made."""
        asked = Asked(next(iter(Purpose)), "A test of what both servers say")
        with ZipFile(BytesIO(export_everything(asked, by=self.lead).body)) as packed:
            return {name: packed.read(name) for name in packed.namelist() if name != "READ ME.txt"}

    def record(self) -> None:
        milestone(Child.objects.get(authority=self.authority, local_ref="A"), "PERM_REC", date(2020, 3, 2))


def from_both(ask: Callable[[], object]) -> tuple[object, object]:
    """What the replica and then the primary answer."""
    READINGS.forget()
    there = ask()
    assert set(READINGS.counts) == {reading.FROM_REPLICA}
    with transaction.atomic():
        here = ask()
    assert reading.IN_TRANSACTION in READINGS.counts
    READINGS.forget()
    return there, here


def test_both_servers_give_the_same_report_files_and_figures(replica):
    council = Council("S12000005")
    analyst = person(Role.NATIONAL_ANALYST, organisation=Organisation.objects.filter(kind="national").first())
    day = quarter_ends(timezone.localdate())[0]
    for ask in (council.csv, council.extract, lambda: export_national(as_at=day, by=analyst).body):
        there, here = from_both(ask)
        assert there == here
        assert there
    there, here = from_both(lambda: report_words(council.report(by=council.lead)))
    assert there.pop("period")[:-20] == here.pop("period")[:-20]  # but for the minute
    assert there == here
    assert there["aims"][0]["counts"]
    entries = AuditEntry.objects.filter(authority_code=council.authority.code, action="export")
    assert entries.count() == 4  # two files from each, and each stands in the trail of the primary


def test_looking_through_all_records_reads_there_and_keeps_here(replica):
    council = Council("S12000006")
    there, here = from_both(lambda: look_through(council.authority, as_at=AS_AT, months=1).children)
    assert there == here == 2


def test_what_was_recorded_a_moment_ago_is_in_the_report_although_the_replica_is_behind(replica, settings, caplog):
    council = Council("S12000008")
    before = council.counts
    assert READINGS.counts == {"replica": 1}
    settings.REPLICA_WAIT = 0.05
    replica.hold_back()
    council.record()
    after = council.counts
    assert after != before
    assert READINGS.counts == {"replica": 1, "lagging": 1}
    assert "still behind after 0.05 s" in caplog.text
    council.report()
    assert READINGS.counts["left_alone"] == 1  # the next does not wait for it
    replica.go_on()
    READINGS.forget()
    settings.REPLICA_WAIT = 10
    assert council.counts == after
    assert READINGS.counts == {"replica": 1}


def test_a_report_waits_for_a_replica_that_catches_up_and_says_when_it_was_read(replica):
    council = Council("S12000010")
    replica.hold_back()
    council.record()
    asked = timezone.now()
    Timer(0.3, replica.go_on).start()
    report = council.report()
    assert READINGS.counts == {"replica": 1}
    assert report.aims[0].content.now.counts == council.counts
    assert asked <= report.read_at <= timezone.now()
    assert report.period.endswith(f"Records as they were on {timezone.localtime(report.read_at):%-d %B %Y at %H:%M}.")


def test_a_restriction_set_a_moment_ago_holds_in_what_is_exported(replica, settings):
    council = Council("S12000011")
    manager = person(Role.PACE_LEAD, organisation=council.authority)
    assert b"P-A" in council.csv()
    settings.REPLICA_WAIT = 0.05
    replica.hold_back()
    restrict(Child.objects.get(authority=council.authority, local_ref="A"), reason="A relative works here", by=manager)
    for wait in (0.05, 10):  # from the primary, and from the replica once it goes on
        settings.REPLICA_WAIT = wait
        READINGS.forget()
        assert b"P-A" not in council.csv()
        assert not any(b",A," in body or b"\nA," in body for body in council.extract().values())
        replica.go_on()
    assert READINGS.counts == {"replica": 2}


def test_a_replica_that_is_away_is_counted_told_and_missed_by_nobody(replica, caplog):
    council = Council("S12000013")
    expected = council.csv()
    replica.stop("immediate")
    with caplog.at_level(logging.WARNING):
        assert council.csv() == expected
    assert READINGS.counts == {"replica": 1, "away": 1}
    assert "OperationalError" in caplog.text
    assert str(replica.folder) not in caplog.text
    replica.start()
    READINGS.forget()
    assert council.csv() == expected
    assert READINGS.counts == {"replica": 1}


def test_what_the_replica_loses_in_the_middle_is_read_again_from_the_primary(replica):
    council, asked = Council("S12000014"), []

    def read():
        asked.append(read_from())
        if len(asked) == 1:
            replica.end_sessions()
        return Child.objects.filter(authority=council.authority).count()

    assert read_apart(read) == 2
    assert asked == [REPLICA, "default"]
    assert READINGS.counts == {"away": 1}


def test_all_that_is_read_there_is_of_one_moment(replica):
    council, found = Council("S12000017"), []

    def read():
        ours = Child.objects.filter(authority=council.authority)
        found.append(ours.count())
        with connections["default"].cursor() as cursor:  # somebody else's, meanwhile
            cursor.execute(
                "UPDATE children_child SET authority_id = %s, code = 'P-MOVED' "
                "WHERE local_ref = 'A' AND authority_id = %s",
                [authority("S12000021").pk, council.authority.pk],
            )
        freshness._wait_for(Moment.now().place)
        found.append(ours.count())

    read_apart(read)
    assert found == [2, 2]
    assert read_apart(Child.objects.filter(authority=council.authority).count) == 1


def test_what_is_no_copy_of_the_primary_is_not_read(replica, monkeypatch, settings):
    council = Council("S12000018")
    council.csv()
    moment = Moment.now()
    key, at, request = moment.last_entry
    for other in ((key + 1_000_000, at, request), (key, timezone.now(), request), (key, at, "another")):
        monkeypatch.setattr(Moment, "now", lambda other=other: Moment(moment.at, moment.place, other))
        with pytest.raises(NotFresh, match="last entry"), fresh_replica():
            pass
    monkeypatch.setattr(Moment, "now", lambda: moment)
    monkeypatch.setattr(freshness, "_wait_for", lambda _place: "FFFF/0")
    with pytest.raises(NotFresh, match="ahead of the primary"), fresh_replica():
        pass


def test_a_server_that_is_the_primary_is_no_replica(replica, servers):
    council = Council("S12000019")
    connections[REPLICA].close()
    connections[REPLICA].settings_dict["OPTIONS"]["host"] = str(servers[0].folder)
    counts = council.counts
    assert sum(counts.values()) >= 2
    assert READINGS.counts == {"lagging": 1}


def test_a_commit_that_is_not_on_the_disk_yet_is_in_the_report(replica):
    council = Council("S12000020")
    before = council.counts
    with connections["default"].cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    council.record()
    assert council.counts != before
    assert READINGS.counts == {"replica": 2}
