"""Every table of the program, field by field, made from the models; and where personal data is."""

from collections.abc import Iterable
from inspect import cleandoc

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.text import capfirst

from children.models import Child, Family, Identity
from pace_site.accounts.models import User
from pace_site.front.reference.markdown import head, table
from pace_site.front.retention.what_goes import FREE_TEXT

OURS = ("children", "milestones", "aims", "improvement", "pace_site")
INTRODUCTION = """\
Every table that the program keeps, as the models declare it. *Personal data* says which fields are about people and how
near they come to them; what becomes of each at the end of its time stands in [Retention](../adr/0022-retention.md), and
what leaves the site in [What leaves the site](../adr/0023-what-leaves-the-site.md).

- **names the child**: the name, the council's reference or the day of birth. Shown only by way of
  `children/presenter.py`.
- **about a child**: leads to a child, who is known there by a pseudonym. What else stands in such a row is about that
  child, too.
- **about a colleague**: leads to a person who signs in.
- **free words**: somebody typed them, and they may speak of anybody.
- **closed**: kept encrypted, or a digest alone.
"""
NAMES_THE_CHILD = {
    Child: {"local_ref", "date_of_birth", "expected_on"},
    Family: {"ref"},
    Identity: {"given_name", "family_name"},
}
ABOUT_A_COLLEAGUE = {User: {"email", "first_name", "last_name", "password", "last_login"}}
# A field for so many letters takes a sentence.
SENTENCE = 100
HEADINGS = ["Field", "Type", "Means", "Personal data"]


def own_models() -> list[type[models.Model]]:
    """The models of this project, by app and in the order in which they are declared."""
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]


def data_dictionary_page() -> str:
    """The page; raise `ImproperlyConfigured` for a model that does not say what it is."""
    parts, app = [head("Data dictionary", INTRODUCTION)], ""
    for model in own_models():
        if model._meta.app_label != app:
            app = model._meta.app_label
            parts.append(f"## The app `{apps.get_app_config(app).name}`\n")
        parts.append(_model(model))
    others = sorted(
        {model._meta.app_label for model in apps.get_models()} - {each._meta.app_label for each in own_models()}
    )
    parts.append(
        "## Of other packages\n\nDjango and the packages of `requirements.txt` keep tables of their own: "
        f"{', '.join(others)}. Their documentation says what is in them.\n"
    )
    return "\n".join(parts)


def meaning_of(model: type[models.Model]) -> str:
    """What a model says of itself; Django makes up a docstring of the fields where there is none."""
    said = cleandoc(model.__doc__ or "")
    if not said or said.startswith(f"{model.__name__}("):
        raise ImproperlyConfigured(f"{model._meta.label} has no docstring: say in a sentence what a row of it is.")
    return said


def personal_data(field: models.Field) -> str:
    """How near a field comes to a person; empty for one that is about nobody."""
    model = field.model
    if field.name in NAMES_THE_CHILD.get(model, ()):
        return "names the child"
    if field.primary_key and field.related_model is None:
        return ""
    if field.name in ABOUT_A_COLLEAGUE.get(model, ()) or field.related_model is User:
        return "about a colleague"
    if isinstance(field, models.BinaryField) or field.name in ("digest", "secret"):
        return "closed"
    if model is Child or field.related_model is Child or field.name in ("child_code", "child_id"):
        return "about a child"
    if _is_typed(field):
        return "free words"
    return ""


def _is_typed(field: models.Field) -> bool:
    """Whether people write sentences in a field, or it may hold any word that a council's files have."""
    if field.choices or field.related_model is not None:
        return False
    listed = any(field.model is each.model and field.name == each.name for each in FREE_TEXT)
    return listed or isinstance(field, models.TextField) or (field.max_length or 0) >= SENTENCE


def _model(model: type[models.Model]) -> str:
    rows = [
        (f"`{field.name}`", _type(field), _means(field), personal_data(field)) for field in model._meta.concrete_fields
    ]
    rows += [(f"`{field.name}`", _type(field), _means(field), "") for field in model._meta.local_many_to_many]
    constraints = _constraints(model)
    text = f"### {model.__name__}\n\n{meaning_of(model)}\n\n{table(HEADINGS, rows)}"
    if constraints:
        text += "Held by the database:\n\n" + "".join(f"- {each}\n" for each in constraints) + "\n"
    return text.rstrip() + "\n"


def _type(field: models.Field) -> str:
    if field.related_model is not None:
        kind = (
            f"one {field.related_model.__name__}" if not field.many_to_many else f"many {field.related_model.__name__}"
        )
    else:
        kind = field.get_internal_type().removesuffix("Field")
        kind = {"BigAuto": "key", "Char": "text", "Text": "long text", "PositiveSmallInteger": "whole number"}.get(
            kind, _in_words(kind)
        )
    if getattr(field, "max_length", None) and not field.choices and field.related_model is None:
        kind += f", up to {field.max_length:,}"
    may_be_empty = not field.primary_key and (field.null or (field.blank and not field.many_to_many))
    return kind + (", may be empty" if may_be_empty else "")


def _in_words(kind: str) -> str:
    """ "PositiveInteger" as "positive integer"."""
    return (
        "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind)
        .strip()
        .replace("j s o n", "JSON")
    )


def _means(field: models.Field) -> str:
    said = str(field.help_text) or capfirst(str(field.verbose_name)) + "."
    if field.choices:
        said += " One of: " + ", ".join(f"`{value}` {label}" for value, label in _flat(field.choices)) + "."
    return said


def _flat(choices: Iterable) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value or "(empty)", label


def _constraints(model: type[models.Model]) -> list[str]:
    """Names of constraints are sentences; what must be unique is told with them."""
    said = [
        f"`{field.name}` is unique" for field in model._meta.concrete_fields if field.unique and not field.primary_key
    ]
    for constraint in model._meta.constraints:
        sentence = constraint.name.replace("_", " ")
        fields = getattr(constraint, "fields", ())
        said.append(f"{sentence} ({', '.join(fields)})" if fields else sentence)
    return said
