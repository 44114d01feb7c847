"""Children and what is kept of each; restrictions, retention and saved filters stand in files of their own."""

from children.models.merges import Merge, NotTheSame
from children.models.records import (
    Allocation,
    CareEpisode,
    Child,
    CodeTable,
    Destination,
    Family,
    Identity,
    Kept,
    LegalBasis,
    LegalMeasure,
    Origin,
    Placement,
    PlacementType,
)
from children.models.sources import ExtractSource, Listed, default_source
from children.restrictions import BreakGlass, Restriction, RestrictionAccess
from children.retention.models import ForgottenReference, KeptLonger, Pseudonymisation, ReferenceKey, RightsRequest
from children.saved_filters import SavedFilter

__all__ = [
    "Allocation",
    "BreakGlass",
    "CareEpisode",
    "Child",
    "CodeTable",
    "Destination",
    "ExtractSource",
    "Family",
    "ForgottenReference",
    "Identity",
    "Kept",
    "KeptLonger",
    "LegalBasis",
    "LegalMeasure",
    "Listed",
    "Merge",
    "NotTheSame",
    "Origin",
    "Placement",
    "PlacementType",
    "Pseudonymisation",
    "ReferenceKey",
    "Restriction",
    "RestrictionAccess",
    "RightsRequest",
    "SavedFilter",
    "default_source",
]
