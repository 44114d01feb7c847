"""The journey table: everything the clocks need of many children, in a fixed number of queries.

`load_journeys` reads; `Journeys` shows what had happened up to a day, by today's knowledge. All figures, lists and
exports fold over this one table.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from django.conf import settings

from children.caseload import ChildQuerySet
from children.codes import HOME_PARENT
from children.models import Child
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
from milestones.journey_rows import JourneyRows, bytes_of, placed, read_events, read_people, rows_of
from milestones.kept_journeys import KEPT, Revision, once_of, revision_of
from milestones.models import Milestone

# Kinds that every clock needs, whatever its aim names.
LEAVING_KINDS = frozenset({"RETURN_HOME", "LA_TRANSFER_OUT", "LA_TRANSFER_IN", "DEATH"})
# Kinds that say on which pathway a child is.
PATHWAY_KINDS = frozenset({"PERM_REC", "PPM_DECISION"})
# What is reckoned from the rows (spells, events by kind) is about so many times as large as they are.
RECKONED = 2

Made = TypeVar("Made")


@dataclass(frozen=True)
class Journeys:
    """What had happened to some children up to the end of the day `as_at`.

    Where they are kept in memory `revision` says which state of the authority's rows this is, and `part` which of its
    children these are, empty for all. `kinds` are those of the milestones that were read, None for all.
    """

    as_at: date
    everything: JourneyRows
    kinds: frozenset[str] | None = None
    revision: Revision | None = None
    part: bytes = b""

    def on(self, day: date) -> "Journeys":
        """The same children as at another day, by today's knowledge."""
        return self if day == self.as_at else replace(self, as_at=day)

    def kept(
        self, name: Hashable, make: Callable[[], Made], *, kinds: Collection[str], size: Callable[[Made], int]
    ) -> Made:
        """What `make` reckons from milestones of `kinds`: kept for others while the authority's rows stay as they are.

        Not kept where not all of those kinds were read.
        """
        knows_enough = self.kinds is None or self.kinds >= {*kinds}
        return once_of(self.revision if knows_enough else None, (self.part, self.as_at, name), make, size=size)

    def only(self, keys: np.ndarray) -> "Journeys":
        """The journeys of those of these children whose keys are among `keys`, which are sorted."""
        if np.array_equal(keys, self.children["id"].to_numpy(dtype=np.int64)):
            return self
        part = sha256(keys.tobytes()).digest()
        return once_of(
            self.revision,
            ("journeys", part, self.as_at, self.kinds),
            lambda: replace(self, everything=rows_of(self.everything, keys), part=part),
            size=lambda found: (1 + RECKONED) * found.everything.bytes,
        )

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
        number, names = self._kinds_by_number
        found: pd.DataFrame = self.once(
            ("events", frozenset(kinds)), lambda: self.events[np.isin(names, [*kinds])[number]]
        )
        return found

    @cached_property
    def _kinds_by_number(self) -> tuple[np.ndarray, np.ndarray]:
        """The kind of each event as a number, and the kinds by their numbers: numbers are compared once and fast."""
        number, names = pd.factorize(self.events["kind"].to_numpy(dtype=object))
        return number, names.astype(str)

    @cached_property
    def reference_order(self) -> np.ndarray:
        """The place of each child's council reference among all of them; equal ones have the same."""
        return np.unique(self.children["local_ref"].to_numpy(dtype=object), return_inverse=True)[1]

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
    def away_since(self) -> np.ndarray:
        """Since which day each child who is away from home has been away; `OPEN` for others."""
        spells = self.away_spells
        still = spells["exit"].to_numpy() == OPEN
        found = np.full(len(self.children), OPEN, dtype=np.int64)
        found[spells["child"].to_numpy()[still]] = spells["start"].to_numpy()[still]
        return found

    @cached_property
    def living(self) -> np.ndarray:
        """Type of the latest placement that is in force at the end of `as_at`, short breaks aside; "" without one.

        The same as `children.filters.with_care_on` says of children who are looked after.
        """
        placements = self.placements
        lasting = ~placements["short_break"].to_numpy(dtype=bool) & (placements["end"].to_numpy() == OPEN)
        return self._last_of_each_child(placements[lasting], by="start", value="type")

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


