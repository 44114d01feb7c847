"""The floor of measuring: one hand-written SQL statement that computes the counts of eight aims.

Written for these eight definitions alone, as somebody would who has only the database: no frames, no Python. It gives
the same counts as the engine, which the benchmark checks before it compares the times.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

from django.db.backends.utils import CursorWrapper

from milestones.clocks.limits import to_day

EPOCH = "DATE '1970-01-01'"
FAR = 4_000_000

# The four national aims with cohorts, and four local ones; `statement` below knows them by these codes.
AIMS = [
    {
        "code": "NAT-1",
        "title": "Plan reviewed within 24 months at home",
        "start_event": "AT_HOME_CSO_START",
        "stop_event": ["PLAN_REVIEW_2Y", "AT_HOME_AUDIT"],
        "limit": "24 months",
    },
    {
        "code": "NAT-2",
        "title": "Recommendation within 26 weeks",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC"],
        "limit": "26 weeks",
        "from_date": "2024-11-01",
    },
    {
        "code": "NAT-3",
        "title": "Panel within 12 weeks",
        "start_event": "PERM_REC",
        "stop_event": ["PANEL_PRESENTED"],
        "limit": "12 weeks",
        "routes": ["PO", "POA", "ADOPT"],
    },
    {
        "code": "NAT-4",
        "title": "Application within 14 weeks",
        "start_event": "ADM_APPROVED",
        "stop_event": ["COURT_LODGED"],
        "limit": "14 weeks",
        "routes": ["PO", "POA"],
    },
    {
        "code": "LOC-1",
        "title": "Recommendation within 30 weeks",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC"],
        "limit": "30 weeks",
    },
    {
        "code": "LOC-2",
        "title": "Under 12: recommendation within 7.5 months",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC", "PERM_DECISION"],
        "limit": "7.5 months",
        "age_max_exclusive": 12,
    },
    {
        "code": "LOC-3",
        "title": "Planning meeting's decision within 26 weeks, without kinship and rehabilitation",
        "start_event": "ACCOM_START",
        "stop_event": ["PPM_DECISION"],
        "limit": "26 weeks",
        "pathways_excluded": ["KINSHIP", "HOME"],
    },
    {
        "code": "LOC-4",
        "title": "Backlog",
        "kind": "deadline",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC"],
        "before_date": "2024-11-01",
        "deadline": "2025-10-31",
    },
]


class Sqlite:
    @staticmethod
    def day(column: str) -> str:
        return f"CAST(julianday({column}) - 2440587.5 AS INTEGER)"

    @classmethod
    def months_on(cls, day: str, months: int) -> str:
        month = f"date({day} * 86400, 'unixepoch', 'start of month', '+{months} months')"
        next_month = f"date({day} * 86400, 'unixepoch', 'start of month', '+{months + 1} months')"
        return f"MIN({cls.day(month)} + strftime('%d', {day} * 86400, 'unixepoch') - 1, {cls.day(next_month)} - 1)"

    @classmethod
    def birthday(cls, column: str, age: int) -> str:
        return cls.day(f"date({column}, '+{age} years')")

    least = "MIN"


class Postgres:
    @staticmethod
    def day(column: str) -> str:
        return f"(({column}) - {EPOCH})"

    @classmethod
    def months_on(cls, day: str, months: int) -> str:
        return f"(({EPOCH} + {day} + INTERVAL '{months} months')::date - {EPOCH})"

    @classmethod
    def birthday(cls, column: str, age: int) -> str:
        held = f"({column} + INTERVAL '{age} years')"
        return (
            f"({held}::date - {EPOCH}) + CASE WHEN EXTRACT(day FROM {held}) < EXTRACT(day FROM {column})"
            " THEN 1 ELSE 0 END"
        )

    least = "LEAST"


# PostgreSQL takes parts of the statement for small that are large, and goes through one for each row of another: a
# minute instead of a second.
PLANNED_SO = (("enable_nestloop", "off"), ("jit", "off"))


@contextmanager
def well_planned(cursor: CursorWrapper, vendor: str) -> Iterator[None]:
    """As somebody would have the database go about the statement who had looked at what takes it so long."""
    settings = PLANNED_SO if vendor == "postgresql" else ()
    for name, value in settings:
        cursor.execute(f"SET {name} = {value}")
    yield
    for name, _value in settings:
        cursor.execute(f"RESET {name}")


def statement(
    vendor: str, *, authority_id: int | None, as_at: date, aims: Collection[str] = tuple(each["code"] for each in AIMS)
) -> str:
    """Return the statement: rows of aim code, state, how many (EXCLUDED is one of the states).

    `aims` names those to be counted, whose parts alone the database then works out. Without an authority it counts all.
    """
    sql = Postgres if vendor == "postgresql" else Sqlite
    whose = "1 = 1" if authority_id is None else f"authority_id = {authority_id}"
    today = to_day(as_at)
    on = sql.day("m.happened_on")

    def happened(kinds: str, of: str) -> str:
        """Exact, non-void milestones of a child by `today`, through the index, for a correlated subquery."""
        return (
            f"FROM milestones_milestone m WHERE m.child_id = {of}.child_id AND m.kind IN ({kinds})"
            f" AND m.voided_on IS NULL AND m.precision = 'day' AND {on} <= {today}"
        )

    def first(kinds: str, clock: str) -> str:
        """The first day inside a clock on which one of `kinds` (quoted) happened."""
        return f"(SELECT MIN({on}) {happened(kinds, clock)} AND {on} BETWEEN {clock}.s AND {clock}.x)"

    def leaving(spell: str, eighteen: str) -> str:
        events = [
            f"COALESCE((SELECT MIN({on}) {happened(kind, spell)} AND {on} >= {spell}.s), {FAR})"
            for kind in ("'LA_TRANSFER_OUT'", "'DEATH'")
        ]
        of_age = f"CASE WHEN {eighteen} > {spell}.s THEN {eighteen} ELSE {spell}.s END"
        return ", ".join([*events, f"CASE WHEN {eighteen} <= {today} THEN {of_age} ELSE {FAR} END"])

    clocks = {
        "NAT-1": f"""SELECT 'NAT-1' AS aim, child_id, s, x, {sql.months_on("s", 24)} AS due,
      {first("'PLAN_REVIEW_2Y', 'AT_HOME_AUDIT'", "h")} AS stop, 0 AS gone FROM at_home_spell h""",
        "NAT-2": f"""SELECT 'NAT-2' AS aim, child_id, s, x, s + 182 AS due, stop, 0 AS gone FROM recommended
    WHERE s >= {to_day(date(2024, 11, 1))}""",
        "NAT-3": f"""SELECT 'NAT-3' AS aim, child_id, s, x, s + 84 AS due, {first("'PANEL_PRESENTED'", "c")} AS stop,
      0 AS gone FROM rec_clock c WHERE route IN ('PO', 'POA', 'ADOPT')""",
        "NAT-4": f"""SELECT 'NAT-4' AS aim, child_id, s, x, s + 98 AS due, {first("'COURT_LODGED'", "c")} AS stop,
      0 AS gone FROM adm_clock c WHERE route IN ('PO', 'POA')""",
        "LOC-1": "SELECT 'LOC-1' AS aim, child_id, s, x, s + 210 AS due, stop, 0 AS gone FROM recommended",
        "LOC-2": f"""SELECT 'LOC-2' AS aim, a.child_id, a.s, a.x, {sql.months_on("a.s", 7)} + 15 AS due, COALESCE(b.d,
      {first("'PERM_REC', 'PERM_DECISION'", "a")}) AS stop, 0 AS gone
    FROM accommodated a JOIN kid ON kid.id = a.child_id LEFT JOIN before_birth b ON b.spell = a.spell
    WHERE a.s < kid.twelve""",
        "LOC-3": f"""SELECT 'LOC-3' AS aim, a.child_id, a.s, a.x, a.s + 182 AS due,
      {first("'PPM_DECISION'", "a")} AS stop,
      CASE WHEN pathway.route IN ('KINSHIP', 'HOME') THEN 1 ELSE 0 END AS gone
    FROM accommodated a JOIN pathway ON pathway.child_id = a.child_id""",
        "LOC-4": f"""SELECT 'LOC-4' AS aim, child_id, s, x, {to_day(date(2025, 10, 31))} AS due, stop, 0 AS gone
    FROM recommended WHERE spell_s < {to_day(date(2024, 11, 1))} AND x >= {to_day(date(2024, 11, 1))}
      AND (stop IS NULL OR stop >= {to_day(date(2024, 11, 1))})""",
    }
    return f"""
