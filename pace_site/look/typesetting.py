"""PDF files, typeset by typst from a template and data, and exported as PDF/UA-1.

The data reach the template as JSON, read there with `json(bytes(sys.inputs.data))`: no word that a person typed is ever
taken for markup. A template sees its own folder and nothing else, and the same input gives the same words.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Characters that a browser sends like any other and PDF/UA forbids, or no typeface shows; a mark stands for each.
NOT_IN_PDF = dict.fromkeys((0x7F, 0xFEFF, 0xFFFE, 0xFFFF), "\ufffd")
STANDARD = "ua-1"  # tagged; what lacks a title or a text alternative does not compile


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """Typeset `template` (a .typ file) with `data`, which must be what JSON can hold; raise `typst.TypstError`."""
    import typst  # only files need it

    return typst.compile(
        str(template),
        root=str(template.parent),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False).translate(NOT_IN_PDF)},
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
    )


@lru_cache(maxsize=1)
def fonts() -> Path:
    """The folder of DejaVu Sans, which comes with matplotlib: typst itself has no face without serifs."""
    return Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
