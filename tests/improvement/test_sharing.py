"""Improvement work goes from one authority to another as a file, whole, once, and without any child's data."""

import json
from datetime import date
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from improvement.models import (
    Action,
    ChangeIdea,
    ChildInCycle,
    DiagramVersion,
    DriverDiagram,
    GroupMember,
    Measure,
    Meeting,
    TestOfChange,
)
from improvement.sharing.export import ExportRefused, improvement_of
from improvement.sharing.files import SharedFileError, as_text, read_text
from improvement.sharing.taking_in import take_in
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_cycle, a_diagram, a_driver, a_test, an_aim, an_idea
from tests.improvement.meeting_builders import a_meeting, a_member, a_programme, an_action
from tests.improvement.sharing_builders import improvement_work

pytestmark = pytest.mark.django_db
OURS, THEIRS = "S12000019", "S12000020"
MADE_ON = date(2026, 11, 1)


def shared(code=OURS):
    return improvement_of(authority(code), made_on=MADE_ON).document


def lead_of_the_other():
    return person(Role.PACE_LEAD, organisation=authority(THEIRS))


def take(document, *, by=None, form="json", **more):
    text = as_text(document, form=form)
    return take_in(read_text(text, form=form, file="file"), by=by or lead_of_the_other(), today=MADE_ON, **more)


def but_for_whose(document):
    return {name: value for name, value in document.items() if name not in ("authority", "made_on")}


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_shared_and_taken_in_elsewhere_is_shared_from_there_just_the_same(seed, form):
    improvement_work(authority(OURS), seed=seed)
    first = shared()
    for code in ("AIM-1", "AIM-2"):
        an_aim(code, organisation=authority(THEIRS))
    take(first, form=form)
    again = shared(THEIRS)
    assert but_for_whose(again) == but_for_whose(first)
    assert json.dumps(again["tests"]) == json.dumps(first["tests"])  # the order of the fields too


@pytest.mark.parametrize("seed", range(4))
def test_taking_a_file_in_twice_adds_nothing_twice(seed):
    improvement_work(authority(OURS), seed=seed)
    for code in ("AIM-1", "AIM-2"):
        an_aim(code, organisation=authority(THEIRS))
    lead = lead_of_the_other()
    first = take(shared(), by=lead)
    before = shared(THEIRS)
    second = take(shared(), by=lead)
    assert shared(THEIRS) == before
    assert not second.new
    assert sum(second.there.values()) == sum(first.new.values()) - first.new["charter"]


def test_no_child_no_name_and_no_address_leaves_the_authority():
    lead = person(Role.PACE_LEAD, email="petra@council.example")
    member = person(Role.CHAMPION, email="charlie@council.example")
    aim = an_aim()
    test = a_test(lead=lead, members=(member,), aim=aim, cycles=2)
    row = child(code="P-4711", name=("Given", "Family"))
    ChildInCycle.objects.create(cycle=test.cycles.first(), child=row)
    test.cycles.filter(number=2).update(who=f"{lead} with {member}, asked at nurse@health.example")
    a_programme(problem=f"{member} could not say how long children wait")
    a_member(lead, leads=True)
    a_member(member)
    a_member(name="Jo Partner", agency="Health board")
    meeting = a_meeting(agenda=("Welcome", "Waits"))
    meeting.items.filter(title="Waits").update(notes="P-4711 waits for a panel", decisions="Ask for P-4711 first")
    an_action(meeting, partner="Jo Partner, Health board", text="Ask the board")
    an_action(meeting, owner=lead, text="See why P-4711 waits")
    given = improvement_of(authority(), made_on=MADE_ON)
    text = as_text(given.document, form="yaml")
    for trace in ("P-4711", row.local_ref, "council.example", "health.example", str(lead), str(member), "Jo Partner"):
        assert trace not in text
    assert given.document["tests"][0]["cycles"][1]["who"] == "lead with member 1, asked at an address"
    assert given.document["programme"]["charter"]["problem"].startswith("member 1 could not say")
    assert [each["who"] for each in given.document["programme"]["members"]] == ["lead", "member 1", "member 2"]
    assert [each["owner"] for each in given.document["programme"]["meetings"][0]["actions"]] == ["member 2"]
    assert len(given.left_out) == 2