def load_journeys(
    children: ChildQuerySet,
    as_at: date,
    *,
    kinds: Collection[str] | None = None,
    within: int | None = None,
    part_of: int | None = None,
    keys: Collection[int] | None = None,
) -> Journeys:
    """Read what the clocks need of `children`, in five queries; `kinds` limits the events read to those named.

    Of a whole authority what was read before is taken from memory while its revision stands (ADR 0031): one query.
    `within` says that these are many of the children of one authority: then they are taken from its journeys, and who
    they are is asked of the database as ever; `part_of` that they are some of them, for whom the authority is not
    read, but used if it is in memory. `keys` are the keys of `children`, where they were asked for already.
    """
    wanted = None if kinds is None else LEAVING_KINDS | PATHWAY_KINDS | {*kinds}
    if wanted is not None and (kept := _kept_journeys(children, as_at, wanted)) is not None:
        return kept
    authority = within or part_of or children.part_of
    if wanted is not None and authority is not None and children.whole_of is None:
        everybody = Child.objects.using(children.db).of_whole(authority)
        whole = _kept_journeys(everybody, as_at, wanted, reads=within is not None)
        if whole is not None:
            if keys is None:
                keys = children.order_by().values_list("pk", flat=True)
            return whole.only(np.array(sorted(keys), dtype=np.int64))
    people = read_people(children)
    read = read_events(children.known(people["children"]["id"].tolist()), wanted)
    rows = JourneyRows(**people, events=placed(read, people["children"]).drop(columns="pk"))
    return Journeys(as_at=as_at, everything=rows, kinds=wanted)


def _kept_journeys(
    children: ChildQuerySet, as_at: date, kinds: frozenset[str], *, reads: bool = True
) -> Journeys | None:
    """The journeys of a whole authority, from memory as far as they are there.

    None for other children, where nothing vouches for a revision, when somebody wrote while it was read, and where
    there is something to be read and not `reads`.
    """
    authority = children.whole_of
    if authority is None or Milestone.objects.all().db != children.db:
        return None
    if not reads and not KEPT.knows(authority):
        return None
    revision = revision_of(authority, using=children.db)
    if revision is None:
        return None
    name = ("journeys", as_at, kinds)
    journeys: Journeys | None = KEPT.find(revision, name)
    if journeys is None:
        if not reads and any(KEPT.find(revision, part) is None for part in ("people", *_names(kinds))):
            return None
        rows = _kept_rows(children, kinds, revision)
        if rows is None:
            return None
        journeys = Journeys(as_at=as_at, everything=rows, kinds=kinds, revision=revision)
        _keep(revision, name, journeys, RECKONED * rows.bytes)
    return journeys


def _kept_rows(children: ChildQuerySet, kinds: frozenset[str], revision: Revision) -> JourneyRows | None:
    """The rows of a revision: what is not in memory is read, and kept if nobody wrote meanwhile, else None."""
    people: dict[str, pd.DataFrame] | None = KEPT.find(revision, "people")
    events = {kind: KEPT.find(revision, name) for kind, name in zip(kinds, _names(kinds), strict=True)}
    missing = {kind for kind, frame in events.items() if frame is None}
    is_new = people is None
    if people is None:
        people = read_people(children)
    read = read_events(children, missing) if missing else None
    if (is_new or missing) and revision_of(revision.authority, using=children.db) != revision:
        return None
    if is_new:
        _keep(revision, "people", people, sum(map(bytes_of, people.values())))
    if read is not None:
        read = placed(read, people["children"])
        number, names = pd.factorize(read["kind"].to_numpy(dtype=object))
        number_of = {name: each for each, name in enumerate(names)}
        for kind in missing:
            events[kind] = of_kind = read[number == number_of.get(kind, -2)]
            _keep(revision, ("events", kind), of_kind, bytes_of(of_kind))
    if read is None or missing != kinds:
        read = pd.concat(list(events.values()), ignore_index=True)
        read = read.iloc[np.argsort(read["pk"].to_numpy(), kind="stable")].reset_index(drop=True)
    return JourneyRows(**people, events=read.drop(columns="pk"))


def _names(kinds: Iterable[str]) -> list[Hashable]:
    """Under which names the milestones of these kinds are kept."""
    return [("events", kind) for kind in kinds]


def _keep(revision: Revision, name: Hashable, value: Any, size: int) -> None:
    KEPT.keep(revision, name, value, size=size, most=settings.KEPT_FIGURES_BYTES)
