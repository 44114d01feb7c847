"""Put anything at all into the files that commands take in: all of a file or nothing, and what is wrong in words."""

import re
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, seed
from hypothesis import strategies as st

from improvement.sharing.export import improvement_of
from improvement.sharing.files import as_text
from tests.acceptance_extracts import ACCEPTANCE
from tests.aims.national_dataset.files import body as national_body
from tests.reliability.fuzz.judging import Fault, written_tables
from tests.reliability.fuzz.pages import Met
from tests.reliability.fuzz.spoiling import spoiled_bytes, spoiled_table
from tests.reliability.fuzz.trying import so_many
from tests.reliability.fuzz.world import World, undone

SHEETS = ("children", "episodes", "placements", "legal", "events")
CHILDREN = 6
# How an import says where something is wrong: a file, and a line of it where the fault is in one.
PLACE = re.compile(r"(children|episodes|placements|legal|events)\.csv( line \d+)?(, \w+)?")
INTO = "S12000019"


@dataclass(frozen=True)
class Taking:
    """A command that takes files in, and files that it takes."""

    name: str
    files: dict[str, bytes]
    run: Callable[[Path], None]
    says_where: bool = False


def takings(world: World) -> list[Taking]:
    """Every command that takes a file in; the files are as small as they can be and say something."""
    lead, own = world.people["pace_lead"], f"--authority={INTO}"
    shared = as_text(improvement_of(world.sides.own.aim.authority, made_on=timezone.localdate()).document, form="yaml")
    aims = (ACCEPTANCE / "midlothian" / "aims.yaml").read_bytes()
    return [
        Taking(
            "import_extract",
            {f"{sheet}.csv": _few(ACCEPTANCE / "midlothian" / f"{sheet}.csv") for sheet in SHEETS},
            lambda folder: _call("import_extract", str(folder), own, "--extract-date=2018-11-01"),
            says_where=True,
        ),
        Taking("load_aims", {"aims.yaml": aims}, lambda folder: _call("load_aims", str(folder / "aims.yaml"), own)),
        Taking(
            "import_national",
            {"national.csv": national_body()},
            lambda folder: _call("import_national", str(folder / "national.csv")),
        ),
        Taking(
            "import_improvement",
            {"shared.yaml": shared.encode()},
            lambda folder: _call(
                "import_improvement", "--authority=S12000033", str(folder / "shared.yaml"), f"--by={lead.email}"
            ),
        ),
    ]


def _few(path: Path) -> bytes:
    """The header and the rows of the first children."""
    header, *rows = path.read_text().splitlines()
    refs = {f"M{number:03d}" for number in range(1, CHILDREN + 1)}
    return "\n".join([header, *(row for row in rows if row.partition(",")[0] in refs), ""]).encode()


def _call(name: str, *arguments: str) -> None:
    call_command(name, *arguments, stdout=StringIO(), stderr=StringIO())


def run(inputs: int, *, number: int, world: World) -> Met:
    """Give each command files that nobody would send; the import of an extract gets most of them."""
    met, commands = Met(), takings(world)
    weights = [5 if each.says_where else 1 for each in commands]
    with suppress(KeyboardInterrupt):
        for place, taking in enumerate(commands):
            share = max(1, round(inputs * weights[place] / sum(weights)))
            fuzz(taking, world, met, inputs=share, number=number * 10 + place)
    return met


def fuzz(taking: Taking, world: World, met: Met, *, inputs: int, number: int) -> None:
    given_so_far = 0

    @seed(number)
    @so_many(inputs)
    @given(spoiled(taking.files))
    def one(files: dict[str, bytes]):
        nonlocal given_so_far
        given_so_far += 1
        judge(taking, world, met, files, counts=given_so_far <= inputs)

    try:
        one()
    except Exception as problem:  # noqa: BLE001 - whatever a command raised is what is looked for
        met.note(taking.name, problem)


def judge(taking: Taking, world: World, met: Met, files: dict[str, bytes], *, counts: bool) -> None:
    """Take files in, and raise for what must not come of it."""
    refused = ""
    with ExitStack() as around:
        folder = Path(around.enter_context(TemporaryDirectory()))
        around.enter_context(undone())
        written = around.enter_context(written_tables())
        for name, content in files.items():
            (folder / name).write_bytes(content)
        try:
            taking.run(folder)
        except CommandError as error:
            refused = str(error) or "refused"
        changed = world.ledger.changed(written)
        if counts:
            met.answers["refused" if refused else "taken in"] += 1
            met.pages[taking.name] += 1
            met.changes += bool(changed)
        if refused and changed:
            raise Fault(f"is refused and changed {sorted(changed)}")
        if refused and taking.says_where and not PLACE.search(refused):
            raise Fault(f"is refused without its place: {refused[:200]}")
        if changed:
            world.ledger.check_change(changed)


@st.composite
def spoiled(draw, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with something wrong in one of them, or in two."""
    files = dict(files)
    for _time in range(draw(st.sampled_from((1, 1, 1, 2)))):
        name = draw(st.sampled_from(sorted(files)))
        by_cell = name.endswith(".csv") and draw(st.booleans())
        files[name] = draw((spoiled_table if by_cell else spoiled_bytes)(files[name]))
    if len(files) > 1 and draw(st.integers(0, 30)) == 0:
        del files[draw(st.sampled_from(sorted(files)))]
    return files