@pytest.mark.parametrize(
    "text", ["Tried with P-4711", "as for p-4711.", "Tried with Gavin Gable", "Gable, Gavin was asked", "See REF99999"]
)
def test_a_text_that_names_a_child_is_refused_with_its_place_and_not_its_words(text):
    row = child(code="P-4711", name=("Gavin", "Gable"))
    row.local_ref = "REF99999"
    row.save()
    a_cycle(a_test(cycles=1), 2, observations="", objective=text)
    with pytest.raises(ExportRefused) as refusal:
        improvement_of(authority(), made_on=MADE_ON)
    assert refusal.value.places == ["test 1, cycle 2, objective (“72-hour agenda”) names a child, or has a pseudonym"]


def test_a_child_of_another_authority_is_no_reason_to_refuse():
    child(code="P-4711", name=("Gavin", "Gable"), organisation=authority(THEIRS))
    a_test(title="Gavin Gable asked for it")
    assert shared()["tests"][0]["title"] == "Gavin Gable asked for it"


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    improvement_work(authority(OURS), seed=3)
    champion = person(Role.CHAMPION)

    def some_more(number):
        test = a_test(title=f"Another {number}", cycles=3, members=(champion,))
        diagram = a_diagram(f"Another {number}", aim=test.aim)
        a_driver(diagram, "Assess early", serves=(a_driver(diagram),), ideas=(an_idea(),))
        an_action(a_meeting(date(2026, 2, number + 1)), owner=champion)
        a_member(person(Role.CHAMPION))

    some_more(1)
    with CaptureQueriesContext(connection) as few:
        shared()
    for number in range(2, 8):
        some_more(number)
    with django_assert_num_queries(len(few)):
        shared()


def test_a_missing_aim_is_refused_in_words_or_left_out_when_asked():
    aim = an_aim("AIM-7")
    a_test(aim=aim)
    an_idea(aim=aim)
    a_diagram("Of the programme")
    with pytest.raises(SharedFileError, match=r"has no aim called AIM-7.*--skip-missing-aims"):
        take(shared())
    assert not ChangeIdea.objects.filter(authority__code=THEIRS).exists()
    taken = take(shared(), skip_missing_aims=True)
    assert dict(taken.new) == {"change idea": 1, "driver diagram": 1}
    assert any("no aim called AIM-7" in note for note in taken.notes)
    assert ChangeIdea.objects.get(authority__code=THEIRS).aim is None


def test_whoever_takes_a_file_in_leads_what_it_holds_and_others_are_words():
    test = a_test(cycles=1)
    test.cycles.update(**PLAN, **DO, **STUDY, **ACT | {"decision": "adopt"})
    a_member(person(Role.PACE_LEAD), leads=True)
    champion = person(Role.CHAMPION)
    a_member(champion)
    an_action(a_meeting(), owner=champion)
    an_aim("AIM-1", organisation=authority(THEIRS))
    lead = lead_of_the_other()
    take(shared(), by=lead)
    theirs = TestOfChange.objects.get(authority__code=THEIRS)
    assert theirs.lead == lead
    assert list(theirs.members.all()) == []
    assert GroupMember.objects.get(programme__authority__code=THEIRS, leads=True).user == lead
    assert Action.objects.get(meeting__authority__code=THEIRS).partner == "member 1"


def test_an_authority_with_a_charter_of_its_own_keeps_its_programme():
    a_programme(problem="They do not know how long children wait")
    a_meeting()
    an_idea()
    a_programme(authority(THEIRS), problem="Our own words")
    taken = take(shared())
    assert dict(taken.new) == {"change idea": 1}
    assert "a charter of its own" in taken.notes[-1]
    assert not Meeting.objects.filter(authority__code=THEIRS).exists()


def test_an_idea_of_the_library_that_is_there_already_is_taken_instead_of_another():
    an_idea("An agenda", library_key="agenda-72-hours")
    own = an_idea("Our agenda", library_key="agenda-72-hours", organisation=authority(THEIRS))
    taken = take(shared())
    assert dict(taken.there) == {"change idea": 1}
    assert list(ChangeIdea.objects.filter(authority__code=THEIRS)) == [own]


def test_a_diagram_that_is_taken_in_says_in_its_first_version_where_it_is_from():
    a_diagram("Their theory")
    take(shared())
    version = DiagramVersion.objects.get(diagram__authority__code=THEIRS)
    assert version.reason == f"Taken in from {authority(OURS).name}"
    assert version.content["title"] == "Their theory"


