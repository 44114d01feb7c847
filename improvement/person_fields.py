"""Fields of forms that choose people, each with their roles, as two of them may have one name."""

from django import forms

from pace_site.accounts.models import User


def with_roles(person: User) -> str:
    roles = ", ".join(sorted({member.get_role_display() for member in person.memberships.all()}))
    return f"{person}, {roles}" if roles else str(person)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return with_roles(person)


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person: User) -> str:
        return with_roles(person)
