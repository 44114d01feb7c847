"""The sources of an authority: which one an upload is of, and which of two sources gives way (ADR 0029)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from children.models import ExtractSource, default_source
from children.models.sources import CASE_SYSTEM, LONGEST_NAME, plain_name
from milestones.extract.cells import day_in_words
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

BY_HAND = "recorded by hand"
VOIDED_BY_HAND = "voided by hand"
NO_NAME = "Say where it comes from: what it said before, and nothing else, is replaced by what it says now."
NOT_SAID = "Say whether it has all children who are looked after, or some of them. It is remembered."
HAS_ALL = (
    "This is your case system, which has all children who are looked after: nobody would be asked any more about a "
    "child who is missing from it. Give a list of some of them a name of its own."
)


@dataclass(frozen=True)
class Standing:
    """One source among those of its authority."""

    own: ExtractSource
    others: dict[int, ExtractSource]

    @classmethod
    def of(cls, source: ExtractSource) -> "Standing":
        others = ExtractSource.objects.filter(authority=source.authority_id).exclude(pk=source.pk)
        return cls(source, {other.pk: other for other in others})

    def outranks(self, other: int | None) -> bool:
        """True of the full list of children beside a part of it; never of what people recorded, which is None."""
        return self.own.is_whole and other in self.others and not self.others[other].is_whole

    def name(self, other: int | None) -> str:
        return BY_HAND if other is None else self.others[other].name


def extract_in_words(day, source: ExtractSource) -> str:
    """An extract by its day; where it is not of the default source, by that as well."""
    words = day_in_words(day)
    return words if source.is_default else f"{words} ({source.name})"


def source_of_upload(name: str, *, whole: bool | None, five_files: bool, by: User) -> ExtractSource:
    """The source that a person names; a new one is kept, and what they say of one they know is remembered.

    `whole` is whether it has all children, None when they did not say. Raise `ValidationError` for what is not known.
    """
    authority = by.organisation
    if not name.strip():
        if not five_files:
            raise ValidationError({"source": NO_NAME})
        found = default_source(authority)
    else:
        found = ExtractSource.objects.filter(authority=authority).called(name).first()
    by_name = plain_name(name) == plain_name(CASE_SYSTEM) and not _has_default(authority)
    if whole is False and (found.is_default if found else by_name):
        raise ValidationError({"whole": HAS_ALL})
    if found is None and five_files and whole is not False and not _has_default(authority):
        found = _new(authority, name, whole=True, is_default=True, by=by)
    elif found is None and whole is None:
        raise ValidationError({"whole": NOT_SAID})
    elif found is None:
        found = _new(authority, name, whole=whole, by=by)
    elif whole is not None and found.is_whole != whole:
        found.is_whole = whole
        found.save()
        _note(AuditEntry.Action.CHANGE, found, by=by, before={"is_whole": not whole}, after={"is_whole": whole})
    return found


def source_of_command(authority: Organisation, name: str) -> ExtractSource:
    """The source that a command names; one that nobody knows yet is taken to have some of the children."""
    if not plain_name(name):
        raise ValidationError("The name of the source is empty.")
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"The name of the source has at most {LONGEST_NAME} characters.")
    if plain_name(name) == plain_name(default_source(authority).name):
        return default_source(authority)
    found = ExtractSource.objects.filter(authority=authority).called(name).first()
    return found or _new(authority, name, whole=False, by=None)


def _has_default(authority: Organisation) -> bool:
    return ExtractSource.objects.filter(authority=authority, is_default=True).exists()


def _new(
    authority: Organisation, name: str, *, whole: bool, by: User | None, is_default: bool = False
) -> ExtractSource:
    made = ExtractSource.objects.create(authority=authority, name=name, is_whole=whole, is_default=is_default)
    _note(AuditEntry.Action.CREATE, made, by=by, after={"name": made.name, "is_whole": whole})
    return made


def _note(action: AuditEntry.Action, source: ExtractSource, *, by: User | None, **what) -> None:
    record(
        action,
        authority=source.authority,
        record_type=ExtractSource._meta.model_name,
        record_id=source.pk,
        by=by,
        **what,
    )
