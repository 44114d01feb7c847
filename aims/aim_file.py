"""Aim files: definitions as YAML, one list item per aim (`design.md` 4).

Every fault is named with its line, so that whoever wrote the file finds it.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from aims.definition import AimDefinition, AimError

REGISTER = Path(__file__).parent / "register"
MOST_BYTES = 1_000_000
# What a plain YAML value may be; anything else would have to be built, and nothing is.
PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "bool", "int", "float", "timestamp", "value", "merge")
)


class AimFileError(ValueError):
    """A file that cannot be loaded, in words for whoever wrote it."""


def registered_files() -> dict[str, Path]:
    """The shipped aim files by name."""
    return {path.stem: path for path in sorted(REGISTER.glob("*.yaml"))}


def read_aim_file(path: Path) -> list[AimDefinition]:
    """Return the definitions of a file, in its order, or raise `AimFileError` on the first fault."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise AimFileError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise AimFileError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB, which no aim file is")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AimFileError(f"{path.name} is not UTF-8 text (byte {error.start + 1})") from None
    return read_aims(text, file=path.name)


def read_aims(text: str, *, file: str) -> list[AimDefinition]:
    """Return the definitions in the text of an aim file, which messages call `file`."""
    definitions = []
    lines_of_codes = {}
    for item in _items(file, _root(file, text)):
        mapping, lines = _fields(file, item)
        definition = _definition(file, mapping, lines)
        line = lines["code"]
        if definition.code in lines_of_codes:
            first = lines_of_codes[definition.code]
            raise AimFileError(f"{file}, line {line}: code: {definition.code!r} is already used in line {first}")
        lines_of_codes[definition.code] = line
        definitions.append(definition)
    return definitions


def _root(file: str, text: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AimFileError(f"{file}, line {line}: this is not YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise AimFileError(f"{file} has a character that YAML does not allow: {error.reason}") from None
    except RecursionError:
        raise AimFileError(f"{file} has lists within lists too deep to read; an aim file has none") from None
    if root is None:
        raise AimFileError(f"{file} is empty: an aim file is a list of aims")
    return root


def _items(file: str, root: yaml.Node) -> list[yaml.MappingNode]:
    if not isinstance(root, yaml.SequenceNode):
        raise AimFileError(f"{file}, line {_line(root)}: an aim file is a list of aims, each beginning with '- code:'")
    for item in root.value:
        if not isinstance(item, yaml.MappingNode):
            raise AimFileError(f"{file}, line {_line(item)}: an aim is a set of fields like 'code: NAT-2'")
    if not root.value:
        raise AimFileError(f"{file} has no aim in it")
    return root.value


def _fields(file: str, item: yaml.MappingNode) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the item's values by field, and the line of each field; a field that is not there has the item's line."""
    mapping, lines = {}, {}
    for key, value in item.value:
        name, line = key.value, _line(key)
        if not isinstance(key, yaml.ScalarNode):
            raise AimFileError(f"{file}, line {line}: a field is a word, not a list")
        if name in mapping:
            raise AimFileError(f"{file}, line {line}: {name}: is given twice for this aim")
        lines[name] = line
        parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if not all(_is_plain(part) for part in parts):
            raise AimFileError(f"{file}, line {line}: {name}: holds a plain value or a list of such, no more")
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


def _definition(file: str, mapping: dict[str, Any], lines: dict[str, int]) -> AimDefinition:
    try:
        return AimDefinition.from_mapping(mapping)
    except AimError as error:
        raise AimFileError(f"{file}, line {lines[error.field]}: {error}") from None


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
