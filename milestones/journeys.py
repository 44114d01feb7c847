"""The journey table: everything the clocks need of many children, in a fixed number of queries.

`load_journeys` reads; `Journeys` shows what had happened up to a day, by today's knowledge. All figures, lists and
exports fold over this one table.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from children.codes import CSO, HOME_PARENT
from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.catalogue import Precision
from milestones.clocks.days import NOT_KNOWN, OPEN
from milestones.clocks.limits import to_day
from milestones.clocks.spells import (
    LeavingEvents,
    at_home_spells,
    away_spells,
    looked_after_spells,
    place_in_episodes,
    sort_episodes,
    supervision_spells,
)
from milestones.day_number import DayNumber
from milestones.models import Milestone

# Kinds that every clock needs, whatever its aim names.
LEAVING_KINDS = frozenset({"RETURN_HOME", "LA_TRANSFER_OUT", "LA_TRANSFER_IN", "DEATH"})
# Kinds that say on which pathway a child is.
PATHWAY_KINDS = frozenset({"PERM_REC", "PPM_DECISION"})
TEXT_COLUMNS = frozenset({"code", "local_ref", "type", "kind", "precision", "route", "outcome", "review_kind"})


Made = TypeVar("Made")


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


@dataclass(frozen=True)
class Journeys:
    """What had happened to some children up to the end of the day `as_at`."""

    as_at: date
    everything: JourneyRows

    def on(self, day: date) -> "Journeys":
        """The same children as at another day, by today's knowledge."""
        return self if day == self.as_at else Journeys(as_at=day, everything=self.everything)

    @cached_property
    def today(self) -> int:
        return to_day(self.as_at)

    @property
    def children(self) -> pd.DataFrame:
        return self.everything.children

    @cached_property
    def births(self) -> np.ndarray:
        """Day of birth of each child, or the expected one; `NOT_KNOWN` where neither is recorded."""
        return self.children["birth"].to_numpy(dtype=np.int64)

    @cached_property
    def episodes(self) -> pd.DataFrame:
        return sort_episodes(self._begun(self.everything.episodes))

    @cached_property
    def placements(self) -> pd.DataFrame:
        """Placements begun by `as_at`, short breaks included."""
        return self._begun(self.everything.placements)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events up to `as_at`, with `order` as recorded and `exact` (the day is known); undated ones included."""
        events = self.everything.events
        events = events.assign(
            order=np.arange(len(events)), exact=(events["precision"] == Precision.DAY) & (events["day"] != NOT_KNOWN)
        )
        return events[events["day"].to_numpy() <= self.today]

    @cached_property
    def _remembered(self) -> dict[Hashable, Any]:
        return {}

    def once(self, what: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once: many clocks ask for the same, and none of them changes it."""
        if what not in self._remembered:
            self._remembered[what] = make()
        made: Made = self._remembered[what]
        return made

    def events_of(self, kinds: Collection[str]) -> pd.DataFrame:
        return self.once(
            ("events", frozenset(kinds)), lambda: self.events[self.events["kind"].isin(kinds).to_numpy(dtype=bool)]
        )

    def exact_events_of(self, kinds: Collection[str]) -> pd.DataFrame:
        events = self.events_of(kinds)
        return self.once(("exact events", frozenset(kinds)), lambda: events[events["exact"].to_numpy(dtype=bool)])

    @cached_property
    def placed(self) -> pd.DataFrame:
        """Placements in their episodes, short breaks included, with `home`."""
        placed = place_in_episodes(self.placements, self.episodes)
        return placed.assign(home=(placed["type"] == HOME_PARENT).to_numpy(dtype=bool))

    @cached_property
    def lasting_placed(self) -> pd.DataFrame:
        """`placed` without short breaks."""
        return self.placed[~self.placed["short_break"].to_numpy(dtype=bool)]

    @cached_property
    def leaving(self) -> LeavingEvents:
        return LeavingEvents.of(
            transfers=self.exact_events_of(["LA_TRANSFER_OUT"]),
            deaths=self.exact_events_of(["DEATH"]),
            births=self.births,
            as_at=self.today,
        )

    @cached_property
    def away_spells(self) -> pd.DataFrame:
        returns = self.exact_events_of(["RETURN_HOME"])
        days = returns["day"].to_numpy()
        entries = pd.DataFrame({"child": returns["child"].to_numpy(), "start": days, "end": days})
        return away_spells(
            self.lasting_placed[["child", "start", "end", "episode", "home"]],
            place_in_episodes(entries, self.episodes),
            self.episodes,
            self.leaving,
        )

    @cached_property
    def supervision(self) -> pd.DataFrame:
        """Compulsory supervision orders begun by `as_at`."""
        return self._begun(self.everything.supervision)

    @cached_property
    def supervision_spells(self) -> pd.DataFrame:
        return supervision_spells(self.supervision, self.episodes, self.leaving)

    @cached_property
    def at_home_spells(self) -> pd.DataFrame:
        return at_home_spells(self.lasting_placed, self.supervision, self.episodes, self.leaving)

    @cached_property
    def looked_after_spells(self) -> pd.DataFrame:
        return looked_after_spells(self.episodes, self.leaving)

    @cached_property
    def latest_placement_type(self) -> np.ndarray:
        """Type of each child's latest placement begun by `as_at`, short breaks aside; "" without one."""
        lasting = self.placements[~self.placements["short_break"].to_numpy(dtype=bool)]
        return self._last_of_each_child(lasting, by="start", value="type")

    @cached_property
    def latest_route(self) -> np.ndarray:
        """Route of each child's latest recommendation or planning-meeting decision; "" without one."""
        routed = self.events_of(PATHWAY_KINDS)
        routed = routed[(routed["route"] != "").to_numpy() & (routed["day"] != NOT_KNOWN).to_numpy()]
        return self._last_of_each_child(routed, by="day", value="route")

    def _begun(self, stretches: pd.DataFrame) -> pd.DataFrame:
        """Stretches begun by `as_at`; an end after it is not known yet."""
        begun = stretches[stretches["start"].to_numpy() <= self.today].reset_index(drop=True)
        end = begun["end"].to_numpy()
        return begun.assign(end=np.where(end > self.today, OPEN, end))

    def _last_of_each_child(self, rows: pd.DataFrame, *, by: str, value: str) -> np.ndarray:
        ordered = rows.iloc[np.lexsort((rows[by], rows["child"]))]
        child = ordered["child"].to_numpy()
        last = np.ones(len(ordered), dtype=bool)
        last[:-1] = child[1:] != child[:-1]
        found = np.full(len(self.children), "", dtype=object)
        found[child[last]] = ordered[value].to_numpy()[last]
        return found


