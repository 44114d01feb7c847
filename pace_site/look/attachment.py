"""A file as the answer to a request: handed out by its name, and kept by no cache."""

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpResponse


class AnyFile(Protocol):
    name: str
    content_type: str
    body: bytes | memoryview


@dataclass(frozen=True)
class ExportedFile:
    """A file ready to hand out; its name says what it is and of which day, and nothing of any child."""

    name: str
    content_type: str
    body: bytes


def as_attachment(file: AnyFile) -> HttpResponse:
    return HttpResponse(
        bytes(file.body),
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "private, no-store"},
    )
