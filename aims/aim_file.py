"""Aim files: definitions as YAML, one list item per aim (`design.md` 4).

Every fault is named with its line, so that whoever wrote the file finds it.
"""

from pathlib import Path

import yaml

from aims.definition import AimDefinition, AimError
from children.codes import PLACEMENT_TYPES

REGISTER = Path(__file__).parent / "register"
MOST_BYTES = 1_000_000
PLACEMENT_CODES = frozenset(code for code, _label, _group in PLACEMENT_TYPES)


class AimFileError(ValueError):
    """A file that cannot be loaded, in words for whoever wrote it."""


def registered_files() -> dict[str, Path]:
    """The shipped aim files by name."""
    return {path.stem: path for path in sorted(REGISTER.glob("*.yaml"))}


def read_aim_file(path: Path) -> list[AimDefinition]:
    """Return the definitions of a file, in its order, or raise `AimFileError` on the first fault."""
    items = _items(path, _root(path))
    definitions = []
    lines_of_codes = {}
    for item in items:
        lines = _lines_of_fields(path, item)
        definition = _definition(path, item, lines)
        code_line = lines["code"]
        if definition.code in lines_of_codes:
            first = lines_of_codes[definition.code]
            raise AimFileError(
                f"{path.name}, line {code_line}: code: {definition.code!r} is already used in line {first}"
            )
        lines_of_codes[definition.code] = code_line
        definitions.append(definition)
    return definitions


def _root(path: Path) -> yaml.Node:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AimFileError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB, which no aim file is")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AimFileError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise AimFileError(f"{path.name} is not UTF-8 text (byte {error.start + 1})") from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AimFileError(f"{path.name}, line {line}: this is not YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise AimFileError(f"{path.name} has a character that YAML does not allow: {error.reason}") from None
    if root is None:
        raise AimFileError(f"{path.name} is empty: an aim file is a list of aims")
    return root


def _items(path: Path, root: yaml.Node) -> list[yaml.MappingNode]:
    if not isinstance(root, yaml.SequenceNode):
        raise AimFileError(
            f"{path.name}, line {_line(root)}: an aim file is a list of aims, each beginning with '- code:'"
        )
    for item in root.value:
        if not isinstance(item, yaml.MappingNode):
            raise AimFileError(f"{path.name}, line {_line(item)}: an aim is a set of fields like 'code: NAT-2'")
    if not root.value:
        raise AimFileError(f"{path.name} has no aim in it")
    return root.value


def _lines_of_fields(path: Path, item: yaml.MappingNode) -> dict[str, int]:
    lines = {}
    for key, _value in item.value:
        name = str(key.value)
        if name in lines:
            raise AimFileError(f"{path.name}, line {_line(key)}: {name}: is given twice for this aim")
        lines[name] = _line(key)
    return {"code": _line(item), **lines}


def _definition(path: Path, item: yaml.MappingNode, lines: dict[str, int]) -> AimDefinition:
    try:
        mapping = yaml.SafeLoader("").construct_document(item)
        definition = AimDefinition.from_mapping(mapping)
        _check_placements(definition)
    except AimError as error:
        line = lines.get(error.field, _line(item))
        raise AimFileError(f"{path.name}, line {line}: {error}") from None
    except (yaml.constructor.ConstructorError, ValueError, TypeError) as error:
        raise AimFileError(f"{path.name}, line {_line(item)}: a value cannot be read: {error}") from None
    return definition


def _check_placements(definition: AimDefinition) -> None:
    for code in definition.placements_excluded:
        if code not in PLACEMENT_CODES:
            raise AimError("placements_excluded", f"{code!r} is not a placement type")


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
