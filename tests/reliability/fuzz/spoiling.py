"""Files with something wrong in them: in a cell of a table, or in any byte."""

from hypothesis import strategies as st

from tests.reliability.fuzz.values import values

ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256))


@st.composite
def spoiled_table(draw, content: bytes) -> bytes:
    """A table with one cell, row or column otherwise."""
    rows = [line.split(",") for line in content.decode("utf-8", "surrogateescape").splitlines()] or [[""]]
    row = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, max(0, len(rows[row]) - 1)))
    others = tuple(sorted({cell for other in rows for cell in other if cell}))[:60]
    match draw(st.sampled_from(("cell",) * 6 + ("raw", "double", "drop", "swap", "columns", "shorter", "longer"))):
        case "cell":
            value = draw(values(others))
            rows[row][column] = '"' + value.replace('"', '""') + '"' if draw(st.booleans()) else value
        case "raw":
            rows[row][column] = draw(st.sampled_from(('"', 'a"b', "'", "a\nb", "x" * 200_000, "\t", ";")))
        case "double":
            rows.insert(row, list(rows[row]))
        case "drop":
            del rows[row]
        case "swap":
            other = draw(st.integers(0, len(rows) - 1))
            rows[row], rows[other] = rows[other], rows[row]
        case "columns":
            rows = [[cell for place, cell in enumerate(cells) if place != column] for cells in rows]
        case "shorter":
            rows[row] = rows[row][:column]
        case "longer":
            rows[row] = rows[row] * draw(st.sampled_from((2, 500)))
    return "\n".join(",".join(cells) for cells in [*rows, []]).encode("utf-8", "surrogatepass")


@st.composite
def spoiled_bytes(draw, content: bytes) -> bytes:
    """A file with some bytes otherwise, cut short, in another encoding, or another file altogether."""
    place = draw(st.integers(0, len(content)))
    more = st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            (b"\0", b"\xff", b"\xed\xa0\x80", b'"', b"\r", b"\n\n", b",", b"\xef\xbb\xbf", b"\x1a", b"[" * 3_000)
        ),
        values().map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
    text = content.decode("utf-8", "replace")
    match draw(
        st.sampled_from(("insert",) * 4 + ("replace",) * 4 + ("cut", "cut", "encoding", "line", "other", "twice"))
    ):
        case "insert":
            return content[:place] + draw(more) + content[place:]
        case "replace":
            return content[:place] + draw(more) + content[place + draw(st.integers(1, 20)) :]
        case "cut":
            return content[:place]
        case "encoding":
            return text.encode(
                draw(st.sampled_from(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp500", "utf-7"))), "replace"
            )
        case "line":
            return text.replace("\n", draw(st.sampled_from(("\r", "\r\n", "\n\n", "", "\u2028", "\x0b")))).encode()
        case "other":
            return draw(st.sampled_from((b"", ZIP, b"\x89PNG\r\n\x1a\n", b"\xff\xfe", b"\n" * 50_000, b"x" * 300_000)))
        case _:
            return content * 2
