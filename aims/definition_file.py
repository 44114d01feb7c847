"""Definition files: aims, and what else is written in their style, as YAML with one list item per definition.

Every fault is named with its line, so that whoever wrote the file finds it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aims.field_readers import DefinitionError

MOST_BYTES = 1_000_000
# What a plain YAML value may be; anything else would have to be built, and nothing is.
PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "bool", "int", "float", "timestamp", "value", "merge")
)


class DefinitionFileError(ValueError):
    """A file that cannot be loaded, in words for whoever wrote it."""


@dataclass(frozen=True)
class Written:
    """What a file is a list of: how one is called and looks, and what reads it (it raises `DefinitionError`).

    What is read has a `code`, which no other of the file may have.
    """

    noun: str
    article: str
    example: str
    read: Callable[[Mapping[str, Any]], Any]

    @property
    def one(self) -> str:
        return f"{self.article} {self.noun}"

    @property
    def many(self) -> str:
        return f"{self.noun}s"

    @property
    def a_file(self) -> str:
        return f"{self.one} file"

    @property
    def no_file(self) -> str:
        return f"no {self.noun} file"


def read_definition_file(path: Path, written: Written) -> list[Any]:
    """Return the definitions of a file, in its order, or raise `DefinitionFileError` on the first fault."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DefinitionFileError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise DefinitionFileError(
            f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB, which {written.no_file} is"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionFileError(f"{path.name} is not UTF-8 text (byte {error.start + 1})") from None
    return read_definitions(text, written, file=path.name)


def read_definitions(text: str, written: Written, *, file: str) -> list[Any]:
    """Return the definitions in a text, which messages call `file`."""
    definitions = []
    lines_of_codes = {}
    for item in _items(file, _root(file, text, written), written):
        mapping, lines = _fields(file, item, written)
        definition = _definition(file, mapping, lines, written)
        line = lines["code"]
        if definition.code in lines_of_codes:
            first = lines_of_codes[definition.code]
            raise DefinitionFileError(f"{file}, line {line}: code: {definition.code!r} is already used in line {first}")
        lines_of_codes[definition.code] = line
        definitions.append(definition)
    return definitions


def _root(file: str, text: str, written: Written) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionFileError(f"{file}, line {line}: this is not YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise DefinitionFileError(f"{file} has a character that YAML does not allow: {error.reason}") from None
    except RecursionError:
        raise DefinitionFileError(
            f"{file} has lists within lists too deep to read; {written.a_file} has none"
        ) from None
    if root is None:
        raise DefinitionFileError(f"{file} is empty: {written.a_file} is a list of {written.many}")
    return root


def _items(file: str, root: yaml.Node, written: Written) -> list[yaml.MappingNode]:
    if not isinstance(root, yaml.SequenceNode):
        raise DefinitionFileError(
            f"{file}, line {_line(root)}: {written.a_file} is a list of {written.many}, each beginning with '- code:'"
        )
    for item in root.value:
        if not isinstance(item, yaml.MappingNode):
            raise DefinitionFileError(
                f"{file}, line {_line(item)}: {written.one} is a set of fields like '{written.example}'"
            )
    if not root.value:
        raise DefinitionFileError(f"{file} has no {written.noun} in it")
    return root.value


def _fields(file: str, item: yaml.MappingNode, written: Written) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the item's values by field, and the line of each field; a field that is not there has the item's line."""
    mapping, lines = {}, {}
    for key, value in item.value:
        name, line = key.value, _line(key)
        if not isinstance(key, yaml.ScalarNode):
            raise DefinitionFileError(f"{file}, line {line}: a field is a word, not a list")
        if name in mapping:
            raise DefinitionFileError(f"{file}, line {line}: {name}: is given twice for this {written.noun}")
        lines[name] = line
        parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if not all(_is_plain(part) for part in parts):
            raise DefinitionFileError(f"{file}, line {line}: {name}: holds a plain value or a list of such, no more")
        mapping[name] = [_plain(part) for part in parts] if isinstance(value, yaml.SequenceNode) else _plain(value)
    return mapping, defaultdict(lambda: _line(item), lines)


def _is_plain(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag in PLAIN_TAGS


def _plain(node: yaml.ScalarNode) -> Any:
    """The value of a plain node. Dates and decimals stay as written: the reader of the field knows what they are."""
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind == "null":
        return None
    if kind == "bool":
        return yaml.SafeLoader.bool_values.get(node.value.lower(), node.value)
    if kind == "int" and re.fullmatch(r"-?[0-9]{1,9}", node.value):
        return int(node.value)
    return node.value


def _definition(file: str, mapping: dict[str, Any], lines: dict[str, int], written: Written) -> Any:
    try:
        return written.read(mapping)
    except DefinitionError as error:
        raise DefinitionFileError(f"{file}, line {lines[error.field]}: {error}") from None


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
