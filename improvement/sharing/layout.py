"""What a file of improvement work may hold, field by field, and nothing else: the one description of its format.

Aims are meant by code, ideas by the key that they have in the file, primary drivers by their number in their diagram.
"""

from typing import Any

from aims.field_readers import DefinitionError, flag, one_of, read_date, text_up_to, whole_number
from improvement.measure_definition import CHARTS, UNIT_OF_WAY
from improvement.models import AgendaItem, Meeting
from improvement.models import measures as of_measures
from improvement.models.drivers import DEFINITION, DEFINITIONS, SENTENCE
from improvement.models.programme import TEXT as CHARTER_TEXT
from improvement.models.programme import GroupRole
from improvement.models.tests_of_change import TEXT, Decision, Scale
from improvement.sharing.places import within
from improvement.sharing.shapes import MOST, Shape, first_of_a_month, list_of, number, role_word, rule, score

FORMAT, VERSION = "pace-improvement", 1


def _computed_in_its_unit(place: str, measure: dict[str, Any]) -> None:
    unit = measure["unit"]
    if measure.get("chart", "run") not in CHARTS[unit]:
        raise DefinitionError(
            within(place, "chart"), f"is not a chart of a {unit}: those are {', '.join(CHARTS[unit])}"
        )
    if "rule" in measure and UNIT_OF_WAY[measure["rule"]["compute"]] != unit:
        way = measure["rule"]["compute"]
        raise DefinitionError(within(place, "unit"), f"what is computed as {way} is a {UNIT_OF_WAY[way]}")
    if "rule" in measure and measure.get("values"):
        raise DefinitionError(within(place, "values"), "belong to measures whose values people type")


def _of_an_aim_or_not(place: str, meeting: dict[str, Any]) -> None:
    if (meeting["kind"] == Meeting.Kind.AIM_GROUP) != ("aim" in meeting):
        raise DefinitionError(within(place, "aim"), "belongs to the meeting of an aim group, and to no other")


aim_code = text_up_to(20)
idea_key = text_up_to(40)
long_text = text_up_to(TEXT)
charter_text = text_up_to(CHARTER_TEXT)
sentence = text_up_to(of_measures.SENTENCE)