def broken(**change):
    """A small document with one thing changed, by place: `tests__0__cycles__0__scale="page"`."""
    document = json.loads(json.dumps(shared()))
    for path, value in change.items():
        *way, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        target = document
        for step in way:
            target = target[step]
        target[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("colour", "red", "colour: is not a field of a file of improvement work"),
        ("version", 2, "version 2 of the format; this site reads version 1"),
        ("format", "something", "is no file of improvement work"),
        ("tests__0__colour", "red", "test 1, colour: is not a field of a test of change"),
        ("tests__0__cycles__1__scale", "page", "test 1, cycle 2, scale: 'page' is not one of child"),
        ("tests__0__cycles__1__lead_email", "a@b.example", "test 1, cycle 2, lead_email: is not a field of a cycle"),
        ("tests__0__cycles__0__ended_on", "2026-02-30", "test 1, cycle 1, ended_on: '2026-02-30' is not a date"),
        ("tests__0__cycles__0__ended_on", "2026-11-02", "test 1, cycle 1, ended_on: 2026-11-02 is yet to come"),
        ("tests__0__cycles__0__results", "", "test 1, cycle 1: a decision needs results and a comparison"),
        ("tests__0__cycles__0__questions", [], "test 1, cycle 1: a cycle that has started needs questions"),
        ("tests__0__cycles__0__questions__0__came_true", "maybe", "question 1, came_true: 'maybe' is not one of"),
        ("tests__0__cycles", [], "test 1, cycles: a test of change has at least one"),
        ("tests__0__title", "x" * 121, "test 1, title: is 121 characters long; 120 are allowed"),
        ("tests__0__title", None, "test 1, title: is missing"),
        ("tests__0__idea", "idea-9", "test 1: 'idea-9' is not the key of an idea in this file"),
        ("ideas__0__library_key", "no-such", "idea 1, library_key: 'no-such' is not in the shipped library"),
        ("ideas", "none", "ideas: 'none' is not a list"),
        ("ideas__0", "none", "idea 1: 'none' is not a set of fields of an idea"),
        ("measures__0__rule", {"compute": "guess"}, "measure 1, rule: compute: 'guess' is not one of"),
        ("programme__members__0__who", "Jo Partner", "member 1, who: 'Jo Partner' is not lead, member 1"),
    ],
)
def test_a_fault_is_named_with_its_place_and_nothing_is_taken_in(path, value, says):
    idea = an_idea()
    test = a_test(cycles=2, idea=idea)
    rule = {"compute": "moves"}
    Measure.objects.create(authority=authority(), aim=test.aim, name="Moves", definition="x", unit="rate", rule=rule)
    a_member(person(Role.CHAMPION))
    an_aim("AIM-1", organisation=authority(THEIRS))
    document = broken(**{path: value})
    entries = AuditEntry.objects.filter(authority_code=THEIRS).count()
    with pytest.raises(SharedFileError) as refusal:
        take(document)
    assert says in str(refusal.value)
    assert not ChangeIdea.objects.filter(authority__code=THEIRS).exists()
    assert AuditEntry.objects.filter(authority_code=THEIRS).count() == entries


