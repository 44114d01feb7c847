"""Send pages compressed to browsers that ask for it; what to think of BREACH stands in `docs/hardening.md`."""

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "image/svg+xml")


class CompressedPagesMiddleware(GZipMiddleware):
    """Texts alone: PDF files, workbooks and pictures are compressed as they are. Django adds up to 100 random bytes."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not response.headers.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
