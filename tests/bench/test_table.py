"""The table of the documentation comes from the measurements, and leaves the words around it alone."""

import json

import pytest

from tests.bench.table import BEGIN, END, markdown, merged, write_into_document

PAGE = {"name": "all aims", "p50_ms": 1138.2, "p95_ms": 1300.0, "again_ms": 40.1, "floor_ms": 900.5, "ratio": 1.26}
SMALL = PAGE | {"size": "300 children", "database": "SQLite", "queries": 15, "bytes": 3016}
LARGE = PAGE | {"size": "20,000 children", "database": "SQLite", "queries": 16, "bytes": 3020}
IMPORT = {
    "name": "import",
    "size": "100,000 rows",
    "database": "SQLite",
    "p50_ms": 8976.0,
    "note": "11,140 rows a second",
}
OPENED = {"name": "all aims", "size": "300 children", "first_bytes": 39066, "later_bytes": 3100, "script_ms": 1.5}


def test_sizes_stand_beside_one_another_and_queries_say_whether_they_grow():
    table = markdown(merged([SMALL, LARGE, IMPORT], [OPENED]))
    assert "| SQLite | 300 children | 20,000 children |" in table
    assert "| all aims | 1,138 / 1,300 / 40.1 / 900 / 1.26 | 1,138 / 1,300 / 40.1 / 900 / 1.26 |" in table
    assert "| all aims | 300 children | 15 to 16 | 3,016 | 39,066 | 3,100 | 1.5 |" in table
    assert "| import | 100,000 rows | SQLite | 8,976 |  |  | 11,140 rows a second |" in table


def test_the_table_is_written_between_its_marks(tmp_path):
    results, document = tmp_path / "bench.json", tmp_path / "performance.md"
    results.write_text(json.dumps([SMALL]))
    document.write_text(f"Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n")
    write_into_document(results=results, document=document)
    written = document.read_text()
    assert written.startswith("Before\n")
    assert written.endswith("After\n")
    assert "old" not in written
    assert "| all aims |" in written
    document.write_text("No place\n")
    with pytest.raises(SystemExit, match="no place"):
        write_into_document(results=results, document=document)