@pytest.mark.parametrize(
    ("form", "text", "says"),
    [
        ("json", "{", "line 1: this is not JSON"),
        ("json", '{"format": "a", "format": "b"}', "'format' is given twice"),
        ("json", '{"format": NaN}', "NaN is no number"),
        ("json", "[" * 100_000, "too deep"),
        ("yaml", "a: [", "this is not YAML"),
        ("yaml", "format: a\nformat: b", "line 2.*'format' is given twice"),
        ("yaml", "a: &x [1]\nb: *x", "refers to itself"),
        ("yaml", "a: !!python/name:os.system", "a tag with !"),
        ("yaml", "? [a]\n: b", "a field is a word"),
        ("yaml", "", "is no file of improvement work"),
        ("yaml", "a: \x00", "a character that YAML does not allow"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_in_words(form, text, says):
    with pytest.raises(SharedFileError, match=says):
        read_text(text, form=form, file="file")


def test_a_file_that_names_a_child_of_ours_is_not_taken_in():
    an_idea("Try it with Gavin Gable")
    child(name=("Gavin", "Gable"), organisation=authority(THEIRS))
    with pytest.raises(SharedFileError, match="idea 1, title names a child of your own"):
        take(shared())


def run(name, *arguments):
    out, err = StringIO(), StringIO()
    call_command(name, *(str(each) for each in arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("ending", ["json", "yaml", "yml"])
def test_the_commands_write_and_take_in_a_file_and_both_are_audited(tmp_path, ending):
    an_idea()
    lead = lead_of_the_other()
    file = tmp_path / f"work.{ending}"
    said, _warned = run("export_improvement", "--authority", OURS, "--out", file)
    assert "1 change idea, 0 driver diagrams" in said
    parsed = json.loads(file.read_text()) if ending == "json" else yaml.safe_load(file.read_text())
    assert parsed["version"] == 1
    said, _warned = run("import_improvement", file, "--authority", THEIRS)
    assert "change idea: 1 new, 0 already there" in said
    assert ChangeIdea.objects.get(authority__code=THEIRS).proposed_by == lead
    assert AuditEntry.objects.filter(authority_code=OURS, action="export", record_type="improvement work").count() == 1
    entry = AuditEntry.objects.get(authority_code=THEIRS, action="import", record_type="improvement work")
    assert entry.after == {"from": OURS, "new": {"change idea": 1}, "there": {}}
    _said, warned = run("import_improvement", file, "--authority", THEIRS)
    assert "is there already" in warned


def test_a_refused_export_writes_no_file_and_is_audited(tmp_path):
    child(code="P-4711")
    an_idea("As for P-4711")
    file = tmp_path / "work.json"
    with pytest.raises(CommandError, match="idea 1, title") as refusal:
        run("export_improvement", "--authority", OURS, "--out", file)
    assert refusal.value.returncode == 1
    assert not file.exists()
    assert AuditEntry.objects.get(action="export").reason == "Refused"


@pytest.mark.parametrize(
    ("name", "arguments", "code", "says"),
    [
        ("export_improvement", ("--out", "work.txt"), 2, "ends in none of .json"),
        ("export_improvement", ("--out", "no/such/folder/work.json"), 1, "cannot be written"),
        ("import_improvement", ("work.txt",), 2, "ends in none of .json"),
        ("import_improvement", ("no-such.json",), 1, "cannot be read"),
        ("import_improvement", ("no-such.json", "--by", "nobody@council.example"), 1, "nobody of Midlothian"),
    ],
)
def test_what_the_commands_cannot_do_they_say(name, arguments, code, says):
    person(Role.PACE_LEAD)
    with pytest.raises(CommandError, match=says) as refusal:
        run(name, *arguments, "--authority", OURS)
    assert refusal.value.returncode == code


def test_without_one_pace_lead_somebody_is_named(tmp_path):
    an_idea()
    file = tmp_path / "work.json"
    run("export_improvement", "--authority", OURS, "--out", file)
    with pytest.raises(CommandError, match="no PACE lead: say with --by"):
        run("import_improvement", file, "--authority", THEIRS)
    champion = person(Role.CHAMPION, organisation=authority(THEIRS))
    with pytest.raises(CommandError, match="nobody of"):
        run("import_improvement", file, "--authority", THEIRS, "--by", champion.email)
    group_lead = person(Role.AIM_GROUP_LEAD, organisation=authority(THEIRS))
    run("import_improvement", file, "--authority", THEIRS, "--by", group_lead.email)
    assert ChangeIdea.objects.get(authority__code=THEIRS).proposed_by == group_lead
    assert not DriverDiagram.objects.filter(authority__code=THEIRS).exists()


def test_the_page_says_what_the_file_holds_and_gives_it(client):
    lead = person(Role.PACE_LEAD)
    client.force_login(lead)
    a_test(title="72-hour agenda")
    page = client.get("/improvement/export/").content.decode()
    assert "1 test of change" in page
    assert not AuditEntry.objects.filter(action="export").exists()
    for form in ("json", "yaml"):
        answer = client.get(f"/improvement/export/?format={form}")
        assert f".{form}" in answer["Content-Disposition"]
        assert read_text(answer.content.decode(), form=form, file="file")["tests"][0]["title"] == "72-hour agenda"
    assert AuditEntry.objects.filter(action="export", actor=lead.email).count() == 2


@pytest.mark.parametrize("query", ["", "?format=json"])
def test_the_page_lists_where_a_child_is_named_instead_of_a_file(client, query):
    client.force_login(person(Role.PACE_LEAD))
    child(code="P-4711")
    an_idea("As for P-4711")
    answer = client.get(f"/improvement/export/{query}")
    assert "1 text keeps the improvement work from being shared" in answer.content.decode()
    assert "Content-Disposition" not in answer
    assert AuditEntry.objects.get(action="export").reason == "Refused"
