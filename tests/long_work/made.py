"""What a piece of long work makes in tests, and how it is asked for."""

from dataclasses import dataclass

from pace_site.long_work.actions import ask_for


@dataclass(frozen=True)
class Made:
    name: str = "list.csv"
    content_type: str = "text/csv"
    body: bytes = b"one,two"


def asked_for(of_kind, lead, **asked):
    return ask_for(of_kind, title="A list", asked=asked, by=lead)