def load_journeys(children: QuerySet[Child], as_at: date, *, kinds: Collection[str] | None = None) -> Journeys:
    """Read what the clocks need of `children`, in five queries; `kinds` limits the events read to those named."""
    mine = children.order_by().values("pk")
    child_frame = _frame(
        children.order_by("pk"),
        id="pk",
        code="code",
        local_ref="local_ref",
        family=Coalesce("family_id", Value(0)),
        authority="authority_id",
        birth=Coalesce(DayNumber("date_of_birth"), DayNumber("expected_on"), Value(NOT_KNOWN)),
    )
    ids = child_frame["id"].to_numpy(dtype=np.int64)
    end = Coalesce(DayNumber("end"), Value(OPEN))
    milestones = (
        Milestone.objects.standing().filter(child__in=mine).exclude(happened_on__isnull=True, precision=Precision.DAY)
    )
    if kinds is not None:
        milestones = milestones.filter(kind__in=sorted(LEAVING_KINDS | PATHWAY_KINDS | set(kinds)))
    rows = JourneyRows(
        children=child_frame,
        episodes=_of_children(
            CareEpisode.objects.standing().filter(child__in=mine), ids, start=DayNumber("start"), end=end
        ),
        placements=_of_children(
            Placement.objects.standing().filter(child__in=mine),
            ids,
            start=DayNumber("start"),
            end=end,
            type="placement_type_id",
            short_break="short_break",
        ),
        supervision=_of_children(
            LegalBasis.objects.standing().filter(child__in=mine, measure=CSO), ids, start=DayNumber("start"), end=end
        ),
        events=_of_children(
            milestones,
            ids,
            kind="kind",
            day=Coalesce(DayNumber("happened_on"), Value(NOT_KNOWN)),
            precision="precision",
            route="route",
            outcome="outcome",
            review_kind="review_kind",
            pre_birth="pre_birth",
            first_accommodated=Coalesce(DayNumber("first_accommodated_on"), Value(OPEN)),
        ),
    )
    return Journeys(as_at=as_at, everything=rows)


def _of_children(queryset: QuerySet[Any], ids: np.ndarray, **columns: Any) -> pd.DataFrame:
    frame = _frame(queryset.order_by("pk"), child="child_id", **columns)
    return frame.assign(child=np.searchsorted(ids, frame["child"].to_numpy(dtype=np.int64)))


def _frame(queryset: QuerySet[Any], **columns: Any) -> pd.DataFrame:
    """Read the named columns into a frame, past the model layer: rows arrive as plain tuples."""
    annotations = {f"_{name}": column for name, column in columns.items() if not isinstance(column, str)}
    names = [column if isinstance(column, str) else f"_{name}" for name, column in columns.items()]
    try:
        sql, params = queryset.annotate(**annotations).values_list(*names).query.sql_with_params()
    except EmptyResultSet:  # a scope that reaches nobody needs no query
        rows = []
    else:
        with connections[queryset.db].cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
    arrays = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pd.DataFrame(
        {
            name: np.array(values, dtype=object if name in TEXT_COLUMNS else np.int64)
            for name, values in zip(columns, arrays, strict=True)
        }
    )
