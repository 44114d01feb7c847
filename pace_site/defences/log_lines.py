"""Lines of the log that tell what went wrong and where, and never what was asked or shown.

A message of an exception may hold a name or a reference (a database tells the values that it refuses), the address of
a page may hold what somebody typed after its question mark, and what a library writes may hold either. So a line has
the kind of an exception and the places it came through, the pattern of the address, and of the messages of libraries
the words alone. Whoever needs more asks the audit trail: both have the id of the request.
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from django.http import HttpRequest

from pace_site.audit.occasion import occasion

ROOT = Path(__file__).resolve().parents[2]
# Their messages are written with this rule in mind, or hold nothing but keys.
WRITES_NO_NAMES = frozenset(
    {"pace_site", "children", "milestones", "aims", "improvement", "django_tasks", "django_tasks_db"}
)
SERVER = "django.server"
LEFT_OUT = "…"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
MOST_FRAMES = 40


class LogLine(logging.Formatter):
    """Time, level, logger and id of the request; what is told; for an exception its kinds and places."""

    default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        where = occasion().request_id or "-"
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {where} {told(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line = "\n".join([line, *places(record.exc_info[1])])
        return line


class JsonLine(logging.Formatter):
    """The same as an object of JSON in one line, for programs that collect logs: what is told, and nothing besides.

    A library for this would add whatever a record carries; what may be told is chosen here.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "request_id": occasion().request_id or None,
            "told": told(record),
        }
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            line |= {"method": method_of(request), "route": route_of(request)}
            line |= {name: getattr(record, name) for name in ("status_code", "milliseconds") if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = [each.strip() for each in places(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


def told(record: logging.LogRecord) -> str:
    """What a record says, in one line and without anything that somebody typed."""
    request = getattr(record, "request", None)
    if record.name == SERVER and record.args:
        text = " ".join(str(each) for each in record.args)
        asked, _mark, _query = str(record.args[0]).partition("?")
        text = f"{asked} {getattr(record, 'status_code', '')}" if hasattr(record, "status_code") else text
    elif isinstance(request, HttpRequest):
        text = f"{method_of(request)} {route_of(request)} {getattr(record, 'status_code', '')}"
        if hasattr(record, "milliseconds"):
            text += f" {record.milliseconds} ms"
    elif record.name.partition(".")[0] in WRITES_NO_NAMES:
        text = record.getMessage()
    else:
        text = _words_alone(record)
    return text.strip().replace("\r", " ").replace("\n", " ")


def method_of(request: HttpRequest) -> str:
    """A visitor may make one up."""
    return request.method if request.method in METHODS else "another method"


def route_of(request: HttpRequest) -> str:
    """The pattern of an address, in which no name and no pseudonym stands."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "an address that leads nowhere"


def places(error: BaseException) -> Iterator[str]:
    """The kind of an exception and the lines of code that it came through, and so for those before it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"  {kind_of(error)}"
        yield from (f"    {place}" for place in _frames(error.__traceback__))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def kind_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _frames(trace: TracebackType | None) -> list[str]:
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{_short(code.co_filename)}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return frames[-MOST_FRAMES:]


def _short(file: str) -> str:
    """The path inside the program, or inside the library that it is of."""
    _before, mark, after = file.rpartition("/site-packages/")
    return after if mark else file.removeprefix(f"{ROOT}/")


def _words_alone(record: logging.LogRecord) -> str:
    """The template of a message with its numbers; all else is left out."""
    values = record.args
    if isinstance(values, dict):
        values = {name: _harmless(value) for name, value in values.items()}
    elif values:
        values = tuple(_harmless(value) for value in values)
    template = str(record.msg) if isinstance(record.msg, str) else LEFT_OUT
    try:
        return template % values if values else template
    except (TypeError, ValueError):
        return template


def _harmless(value: object) -> object:
    return value if isinstance(value, int | float) else LEFT_OUT
