"""Migrations that change only what fields are called, or said to mean."""

from typing import Any

from django.db.migrations import SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class WordingOfFields(SeparateDatabaseAndState):
    """Changes of words alone: nothing is asked of the database.

    The models are made anew once after all of them, and not for each: that would take seconds wherever somebody
    migrates, and in every run of the tests.
    """

    def __init__(self, operations: list[Operation]):
        super().__init__(state_operations=operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.state_operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.clear_delayed_apps_cache()
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)
