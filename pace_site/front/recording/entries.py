"""Entries: every form of recording, where it stands in the menu, and which make sense for a child now."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from children.codes import HOME_PARENT
from milestones.catalogue import BY_CODE
from milestones.clocks.states import State
from milestones.desks import DESKS
from milestones.journeys import Journeys
from milestones.steps import BY_CODE as STEPS
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.front.recording.care_forms import (
    LeavingCareForm,
    LegalBasisForm,
    LookedAfterForm,
    PlacementForm,
    ReturnHomeForm,
)
from pace_site.front.recording.entry_forms import EntryForm
from pace_site.front.recording.milestone_forms import MilestoneForm, PanelForm, ReviewForm


@dataclass(frozen=True)
class Entry:
    """One form of recording; `for_siblings` when the same day may be recorded for several children."""

    slug: str
    label: str
    permission: Permission
    form: Callable[..., EntryForm]
    kind: str = ""

    @property
    def for_siblings(self) -> bool:
        return bool(self.kind)


CARE = (
    Entry("looked-after", "Becoming looked after", Permission.RECORD_CARE, LookedAfterForm),
    Entry("placement", "Placement or move", Permission.RECORD_CARE, PlacementForm),
    Entry("return-home", "Return home to parents", Permission.RECORD_CARE, ReturnHomeForm),
    Entry("legal-basis", "Legal basis", Permission.RECORD_COURT, LegalBasisForm),
    Entry("leaving-care", "Leaving care", Permission.RECORD_CARE, LeavingCareForm),
)
FORM_OF = {"REVIEW": ReviewForm, "PANEL_PRESENTED": PanelForm}


def _of_kind(kind: str, permission: Permission) -> Entry:
    form = FORM_OF.get(kind, MilestoneForm)
    return Entry(slug_of(kind), BY_CODE[kind].label, permission, partial(form, kind=kind), kind)


def slug_of(kind: str) -> str:
    """The address of the form of a kind: perm-rec."""
    return kind.lower().replace("_", "-")


GROUPS = (
    ("Care", CARE),
    *((desk.label, tuple(_of_kind(kind, desk.permission) for kind in desk.kinds)) for desk in DESKS),
)
ENTRIES = {entry.slug: entry for _label, entries in GROUPS for entry in entries}


def groups_for(user: User) -> list[tuple[str, list[Entry]]]:
    """All forms that a person may use, by heading."""
    groups = [(label, [entry for entry in entries if can(user, entry.permission)]) for label, entries in GROUPS]
    return [(label, entries) for label, entries in groups if entries]


# What is usually recorded before or after a milestone that is waited for.
ALONG_WITH = {
    "REC": ("LEGAL_ADVICE_REQ", "LEGAL_ADVICE_REC", "PCA_START", "KIN_ASSESS_START"),
    "PANEL": ("MEDICAL", "REPORT_CAPR", "REPORT_S80", "PERM_REC"),
    "COURT": ("HEARING_REFERRED", "ADVICE_HEARING"),
}
LODGED_WITHOUT_END = ("ORDER_GRANTED", "ORDER_REFUSED", "APPLICATION_WITHDRAWN")


def sensible_for(user: User, journeys: Journeys, steps) -> list[Entry]:
    """The forms that make sense for the one child of `journeys` now, the most pressing first; `steps` are its own."""
    slugs = []
    running = steps[steps["state"].isin([State.WAITING, State.OVERDUE]).to_numpy(dtype=bool)]
    for code in running.sort_values("due")["step"]:
        slugs += [slug_of(kind) for kind in (STEPS[code].kind, *ALONG_WITH.get(code, ()))]
    episodes = journeys.episodes
    looked_after = bool((episodes["end"].to_numpy() > journeys.today).any()) if len(episodes) else False
    if looked_after:
        at_home = journeys.latest_placement_type[0] == HOME_PARENT
        slugs += ["review", "placement", *(() if at_home else ("return-home",)), "legal-basis"]
        happened = set(journeys.events["kind"])
        if "COURT_LODGED" in happened and not happened & set(LODGED_WITHOUT_END):
            slugs += [slug_of(kind) for kind in LODGED_WITHOUT_END]
        if "ORDER_GRANTED" in happened:
            slugs += ["final-placement"]
        slugs += ["leaving-care"]
    else:
        slugs += ["looked-after", "referral-first", "reporter-referral"]
    return [ENTRIES[slug] for slug in dict.fromkeys(slugs) if can(user, ENTRIES[slug].permission)]
