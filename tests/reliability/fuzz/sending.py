"""One request, and how it is put together out of what a page takes and what nobody would send."""

from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes, urlsplit

from hypothesis import strategies as st

from tests.acceptance_extracts import ACCEPTANCE
from tests.aims.national_dataset.files import body as national_body
from tests.reliability.fuzz.known_pages import Known, Pairs
from tests.reliability.fuzz.spoiling import ZIP, spoiled_bytes
from tests.reliability.fuzz.values import NASTY, values

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "fuzzed"
HEADERS = {
    "HTTP_HX_REQUEST": ("true", "false", "\x7f"),
    "HTTP_ACCEPT": ("*/*", "text/html", "application/json;q=x", "/", ""),
    "HTTP_ACCEPT_LANGUAGE": ("gd", "en-GB;q=", "x" * 600),
    "HTTP_IF_MODIFIED_SINCE": ("Sat, 01 Jan 0000 00:00:00 GMT", "Thu, 31 Dec 99999 23:59:59 GMT", "yesterday"),
    "HTTP_IF_NONE_MATCH": ('W/"', "*", '"a", "'),
    "HTTP_REFERER": ("http://[", "javascript:alert(1)", "http://testserver/\ud800".encode("utf-8", "replace").decode()),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4, ::1", "x" * 300, "' OR 1"),
    "HTTP_AUTHORIZATION": ("Bearer ", "Bearer \xff", "Basic Og==", "Bearer " + "x" * 500),
    "HTTP_USER_AGENT": ("", "\xff\xfe", "x" * 2_000),
    "HTTP_RANGE": ("bytes=0-", "bytes=9-1"),
    "HTTP_COOKIE": (
        'sessionid="abcdefgh\\000"',
        "sessionid=%00%00",
        "csrftoken=\xff; messages=x; ; =",
        "sessionid=" + "z" * 500,
    ),
}
TYPES = (
    "application/json",
    "text/plain",
    f"{FORM}; charset=utf-16",
    f"{FORM}; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=\xff",
    f"multipart/form-data; boundary={BOUNDARY}; charset=utf-7",
    "",
)
BODIES = (
    b"",
    b"&&&===",
    b"a=%ff%fe&%zz=1",
    b"\xff\xfe\x00",
    b'{"what": "on"',
    b'--fuzzed\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
    b"--fuzzed--\r\n",
    b"a=1&" * 1_200,
    b"x=" + b"9" * 100_000,
)
FEW = (ACCEPTANCE / "midlothian" / "children.csv").read_bytes()[:400]


@dataclass(frozen=True)
class Sent:
    """A request as the server gets it."""

    method: str
    address: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)
    by: str = ""


@st.composite
def requests(draw, known: Known, *, address: str, people: tuple[str, ...], plausible: tuple[str, ...]) -> Sent:
    """Something that is sent to one page by somebody who may use it."""
    kind = draw(st.sampled_from(("form",) * 12 * known.takes_forms + ("query",) * 4 + ("address", "body")))
    by = draw(st.sampled_from(people)) if people else ""
    headers = draw(_headers())
    if kind == "form":
        base = draw(st.sampled_from(((), *known.forms)))
        pairs = draw(_mutated(base, known, plausible))
        if known.files and draw(st.booleans()):
            return Sent(
                "post",
                address,
                _multipart(pairs, draw(_files(known))),
                f"multipart/form-data; boundary={BOUNDARY}",
                headers,
                by,
            )
        return Sent("post", address, _encoded(pairs), FORM, headers, by)
    if kind == "query":
        pairs = draw(_mutated((), known, plausible))
        path = urlsplit(address).path
        method = draw(st.sampled_from(("get", "get", "get", "head", "post")))
        return Sent(method, f"{path}?{_encoded(pairs).decode()}", headers=headers, by=by)
    if kind == "body":
        return Sent(
            draw(st.sampled_from(("post", "put", "delete", "options", "patch"))),
            address,
            draw(st.one_of(st.sampled_from(BODIES), st.binary(max_size=200))),
            draw(st.sampled_from((FORM, *TYPES))),
            headers,
            by,
        )
    return Sent(
        draw(st.sampled_from(("get", "get", "post"))), draw(_addresses(address, plausible)), headers=headers, by=by
    )


@st.composite
def _mutated(draw, base: Pairs, known: Known, plausible: tuple[str, ...]) -> Pairs:
    """The base with one pair otherwise, or several; or without any when there is nothing to change."""
    pairs = list(base)
    names = sorted({*known.keys, *(name for name, _value in base)}) or ["q"]
    changes = draw(st.sampled_from((0, 1, 1, 1, 1, 1, 2, 6) if base else (1, 2, 3, 5)))
    for _change in range(changes):
        name = draw(st.sampled_from(names))
        value = draw(values((*known.options.get(name, ()), *plausible)))
        what = draw(st.sampled_from(("set", "set", "set", "set", "repeat", "drop", "name")))
        if what in ("set", "drop"):
            pairs = [pair for pair in pairs if pair[0] != name]
        if what == "name":
            name = draw(st.sampled_from((f"{name}_0", f"{name}[]", f"new-{name}", "0-on", *NASTY[:20])))
        if what != "drop":
            pairs.append((name, value))
    return tuple(pairs)


def _headers() -> st.SearchStrategy[dict[str, str]]:
    one = st.sampled_from(sorted(HEADERS)).flatmap(
        lambda name: st.sampled_from(HEADERS[name]).map(lambda value: {name: value})
    )
    return st.one_of(st.just({}), st.just({}), st.just({}), one)


@st.composite
def _addresses(draw, address: str, plausible: tuple[str, ...]) -> str:
    parts = urlsplit(address).path.strip("/").split("/")
    place = draw(st.integers(0, max(0, len(parts) - 1)))
    parts[place] = quote(draw(values(plausible)).encode("utf-8", "surrogatepass"), safe="")
    return "/" + "/".join(parts) + draw(st.sampled_from(("/", "/", "/", "", "//", "/%00/")))


@st.composite
def _files(draw, known: Known) -> tuple[str, str, bytes]:
    content = draw(
        st.one_of(
            st.sampled_from((b"", ZIP, b"\xff\xfea\x00", b"x," * 50_000, b"\0" * 100, b"%PDF-1.7", b"a\n" * 10_000)),
            st.binary(max_size=400),
        )
    )
    if draw(st.booleans()):
        content = draw(spoiled_bytes(draw(st.sampled_from((FEW, national_body())))))
    name = draw(
        st.sampled_from(
            ("a.csv", "children.csv", "a.csv", "a.xlsx", "../../a.csv", "", "a\0.csv", "👩.csv", "x" * 400, "con.csv;")
        )
    )
    return draw(st.sampled_from(known.files)), name, content


def _encoded(pairs: Pairs) -> bytes:
    """As a browser encodes a form; what is no text goes as bytes that are no UTF-8."""
    return "&".join(
        "=".join(quote_from_bytes(each.encode("utf-8", "surrogatepass"), safe="") for each in pair) for pair in pairs
    ).encode()


def _multipart(pairs: Pairs, file: tuple[str, str, bytes]) -> bytes:
    parts = []
    for name, value in pairs:
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode(
                "utf-8", "surrogatepass"
            )
        )
    field_name, name, content = file
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n'
    parts.append(f"{head}Content-Type: text/csv\r\n\r\n".encode("utf-8", "surrogatepass") + content + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
