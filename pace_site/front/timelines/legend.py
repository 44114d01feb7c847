"""The legend of timelines: what each look means, in the words of the trade and in plain ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    look: str
    label: str
    path: str = ""


STAY_KEYS = (
    ("home", "At home with parents", "At home with parents"),
    ("kinship", "Kinship carers", "With relatives or friends"),
    ("foster", "Foster carers", "With foster carers"),
    ("adopters", "Prospective adopters", "With the family who hope to adopt"),
    ("residential", "Residential", "In a children's house, or a school with rooms"),
    ("other", "Other, or type not known", "Another home"),
    ("gap", "Gap: no placement is recorded", "Not written down"),
)
GROUND_KEYS = (
    ("voluntary", "Voluntary accommodation", "No order of a hearing or court"),
    ("protection", "Child protection or interim order", "A decision for a short time"),
    ("supervision", "Supervision order", "A children's hearing's decision"),
    ("permanent", "Permanence, adoption or kinship order", "A court's decision for the long term"),
    ("other-ground", "Other", "Another decision"),
)
MARK_KEYS = (
    ("meeting", "Meeting or review", "A meeting"),
    ("hearing", "Hearing or Reporter", "A children's hearing"),
    ("assessment", "Assessment, report or advice", "A report, a check or advice"),
    ("plan", "Recommendation or decision about the plan", "A long-term plan"),
    ("panel", "Panel", "A meeting of independent people"),
    ("adm", "Agency decision maker", "The council's decision"),
    ("court", "Court", "Court"),
    ("order", "Order granted", "The court agreed"),
    ("move", "Referral, move or transfer", "A beginning or a move"),
)


def keys_of(
    table: Sequence[tuple[str, str, str]],
    looks: Collection[str],
    *,
    is_plain: bool,
    paths: Mapping[str, str] | None = None,
) -> list[Key]:
    """The keys of the looks that are drawn, in the order of the table."""
    return [
        Key(look, plain if is_plain else words, (paths or {}).get(look, ""))
        for look, words, plain in table
        if look in looks
    ]
