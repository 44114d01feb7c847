"""What forms take in may stand on every page and in every file: ask for them all with nasty words in every record."""

from contextlib import suppress
from urllib.parse import urlsplit

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Model

from aims.definition import TITLE_LENGTH, AimDefinition
from aims.field_readers import DefinitionError
from aims.models import AimVersion
from tests.front.every_page import Page, every_page
from tests.reliability.fuzz.judging import NOT_RECORDS, Fault
from tests.reliability.fuzz.pages import Met
from tests.reliability.fuzz.sending import Sent
from tests.reliability.fuzz.world import World, undone

# Everything but NUL and half pairs, which no form takes in.
WORDS = (
    "\x01\x08\x0b\x0c\x1b\x1f\x7f\x85 control",
    "\ufffe\uffff\ufdd0 no characters",
    "\u202eright to left\u2066\u200f",
    "<b>&amp;</b> ]]> {{ x }} #let x = \\ $ _ * @a `b`",
    "=HYPERLINK(1)\n\t,;\"'",
    "👩‍👧" * 40,
    "x" * 2_000,
)
# Vocabularies and names of machines, which nobody types.
NOT_TYPED = frozenset({"code", "kind", "state", "status", "role", "level", "email", "password", "format", "ref"})
# Files that were made already, with what stood in the records then.
MADE = ("aims_reportfile", "long_work_finishedfile")
FORMATS = ("csv", "xlsx", "pdf", "pptx", "json")


def run(*, world: World) -> Met:
    """Ask for every page, and for files in every format, once for each of `WORDS`."""
    met = Met()
    with suppress(KeyboardInterrupt):
        for words in WORDS:
            with undone():
                for model in apps.get_models():
                    if model._meta.managed and not model._meta.db_table.startswith(
                        (*NOT_RECORDS, *MADE, "django_", "mfa_")
                    ):
                        _write(model, words)
                _name_aims(words)
                for page in every_page():
                    _ask(page, world, met)
    return met


def _write(model: type[Model], words: str) -> None:
    """Put the words into every field of text that people type, where the database allows it."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.JSONField)
        if is_text and not (field.choices or field.unique or field.is_relation or field.name in NOT_TYPED):
            with suppress(IntegrityError), transaction.atomic():
                model._base_manager.exclude(**{field.name: ""}).update(**{field.name: words[: field.max_length]})


def _name_aims(words: str) -> None:
    """Call every aim so, where a definition may be called so."""
    for version in AimVersion.objects.all():
        data = version.data | {"title": words[:TITLE_LENGTH], "text": words}
        with suppress(DefinitionError):
            AimDefinition.from_mapping(data)
            AimVersion.objects.filter(pk=version.pk).update(data=data)


def _ask(page: Page, world: World, met: Met) -> None:
    address = page.address(world.sides.own)
    addresses = [address]
    if "file_format" in page.parameters:
        path = urlsplit(address).path
        head, _slash, last = path.rstrip("/").rpartition("/")
        stem, dot, _ending = last.rpartition(".")
        ending = "" if dot else "/"
        addresses += [f"{head}/{stem}{dot}{each}{ending}" for each in FORMATS]
    for by in world.may_use(page)[:1]:
        for each in dict.fromkeys(addresses):
            try:
                with transaction.atomic():
                    response = world.send(Sent("get", each, by=by))
                    body = b"".join(response.streaming_content) if response.streaming else response.content
                    transaction.set_rollback(True)
                met.answers[response.status_code] += 1
                met.pages[page.name] += 1
                if response.status_code >= 500:
                    raise Fault(f"answers {response.status_code} with {len(body)} bytes")
            except Exception as problem:  # noqa: BLE001 - whatever the server raised is what is looked for
                met.note(f"{page.name} ({each})", problem)
