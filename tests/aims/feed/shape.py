"""The published shape of the feed's JSON, as a program that relies on it reads it."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "feed.schema.json").read_text(encoding="utf-8"))


def faults_in(content, what: str) -> list[str]:
    """What in an answer differs from its shape; `what` is aims, dictionary or problem."""
    validator = Draft202012Validator({**SCHEMA["$defs"][what], "$defs": SCHEMA["$defs"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


def check_shape(content, what: str) -> None:
    faults = faults_in(content, what)
    assert not faults, faults
