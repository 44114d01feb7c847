"""What a person agreed at meetings to do, as My work shows it."""

from dataclasses import dataclass
from datetime import date

from improvement.meetings import open_actions_of
from improvement.models import Action
from improvement.pseudonyms import pseudonyms_for
from pace_site.accounts.models import User
from pace_site.look.words import days_left


@dataclass(frozen=True)
class ToDo:
    """An action with its text in the words that its owner may read, and how long there is left."""

    action: Action
    text: str
    is_overdue: bool
    words: str


def to_do_of(user: User, *, today: date) -> list[ToDo]:
    """The open actions of a person, the most overdue first."""
    actions = list(open_actions_of(user))
    words = pseudonyms_for(user, [action.text for action in actions])
    return [
        ToDo(action, words(action.text), action.due_on < today, days_left(action.due_on, today)) for action in actions
    ]
