"""Files of improvement work: JSON or YAML by the end of their name, read strictly and written for people to read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from aims.field_readers import DefinitionError, shown
from improvement.sharing.layout import DOCUMENT, FORMAT, VERSION

MOST_BYTES = 5_000_000
ENDINGS = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


class SharedFileError(ValueError):
    """A file that cannot be taken in, in words for whoever sent it."""


class _Twice(ValueError):
    """A field that is given twice."""


class _StrictLoader(yaml.SafeLoader):
    """Plain values only: no tags, anchors and aliases; dates and decimals stay as they are written."""

    def compose_node(self, parent, index):
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(problem="it refers to itself with & or *", problem_mark=event.start_mark)
        if getattr(event, "tag", None) not in (None, "!"):
            raise yaml.MarkedYAMLError(problem="it has a tag with !", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        fields = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a field is a word, not a list", problem_mark=key.start_mark)
            if key.value in fields:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is given twice", problem_mark=key.start_mark)
            # A field stays as it is written: YAML would take the "on" of a meeting for true.
            fields[key.value] = self.construct_object(value, deep=True)
        return fields


_KEPT = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int")}
_StrictLoader.yaml_implicit_resolvers = {
    sign: [(tag, words) for tag, words in resolvers if tag in _KEPT]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _PlainDumper(yaml.SafeDumper):
    """Long texts as blocks, and everything written out where it stands."""

    def ignore_aliases(self, data):
        return True


_PlainDumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def as_text(document: Mapping[str, Any], *, form: str) -> str:
    """The text of a file; `form` is "json" or "yaml"."""
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(dict(document), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)


def read_shared_file(path: Path) -> dict[str, Any]:
    """What a file holds, checked field by field; raises `SharedFileError` on the first fault."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SharedFileError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise SharedFileError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SharedFileError(f"{path.name} is not UTF-8 text (byte {error.start + 1})") from None
    return read_text(text, form=ENDINGS.get(path.suffix.lower(), "yaml"), file=path.name)


def read_text(text: str, *, form: str, file: str) -> dict[str, Any]:
    """What a text holds, checked field by field; messages call it `file`."""
    try:
        raw = _from_json(text, file) if form == "json" else _from_yaml(text, file)
    except RecursionError:
        raise SharedFileError(f"{file} has lists within lists too deep to read") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise SharedFileError(f"{file} is no file of improvement work: it does not say 'format: {FORMAT}'")
    if raw.get("version") != VERSION:
        raise SharedFileError(
            f"{file} is of version {shown(raw.get('version'))} of the format; this site reads version {VERSION}"
        )
    return checked(raw, file=file)


def checked(raw: dict[str, Any], *, file: str) -> dict[str, Any]:
    """The values of a document, read field by field."""
    try:
        return DOCUMENT("", raw)
    except DefinitionError as error:
        raise SharedFileError(f"{file}: {error}") from None


def _from_json(text: str, file: str) -> Any:
    def no_number(word):
        raise ValueError(f"{word} is no number")

    def each_once(pairs):
        fields = dict(pairs)
        if len(fields) < len(pairs):
            names = [name for name, _value in pairs]
            raise _Twice(next(name for name in names if names.count(name) > 1))
        return fields

    try:
        return json.loads(text, object_pairs_hook=each_once, parse_float=str, parse_constant=no_number)
    except json.JSONDecodeError as error:
        raise SharedFileError(f"{file}, line {error.lineno}: this is not JSON: {error.msg}") from None
    except _Twice as error:
        raise SharedFileError(f"{file}: {str(error)!r} is given twice in one place") from None
    except ValueError as error:
        raise SharedFileError(f"{file}: this is not JSON: {error}") from None


def _from_yaml(text: str, file: str) -> Any:
    try:
        loader = _StrictLoader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SharedFileError(f"{file}, line {line}: this is not YAML that can be read: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise SharedFileError(f"{file} has a character that YAML does not allow: {error.reason}") from None
    except ValueError as error:
        raise SharedFileError(f"{file}: this is not YAML that can be read: {error}") from None
