"""Whose an action or a barrier is: a person who signs in, or a partner from a group, chosen from one list."""

from django import forms
from django.db.models import QuerySet

from improvement.models import GroupMember
from improvement.person_fields import with_roles
from pace_site.accounts.models import User

PERSON, PARTNER = "person-", "partner-"


class OwnerField(forms.ChoiceField):
    """A choice among people of the authority and partners of its groups; `owner_of` reads it."""

    def __init__(self, **more):
        super().__init__(error_messages={"required": "Choose somebody."}, **more)
        self.people: dict[str, User] = {}
        self.partners: dict[str, str] = {}

    def offer(self, people: QuerySet[User], *, by: User, kept=None) -> None:
        """Offer these people and the partners; `kept` is the row whose owner stays to be chosen."""
        rows = list(people.prefetch_related("memberships"))
        if kept is not None and kept.owner is not None and kept.owner not in rows:
            rows.append(kept.owner)
        self.people = {f"{PERSON}{each.pk}": each for each in rows}
        named = GroupMember.objects.visible_to(by).filter(user=None, left_on=None)
        names = {str(each) for each in named} | ({kept.partner} if kept is not None and kept.partner else set())
        self.partners = {f"{PARTNER}{name}": name for name in sorted(names)}
        groups = [
            ("People of the council, and partners who sign in", [(k, with_roles(v)) for k, v in self.people.items()]),
            ("Partners who do not sign in", list(self.partners.items())),
        ]
        self.choices = [("", "Choose somebody"), *((name, choices) for name, choices in groups if choices)]

    def owner_of(self, chosen: str) -> dict:
        """What the actions take."""
        return {"owner": self.people.get(chosen), "partner": self.partners.get(chosen, "")}


def chosen_of(row) -> str:
    """The choice that stands for the owner of a row."""
    return f"{PERSON}{row.owner_id}" if row.owner_id else f"{PARTNER}{row.partner}"