WITH kid AS (
  SELECT id, {sql.day("date_of_birth")} AS born, {sql.birthday("date_of_birth", 1)} AS one,
         {sql.birthday("date_of_birth", 12)} AS twelve, {sql.birthday("date_of_birth", 18)} AS eighteen
  FROM children_child WHERE {whose}
), ep AS (
  SELECT e.id, e.child_id, {sql.day("e.start")} AS s,
         CASE WHEN {sql.day('e."end"')} <= {today} THEN {sql.day('e."end"')} ELSE {FAR} END AS e, kid.eighteen
  FROM children_careepisode e JOIN kid ON kid.id = e.child_id WHERE {sql.day("e.start")} <= {today}
), lv AS (
  SELECT m.id, m.child_id, m.kind, {on} AS d, m.route, m.outcome
  FROM milestones_milestone m JOIN kid ON kid.id = m.child_id
  WHERE m.voided_on IS NULL AND m.precision = 'day' AND {on} <= {today}
    AND m.kind IN ('PERM_REC', 'ADM_DECISION', 'RETURN_HOME')
), pl AS (
  SELECT p.id, p.child_id, p.placement_type_id AS type, {sql.day("p.start")} AS s,
         CASE WHEN {sql.day('p."end"')} <= {today} THEN {sql.day('p."end"')} ELSE {FAR} END AS e
  FROM children_placement p JOIN kid ON kid.id = p.child_id
  WHERE NOT p.short_break AND {sql.day("p.start")} <= {today}
), candidate AS (
  SELECT 0 AS recorded, id, child_id, type = 'HOME_PARENT' AS home, s, e FROM pl
  UNION ALL SELECT 1, id, child_id, 1 = 1, d, d FROM lv WHERE kind = 'RETURN_HOME'
), entry AS (
  SELECT * FROM (
    SELECT c.*, ep.id AS ep, ep.e AS ep_e, ep.eighteen,
           ROW_NUMBER() OVER (PARTITION BY c.recorded, c.id ORDER BY ep.s DESC, ep.id DESC) AS nth
    FROM candidate c JOIN ep ON ep.child_id = c.child_id AND ep.s <= c.s
  ) x WHERE nth = 1 AND s <= ep_e
), walked AS (
  SELECT *, LAG(home) OVER w AS before,
         MIN(CASE WHEN home THEN s END) OVER (PARTITION BY ep ORDER BY s, e, recorded, id
           ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_home
  FROM entry WINDOW w AS (PARTITION BY ep ORDER BY s, e, recorded, id)
), away AS (
  SELECT ROW_NUMBER() OVER (ORDER BY w.child_id, w.s, w.id) AS spell, w.child_id, w.s,
         {sql.least}(COALESCE(next_home, ep_e),
           {leaving("w", "w.eighteen")}
         ) AS x
  FROM walked w
  WHERE NOT home AND (before IS NULL OR before)
), cso AS (
  SELECT l.child_id, {sql.day("l.start")} AS s,
         CASE WHEN {sql.day('l."end"')} <= {today} THEN {sql.day('l."end"')} ELSE {FAR} END AS e
  FROM children_legalbasis l JOIN kid ON kid.id = l.child_id
  WHERE l.measure_id = 'CSO' AND {sql.day("l.start")} <= {today}
), cso_marked AS (
  SELECT *, CASE WHEN s <= MAX(e) OVER (PARTITION BY child_id ORDER BY s, e
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 THEN 0 ELSE 1 END AS fresh FROM cso
), cso_block AS (
  SELECT child_id, MIN(s) AS s, MAX(e) AS e FROM (
    SELECT *, SUM(fresh) OVER (PARTITION BY child_id ORDER BY s, e) AS block FROM cso_marked
  ) x GROUP BY child_id, block
), home_entry AS (
  SELECT ep, child_id, s, {sql.least}(e, ep_e) AS e FROM entry WHERE home AND recorded = 0
), home_marked AS (
  SELECT *, CASE WHEN s <= MAX(e) OVER (PARTITION BY ep ORDER BY s, e
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 THEN 0 ELSE 1 END AS fresh FROM home_entry
), home_block AS (
  SELECT ep, child_id, MIN(s) AS s, MAX(e) AS e FROM (
    SELECT *, SUM(fresh) OVER (PARTITION BY ep ORDER BY s, e) AS block FROM home_marked
  ) x GROUP BY ep, child_id, block
), at_home AS (
  SELECT b.child_id, CASE WHEN h.s > b.s THEN h.s ELSE b.s END AS s, {sql.least}(h.e, b.e) AS e
  FROM home_block h JOIN cso_block b ON b.child_id = h.child_id AND h.s <= b.e AND b.s <= h.e
), at_home_spell AS (
  SELECT a.child_id, a.s, {sql.least}(a.e,
           {leaving("a", "kid.eighteen")}
         ) AS x
  FROM at_home a JOIN kid ON kid.id = a.child_id
), rec AS (
  SELECT away.spell, away.child_id, away.x, lv.id, lv.d, lv.route,
         SUM(CASE WHEN lv.route <> '' THEN 1 ELSE 0 END) OVER (PARTITION BY away.spell ORDER BY lv.d, lv.id) AS known
  FROM lv JOIN away ON away.child_id = lv.child_id AND lv.d BETWEEN away.s AND away.x WHERE lv.kind = 'PERM_REC'
), rec_filled AS (
  SELECT spell, child_id, x, id, d, MAX(route) OVER (PARTITION BY spell, known) AS route FROM rec
), rec_turn AS (
  SELECT *, LAG(route) OVER (PARTITION BY spell ORDER BY d, id) AS was FROM rec_filled
), rec_clock AS (
  SELECT child_id, route, d AS s, COALESCE(LEAD(d) OVER (PARTITION BY spell ORDER BY d, id), x) AS x
  FROM rec_turn WHERE was IS NULL OR was <> route
), plan AS (
  SELECT away.spell, away.child_id, away.x, lv.id, lv.d, lv.kind = 'ADM_DECISION' AS adm, lv.outcome, lv.route,
         SUM(CASE WHEN lv.kind = 'PERM_REC' AND lv.route <> '' THEN 1 ELSE 0 END)
           OVER (PARTITION BY away.spell ORDER BY lv.d, lv.kind = 'ADM_DECISION', lv.id) AS known
  FROM lv JOIN away ON away.child_id = lv.child_id AND lv.d BETWEEN away.s AND away.x
  WHERE lv.kind IN ('PERM_REC', 'ADM_DECISION')
), plan_filled AS (
  SELECT spell, child_id, x, id, d, adm, outcome, route,
         MAX(CASE WHEN NOT adm THEN route ELSE '' END) OVER (PARTITION BY spell, known) AS recommended FROM plan
), plan_routed AS (
  SELECT spell, child_id, x, id, d, adm, outcome, recommended,
         CASE WHEN route = '' THEN recommended ELSE route END AS route,
         SUM(CASE WHEN adm AND outcome = 'approved' THEN 1 ELSE 0 END)
           OVER (PARTITION BY spell ORDER BY d, adm, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS approvals
  FROM plan_filled
), approval AS (
  SELECT spell, route, COALESCE(approvals, 0) + 1 AS nth FROM plan_routed WHERE adm AND outcome = 'approved'
), plan_broken AS (
  SELECT p.*, a.route AS approved_before,
         CASE WHEN (p.adm AND p.outcome = 'refused')
                OR (NOT p.adm AND p.recommended <> '' AND a.route IS NOT NULL AND p.recommended <> a.route)
              THEN 1 ELSE 0 END AS breaks
  FROM plan_routed p LEFT JOIN approval a ON a.spell = p.spell AND a.nth = p.approvals
), plan_counted AS (
  SELECT *, SUM(breaks) OVER (PARTITION BY spell ORDER BY d, adm, id) AS broken FROM plan_broken
), plan_turn AS (
  SELECT c.*, CASE WHEN adm AND outcome = 'approved' AND (approved_before IS NULL OR approved_before <> route
      OR broken <> MAX(CASE WHEN adm AND outcome = 'approved' THEN broken END) OVER (PARTITION BY spell
           ORDER BY d, adm, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) THEN 1 ELSE 0 END AS begins
  FROM plan_counted c
), adm_clock AS (
  SELECT child_id, route, s, x FROM (
    SELECT child_id, route, begins, d AS s, COALESCE(LEAD(d) OVER (PARTITION BY spell ORDER BY d, adm, id), x) AS x
    FROM plan_turn WHERE begins = 1 OR breaks = 1
  ) t WHERE begins = 1
), accommodated AS (
  SELECT a.spell, a.child_id, a.s AS spell_s, a.x, COALESCE({sql.day("t.first_accommodated_on")}, a.s) AS s
  FROM away a LEFT JOIN milestones_milestone t ON t.child_id = a.child_id AND t.kind = 'LA_TRANSFER_IN'
    AND t.voided_on IS NULL AND t.precision = 'day' AND {sql.day("t.happened_on")} = a.s
  WHERE t.id IS NULL OR {sql.day("t.first_accommodated_on")} <= a.s
), before_birth AS (
  SELECT a.spell, MIN({on}) AS d
  FROM accommodated a JOIN kid ON kid.id = a.child_id AND a.spell_s < kid.one
  JOIN milestones_milestone m ON m.child_id = a.child_id AND m.kind IN ('PERM_REC', 'PERM_DECISION')
    AND m.voided_on IS NULL AND m.precision = 'day' AND {on} <= {today}
    AND {on} < a.spell_s AND (m.pre_birth OR a.spell_s - {on} <= 280)
  LEFT JOIN away b ON b.child_id = a.child_id AND b.s < a.spell_s AND {on} BETWEEN b.s AND b.x
  WHERE b.spell IS NULL
  GROUP BY a.spell
), recommended AS (
  SELECT a.spell, a.child_id, a.s, a.x, a.spell_s, COALESCE(b.d, {first("'PERM_REC'", "a")}) AS stop
  FROM accommodated a LEFT JOIN before_birth b ON b.spell = a.spell
), pathway AS (
  SELECT kid.id AS child_id, COALESCE(
    (SELECT m.route FROM milestones_milestone m WHERE m.child_id = kid.id AND m.kind IN ('PERM_REC', 'PPM_DECISION')
      AND m.voided_on IS NULL AND m.route <> '' AND {on} <= {today} ORDER BY m.happened_on DESC, m.id DESC LIMIT 1),
    CASE WHEN (SELECT p.placement_type_id FROM children_placement p WHERE p.child_id = kid.id AND NOT p.short_break
      AND {sql.day("p.start")} <= {today} ORDER BY p.start DESC, p.id DESC LIMIT 1) = 'KIN'
      THEN 'KINSHIP' END, '') AS route
  FROM kid
), clock AS (
  {" UNION ALL ".join(clocks[aim] for aim in aims)}
)
SELECT aim, CASE
    WHEN gone = 1 THEN 'EXCLUDED'
    WHEN stop IS NOT NULL AND stop <= due THEN 'MET'
    WHEN stop IS NOT NULL OR (x < {FAR} AND x > due) THEN 'MISSED'
    WHEN x < {FAR} THEN 'EXITED'
    WHEN {today} > due THEN 'OVERDUE'
    ELSE 'WAITING' END AS state, COUNT(*)
FROM clock GROUP BY 1, 2 ORDER BY 1, 2
"""
