"""The timeline of one child, and those of siblings on one axis; also in plain words for meetings with families."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView

from children.models import Child
from children.presenter import PresentedChild, present
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record_all
from pace_site.front.timelines.axis import ZOOMS, Axis
from pace_site.front.timelines.drawing import SHAPES, Drawing, draw
from pace_site.front.timelines.legend import GROUND_KEYS, MARK_KEYS, STAY_KEYS, Key, keys_of
from pace_site.front.timelines.plain_wording import PlainWording
from pace_site.front.timelines.reading import read_known
from pace_site.front.timelines.story import Story, tell
from pace_site.front.timelines.wording import ProfessionalWording, Wording
from pace_site.look.as_at import as_at_of

PLAIN_CHILD = "The child's story"


@dataclass(frozen=True)
class Telling:
    """One child's story, drawn; `title` is how the child is called on this page."""

    who: PresentedChild
    title: str
    story: Story
    drawing: Drawing


class ChildTimelineView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "front/timelines/timeline.html"
    extra_context = {"section": "children", "zooms": range(1, len(ZOOMS) + 1)}
    with_siblings = False

    def get_context_data(self, code: str, **context):
        user, as_at = self.request.user, as_at_of(self.request)
        is_plain = is_plain_asked(self.request)
        visible = Child.objects.visible_to(user)
        child = visible.select_related("authority").filter(code=code).first()
        if child is None:
            raise Http404("There is no such child.")
        siblings = siblings_of(child, user)
        shown = present([child, *(siblings if self.with_siblings else [])], to=user, as_at=as_at.day)
        record_views(shown, by=user)
        wording = PlainWording() if is_plain else ProfessionalWording()
        tellings = tell_all(shown, user, as_at=as_at.day, wording=wording, is_plain=is_plain)
        return super().get_context_data(
            who=shown[0],
            tellings=tellings,
            keys=keys_in(tellings, is_plain=is_plain),
            as_at=as_at,
            is_plain=is_plain,
            with_siblings=self.with_siblings,
            count_of_siblings=len(siblings),
            links=links_between(child.code, as_at.query, is_plain=is_plain, with_siblings=self.with_siblings),
            **context,
        )


class SiblingTimelinesView(ChildTimelineView):
    """The child and the siblings whom the person may open, one above the other on one axis."""

    with_siblings = True


def is_plain_asked(request: HttpRequest) -> bool:
    return request.GET.get("plain") == "1"


def siblings_of(child: Child, user: User) -> list[Child]:
    """Children of the same family whom the person may open: by name and oldest first, the others by pseudonym."""
    family = Child.objects.visible_to(user).siblings_of(child).select_related("authority")
    by_name = family & Child.objects.identifiable_to(user)
    # Of those who are seen by pseudonym alone, not even the order tells who is older.
    rest = family.exclude(pk__in=by_name.order_by().values("pk"))
    return [*by_name.order_by("date_of_birth", "code"), *rest.order_by("code")]


def record_views(shown: Sequence[PresentedChild], *, by: User) -> None:
    """Write into the audit trail that these children were looked at with their identity."""
    record_all(
        [
            audit_entry(
                AuditEntry.Action.VIEW,
                authority=who.child.authority,
                record_type="child",
                record_id=who.child.pk,
                child_code=who.code,
                by=by,
            )
            for who in shown
            if who.identified
        ]
    )


def tell_all(
    shown: Sequence[PresentedChild], user: User, *, as_at: date, wording: Wording, is_plain: bool
) -> list[Telling]:
    """Tell and draw the stories of some children on one axis, from the earliest day of any to the latest."""
    stories = [
        tell(known.life, as_at=as_at, wording=wording, dues=known.dues)
        for known in read_known(shown, user, as_at=as_at)
    ]
    told = [story for story in stories if not story.is_empty] or stories
    axis = Axis.of_dates(min(story.first for story in told), max(story.last for story in told))
    return [
        Telling(who, title_of(who, is_plain=is_plain), story, draw(story, axis, wording=wording))
        for who, story in zip(shown, stories, strict=True)
    ]


def title_of(who: PresentedChild, *, is_plain: bool) -> str:
    """Pseudonym and name; for a meeting with the family the first name alone, where the person may see it."""
    if not is_plain:
        return f"{who.code}: {who.name}" if who.name else who.code
    return f"{who.name.split()[0]}'s story" if who.name else f"{PLAIN_CHILD} ({who.code})"


def keys_in(tellings: Sequence[Telling], *, is_plain: bool) -> dict[str, list[Key]]:
    """The keys of the legend for what is drawn on this page."""
    stories = [telling.story for telling in tellings]
    stays = {bar.look for story in stories for bar in (*story.stays, *story.breaks, *story.gaps)}
    grounds = {bar.look for story in stories for bar in story.grounds}
    marks = {mark.look for story in stories for mark in story.marks}
    return {
        "stays": keys_of(STAY_KEYS, stays, is_plain=is_plain),
        "grounds": keys_of(GROUND_KEYS, grounds, is_plain=is_plain),
        "marks": keys_of(MARK_KEYS, marks, is_plain=is_plain, paths=SHAPES),
    }


@dataclass(frozen=True)
class Link:
    """Another way to see the same."""

    words: str
    href: str


def links_between(code: str, as_at_query: str, *, is_plain: bool, with_siblings: bool) -> dict[str, Link]:
    """To the same page in the other words, and to the page with or without siblings in the same words."""

    def address(siblings: bool, plain: bool) -> str:
        query = "&".join(part for part in ("plain=1" if plain else "", as_at_query) if part)
        path = reverse("sibling_timelines" if siblings else "child_timeline", kwargs={"code": code})
        return f"{path}?{query}" if query else path

    return {
        "wording": Link(
            "For people who work with the records" if is_plain else "In plain words, for a meeting with the family",
            address(with_siblings, not is_plain),
        ),
        "siblings": Link(
            "This child alone" if with_siblings else "With brothers and sisters", address(not with_siblings, is_plain)
        ),
    }
