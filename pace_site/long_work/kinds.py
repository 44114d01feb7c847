"""The kinds of long work; each is declared where its subject lies, and kept under its name in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.long_work.progress import Progress
from pace_site.look.attachment import AnyFile


@dataclass(frozen=True)
class Outcome:
    """What came of it: a file, or the address of a page."""

    file: AnyFile | None = None
    address: str = ""


# Given what was asked, by whom, and whom to tell of each step. Runs outside any transaction: it may take minutes.
CarryOut = Callable[[dict[str, Any], User, Progress], Outcome]


@dataclass(frozen=True)
class Kind:
    name: str
    needs: Permission
    carry_out: CarryOut


KINDS: dict[str, Kind] = {}
# The modules that declare kinds: they are read when a kind is first asked for, as most of what runs asks for none.
DECLARED_IN: list[str] = []


def kind_named(name: str) -> Kind:
    """The kind of this name; raise `KeyError` where none was declared."""
    if name not in KINDS:
        for module in DECLARED_IN:
            import_module(module)
    return KINDS[name]


def kind(name: str, *, needs: Permission) -> Callable[[CarryOut], Kind]:
    """Declare a kind of work; raise `ValueError` for a name that is taken."""

    def declare(carry_out: CarryOut) -> Kind:
        if name in KINDS:
            raise ValueError(f"Two kinds of long work are called {name!r}.")
        KINDS[name] = Kind(name, needs, carry_out)
        return KINDS[name]

    return declare