IDEA = Shape(
    "an idea",
    {
        "key": idea_key,
        "title": text_up_to(120),
        "description": text_up_to(2000),
        "source": text_up_to(200),
        "national_aim": whole_number(1, 4),
        "aim": aim_code,
        "library_key": text_up_to(60),
        "retired_on": read_date,
        "retired_reason": text_up_to(200),
    },
    required=("key", "title"),
)
PRIMARY = Shape("a primary driver", {"text": text_up_to(200), "definition": text_up_to(DEFINITION)}, ("text",))
SECONDARY = Shape(
    "a secondary driver",
    PRIMARY.fields
    | {
        "serves": list_of(whole_number(1, MOST)),
        "ideas": list_of(idea_key),
    },
    required=("text",),
)
DIAGRAM = Shape(
    "a driver diagram",
    {
        "title": text_up_to(120),
        "aim": aim_code,
        "sentence": text_up_to(SENTENCE),
        "definitions": text_up_to(DEFINITIONS),
        "retired_on": read_date,
        "retired_reason": text_up_to(200),
        "primary": list_of(PRIMARY),
        "secondary": list_of(SECONDARY),
    },
    required=("title", "sentence"),
)
QUESTION = Shape(
    "a question",
    {"question": long_text, "prediction": long_text, "came_true": one_of("", "yes", "partly", "no")},
    required=("question",),
)
CYCLE = Shape(
    "a cycle",
    {
        "scale": one_of(*Scale.values),
        "objective": long_text,
        "questions": list_of(QUESTION, most=100),
        "who": long_text,
        "what": long_text,
        "where": long_text,
        "when": long_text,
        "data_items": list_of(long_text, most=100),
        "planned_start": read_date,
        "planned_end": read_date,
        "started_on": read_date,
        "ended_on": read_date,
        "as_planned": flag,
        "what_happened": long_text,
        "observations": long_text,
        "results": long_text,
        "comparison": long_text,
        "parents_said": long_text,
        "children_said": long_text,
        "practitioners_said": long_text,
        "learned": long_text,
        "decision": one_of(*Decision.values),
        "decision_reason": long_text,
        "next_step": long_text,
        "decided_on": read_date,
    },
    required=("scale",),
)
IMPLEMENTATION = Shape(
    "an implementation",
    {"training": long_text, "procedure": long_text, "measure": long_text, "review_on": read_date},
)
TEST = Shape(
    "a test of change",
    {
        "title": text_up_to(120),
        "aim": aim_code,
        "idea": idea_key,
        "begun_on": read_date,
        "withdrawn_on": read_date,
        "withdrawn_reason": text_up_to(200),
        "cycles": list_of(CYCLE, most=200),
        "implementation": IMPLEMENTATION,
    },
    required=("title", "aim", "begun_on", "cycles"),
)
VALUE = Shape(
    "a value",
    {
        "month": first_of_a_month,
        "numerator": number,
        "denominator": number,
        "value": number,
        "note": text_up_to(200),
    },
    required=("month",),
)
MEASURE = Shape(
    "a measure",
    {
        "name": text_up_to(of_measures.NAME),
        "aim": aim_code,
        "kind": one_of(*of_measures.MeasureKind.values),
        "definition": text_up_to(of_measures.TEXT),
        "numerator": sentence,
        "denominator": sentence,
        "exclusions": sentence,
        "source": text_up_to(200),
        "frequency": one_of(*of_measures.Frequency.values),
        "unit": one_of(*of_measures.Unit.values),
        "per": whole_number(1, 100_000),
        "chart": one_of(*of_measures.ChartKind.values),
        "better": one_of(*of_measures.Better.values),
        "counts_from": first_of_a_month,
        "baseline_points": whole_number(of_measures.FEWEST_BASELINE, of_measures.MOST_BASELINE),
        "baseline_until": read_date,
        "target": number,
        "register_code": text_up_to(40),
        "rule": rule,
        "retired_on": read_date,
        "retired_reason": text_up_to(200),
        "values": list_of(VALUE),
    },
    required=("name", "aim", "kind", "definition", "unit"),
    check=_computed_in_its_unit,
)
CHARTER = Shape(
    "a charter",
    {
        **dict.fromkeys(("problem", "aim", "why_now", "scope_in", "scope_out", "measures", "baseline"), charter_text),
        "starts_on": read_date,
        "ends_on": read_date,
        "risks": charter_text,
        "approvals": charter_text,
    },
)
MEMBER = Shape(
    "a member",
    {
        "who": role_word,
        "aim": aim_code,
        "agency": text_up_to(100),
        "role": one_of(*GroupRole.values),
        "leads": flag,
        "joined_on": read_date,
        "left_on": read_date,
    },
    required=("who", "role", "joined_on"),
)
PROGRESS = Shape(
    "a progress score",
    {"month": first_of_a_month, "score": score, "reason": text_up_to(500)},
    required=("month", "score", "reason"),
)
BARRIER = Shape(
    "a barrier",
    {
        "text": text_up_to(300),
        "aim": aim_code,
        "raised_on": read_date,
        "owner": role_word,
        "asked": text_up_to(1000),
        "resolved_on": read_date,
        "resolution": text_up_to(300),
    },
    required=("text", "raised_on", "owner"),
)
AGENDA_ITEM = Shape(
    "an item of an agenda",
    {"title": text_up_to(120), "fills": one_of(*AgendaItem.Fills.values), "decisions": charter_text},
    required=("title",),
)
ACTION = Shape(
    "an action",
    {
        "text": text_up_to(300),
        "owner": role_word,
        "due_on": read_date,
        "done_on": read_date,
        "outcome": text_up_to(300),
    },
    required=("text", "owner", "due_on"),
)
MEETING = Shape(
    "a meeting",
    {
        "kind": one_of(*Meeting.Kind.values),
        "aim": aim_code,
        "on": read_date,
        "called_off_reason": text_up_to(200),
        "closed_on": read_date,
        "agenda": list_of(AGENDA_ITEM, most=200),
        "actions": list_of(ACTION),
    },
    required=("kind", "on"),
    check=_of_an_aim_or_not,
)
PROGRAMME = Shape(
    "a programme",
    {
        "charter": CHARTER,
        "members": list_of(MEMBER),
        "scores": list_of(PROGRESS),
        "barriers": list_of(BARRIER),
        "meetings": list_of(MEETING),
    },
)
AUTHORITY = Shape("an authority", {"code": text_up_to(12), "name": text_up_to(200)}, ("code", "name"))
DOCUMENT = Shape(
    "a file of improvement work",
    {
        "format": one_of(FORMAT),
        "version": whole_number(VERSION, VERSION),
        "authority": AUTHORITY,
        "made_on": read_date,
        "ideas": list_of(IDEA),
        "diagrams": list_of(DIAGRAM),
        "tests": list_of(TEST),
        "measures": list_of(MEASURE),
        "programme": PROGRAMME,
    },
    required=("format", "version", "authority", "made_on"),
)
