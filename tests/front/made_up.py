"""What the tests ask of made-up data: its rows as plain values, without keys and times of writing."""

from hashlib import sha256

from aims.models import AimVersion, Annotation
from children.models import Allocation, CareEpisode, Child, Identity, LegalBasis, Placement
from improvement.models import ChildInCycle
from improvement.sharing.export import improvement_of
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, RoleMembership
from pace_site.front.fiction.recipe import DEFAULT_AS_AT

KEYS = {"id", "child", "authority", "family", "team", "user", "aim", "recorded_by", "voided_by", "extract_source"}
OF_A_CHILD = (CareEpisode, Placement, LegalBasis, Milestone, Identity)


def content_of(code: str) -> dict[str, str]:
    """A hash of every table of one authority: the same for the same content, whatever the keys."""
    content = {
        "children": _rows(
            Child.objects.filter(authority__code=code),
            *_plain(Child),
            "family__ref",
            "team__name",
            "extract_source__name",
        ),
        "allocations": _rows(
            Allocation.objects.filter(child__authority__code=code), "child__code", "user__email", "start", "end"
        ),
        "people": _rows(
            RoleMembership.objects.filter(user__organisation__code=code),
            "user__email",
            "user__first_name",
            "user__last_name",
            "role",
            "team__name",
        ),
        "aims": _rows(
            AimVersion.objects.filter(aim__authority__code=code), "aim__code", "aim__status", "number", "data"
        ),
        "annotations": _rows(Annotation.objects.filter(aim__authority__code=code), "aim__code", "on", "label", "link"),
    }
    content["improvement work"] = _shared(code)
    content["children in cycles"] = _rows(
        ChildInCycle.objects.filter(cycle__test__authority__code=code),
        "cycle__test__title",
        "cycle__number",
        "child__code",
    )
    for model in OF_A_CHILD:
        rows = model.objects.filter(child__authority__code=code)
        named = ("extract_source__name",) if model is not Identity else ()
        content[model.__name__] = _rows(rows, "child__code", *named, *_plain(model))
    return content


def _shared(code: str) -> str:
    organisation = Organisation.objects.get(code=code)
    document = improvement_of(organisation, made_on=DEFAULT_AS_AT).document
    return sha256(repr(document).encode()).hexdigest()


def _plain(model) -> list[str]:
    return [field.name for field in model._meta.fields if field.name not in KEYS]


def _rows(queryset, *columns: str) -> str:
    rows = sorted(repr(row) for row in queryset.order_by().values_list(*columns))
    return sha256("\n".join(rows).encode()).hexdigest() if rows else "no rows"
