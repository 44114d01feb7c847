"""What pseudonymisation takes from a record and what it leaves, field by field: the preview and the act read this."""

from dataclasses import dataclass

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.models import Milestone

# What a field without which a row cannot stand says afterwards.
ERASED = "erased"


@dataclass(frozen=True)
class Field:
    """One stored field and what becomes of it."""

    model: type
    name: str
    becomes: str


# What stays, and why: figures need it, and it does not say who the child is.
STAYS = (
    "the pseudonym, sex, team and locality",
    "the dates of care, placements, legal bases and milestones, with their kinds, routes and outcomes",
    "that brothers and sisters belong together",
    "the day of birth only as another day, under which every age that a figure asks for is the same",
    "which children are in a test of change, by pseudonym",
    "who recorded what, and that somebody saw, changed or exported the record, without the values",
)
GOES = (
    "the name",
    "the council reference; a one-way mark of it stays, so that no extract brings the record back",
    "the date of birth, or the expected one",
    "ethnic group and disability",
    "the council's reference of the family",
    "who worked with the child",
    "notes, sources, reasons and the names of recorders of every milestone",
    "outcomes, reviews and orders in other words than the listed ones",
    "carers and providers of placements",
    "every record that was merged into this one, but for the mark of its reference",
    "the words of reviews, requests, restrictions, comparisons with other records and openings by break-glass",
    "what the checks of data quality found, and who accepted it why",
    "before, after and reason of every entry of the audit trail about the child",
    "what records said before the imports of late: none of those can be undone any more",
)

FREE_TEXT = (
    Field(Placement, "provider", ""),
    Field(Placement, "carer", ""),
    Field(Milestone, "source", ""),
    Field(Milestone, "note", ""),
    Field(Milestone, "change_reason", ""),
    Field(Milestone, "recorder", ""),
)
KEPT = (CareEpisode, Placement, LegalBasis, Milestone)

# Every field of the rows of a child that is in no list above, and stays as it is; a test asks for each.
STAYING = {
    Child: {
        "id",
        "authority",
        "code",
        "family",
        "sex",
        "locality",
        "team",
        "origin",
        "extract_source",
        "filled_by",
        "last_extract_on",
        "merged_into",
    },
    CareEpisode: {"id", "child", "start", "end", "destination"},
    Placement: {"id", "child", "start", "end", "placement_type", "short_break"},
    LegalBasis: {"id", "child", "start", "end", "measure"},
    Milestone: {
        "id",
        "child",
        "kind",
        "planned_on",
        "happened_on",
        "precision",
        "route",
        "pre_birth",
        "first_accommodated_on",
        "change_prompt",
        "concurrent_route",
        "recorded_by",
        "recorded_on",
    },
}
STAYING_OF_KEPT = {"origin", "extract_source", "voided_on", "voided_by"}
REPLACED = {
    Child: {"local_ref", "date_of_birth", "expected_on", "ethnicity", "disability", "edition", "pseudonymised_on"},
    Milestone: {"outcome", "review_kind", "order_type"},
}
REPLACED_OF_KEPT = {"edition", "extract_said", "void_reason"}
