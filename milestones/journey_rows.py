"""The stored rows that clocks need, read as frames past the model layer, in a fixed number of queries."""

import sys
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from children.caseload import ChildQuerySet
from children.codes import CSO
from children.models import CareEpisode, LegalBasis, Placement
from milestones.catalogue import Precision
from milestones.clocks.days import NOT_KNOWN, OPEN
from milestones.day_number import DayNumber
from milestones.models import Milestone
from milestones.without_index import WithoutIndex
from pace_site.config.garbage import nothing_collected

Column = str | Combinable
OWN_WORDS = frozenset({"code", "local_ref"})
# The same few words in many rows, which share one string each.
SHARED_WORDS = frozenset({"type", "kind", "precision", "route", "outcome", "review_kind"})


# Of more kinds than these it is quicker to look through all that a child has than for each kind anew.
FEW_KINDS = 6


@dataclass(frozen=True)
class JourneyRows:
    """The stored rows as frames; `child` is a row number of `children`, days are numbers, each in recorded order.

    children: id, code, local_ref, family, authority, birth. episodes: child, start, end. placements: child, start, end,
    type, short_break. supervision: child, start, end. events: child, kind, day, precision, route, outcome, review_kind,
    pre_birth, first_accommodated; an event without a date has day `NOT_KNOWN`.
    """

    children: pd.DataFrame
    episodes: pd.DataFrame
    placements: pd.DataFrame
    supervision: pd.DataFrame
    events: pd.DataFrame

    @property
    def bytes(self) -> int:
        return sum(bytes_of(getattr(self, field.name)) for field in fields(self))


def rows_of(everything: JourneyRows, keys: np.ndarray) -> JourneyRows:
    """The rows of the children with these keys."""
    mine = np.isin(everything.children["id"].to_numpy(dtype=np.int64), keys)
    row = np.cumsum(mine) - 1
    parts = {"children": everything.children[mine].reset_index(drop=True)}
    for field in fields(everything):
        if field.name != "children":
            frame = getattr(everything, field.name)
            child = frame["child"].to_numpy()
            kept = mine[child]
            parts[field.name] = frame[kept].assign(child=row[child[kept]]).reset_index(drop=True)
    return JourneyRows(**parts)


def read_people(children: ChildQuerySet) -> dict[str, pd.DataFrame]:
    """The frames of `JourneyRows` but for the events."""
    child_frame = _frame(
        children.order_by("pk"),
        id="pk",
        code="code",
        local_ref="local_ref",
        family=Coalesce("family_id", Value(0)),
        authority="authority_id",
        birth=Coalesce(DayNumber("date_of_birth"), DayNumber("expected_on"), Value(NOT_KNOWN)),
    )
    mine = children.known(child_frame["id"].tolist()).order_by().values("pk")
    end = Coalesce(DayNumber("end"), Value(OPEN))
    of_children = partial(_of_children, child_frame)
    return {
        "children": child_frame,
        "episodes": of_children(
            CareEpisode.objects.standing().filter(child__in=mine), start=DayNumber("start"), end=end
        ),
        "placements": of_children(
            Placement.objects.standing().filter(child__in=mine),
            start=DayNumber("start"),
            end=end,
            type="placement_type_id",
            short_break="short_break",
        ),
        "supervision": of_children(
            LegalBasis.objects.standing().filter(child__in=mine, measure=CSO), start=DayNumber("start"), end=end
        ),
    }


def read_events(children: ChildQuerySet, kinds: Collection[str] | None) -> pd.DataFrame:
    """The events with their keys, of children by key."""
    milestones = Milestone.objects.standing().filter(child__in=children.order_by().values("pk"))
    milestones = milestones.exclude(happened_on__isnull=True, precision=Precision.DAY)
    if kinds is not None:
        name = "kind" if len(kinds) <= FEW_KINDS else "any_kind"
        milestones = milestones.alias(any_kind=WithoutIndex("kind")).filter(**{f"{name}__in": sorted(kinds)})
    return _frame(
        milestones.order_by("pk"),
        child="child_id",
        pk="pk",
        kind="kind",
        day=Coalesce(DayNumber("happened_on"), Value(NOT_KNOWN)),
        precision="precision",
        route="route",
        outcome="outcome",
        review_kind="review_kind",
        pre_birth="pre_birth",
        first_accommodated=Coalesce(DayNumber("first_accommodated_on"), Value(OPEN)),
    )


def _of_children(child_frame: pd.DataFrame, queryset: QuerySet[Any], **columns: Column) -> pd.DataFrame:
    return placed(_frame(queryset.order_by("pk"), child="child_id", **columns), child_frame)


def placed(rows: pd.DataFrame, child_frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with their child by its row instead of its key, without those of a child that came while we read."""
    ids, keys = child_frame["id"].to_numpy(dtype=np.int64), rows["child"].to_numpy(dtype=np.int64)
    row = np.searchsorted(ids, keys)
    known = row < len(ids)
    known[known] = ids[row[known]] == keys[known]
    numbered = rows.assign(child=row)
    return numbered if known.all() else numbered[known].reset_index(drop=True)


def _frame(queryset: QuerySet[Any], **columns: Column) -> pd.DataFrame:
    """Read the named columns into a frame, past the model layer: rows arrive as plain tuples."""
    annotations = {f"_{name}": column for name, column in columns.items() if not isinstance(column, str)}
    names = [column if isinstance(column, str) else f"_{name}" for name, column in columns.items()]
    try:
        sql, params = queryset.annotate(**annotations).values_list(*names).query.sql_with_params()
    except EmptyResultSet:  # a scope that reaches nobody needs no query
        rows = []
    else:
        with nothing_collected(), connections[queryset.db].cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
    arrays = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pd.DataFrame({name: _array(name, values) for name, values in zip(columns, arrays, strict=True)})


def _array(name: str, values: tuple[Any, ...]) -> np.ndarray:
    if name in SHARED_WORDS:
        return np.array(list(map(sys.intern, values)), dtype=object)
    return np.array(values, dtype=object if name in OWN_WORDS else np.int64)


def bytes_of(frame: pd.DataFrame) -> int:
    """About how much memory a frame takes; the strings that rows share are not counted."""
    return int(frame.memory_usage(index=False).sum()) + 60 * len(frame) * len(OWN_WORDS & {*frame.columns})
