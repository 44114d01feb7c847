"""The addresses of the feed. They are for programs: a token lets in, a session does not."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from aims.feed.access import let_in
from aims.feed.changes import last_change
from aims.feed.documents import FORMATS, Document, Format, dictionary_document, rows_document
from aims.feed.problems import FeedProblem
from aims.models import FeedToken
from aims.published.figures import PublishedRow, published_rows
from pace_site.accounts.models import Organisation

METHODS = ("GET", "HEAD")
NOWHERE = "There is nothing at this address. The addresses of the feed are in its documentation."


# Without `csrf_exempt` a POST would be told of a missing form mark, and not that the feed is only read.
@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class FeedView(View):
    """Lets in, answers, and says in JSON why it does not."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            if request.method not in METHODS:
                allowed = ", ".join(METHODS)
                raise FeedProblem(HTTPStatus.METHOD_NOT_ALLOWED, f"The feed is only read: {allowed}.", Allow=allowed)
            response = answer(request, self.document(let_in(request), **kwargs))
        except FeedProblem as problem:
            response = problem.response()
        patch_vary_headers(response, ["Authorization", "Accept"])
        return response

    def document(self, token: FeedToken, **asked) -> Document:
        raise FeedProblem(HTTPStatus.NOT_FOUND, NOWHERE)


class AimsView(FeedView):
    """Every published month of every aim."""

    def document(self, token: FeedToken, file_format: str) -> Document:
        as_format = format_asked(file_format)
        return rows_of(token.authority, published_rows(token.authority), as_format)


class AimView(FeedView):
    """Every published month of one aim."""

    def document(self, token: FeedToken, code: str, file_format: str) -> Document:
        as_format = format_asked(file_format)
        rows = [row for row in published_rows(token.authority) if row.code == code]
        if not rows:
            raise FeedProblem(HTTPStatus.NOT_FOUND, "No month of an aim with this code has been published.")
        return rows_of(token.authority, rows, as_format)


class DictionaryView(FeedView):
    """What the columns mean."""

    def document(self, token: FeedToken, file_format: str) -> Document:
        return dictionary_document(as_format=format_asked(file_format))


def rows_of(authority: Organisation, rows: list[PublishedRow], as_format: Format) -> Document:
    return rows_document(authority, rows, changed_at=last_change(authority), as_format=as_format)


def format_asked(name: str) -> Format:
    if name not in FORMATS:
        raise FeedProblem(HTTPStatus.NOT_FOUND, NOWHERE)
    return FORMATS[name]


def answer(request: HttpRequest, document: Document) -> HttpResponse:
    """The document, or 304 where the caller has it already."""
    if not request.accepts(document.media_type):
        detail = f"This address gives {document.media_type}, which the header “Accept” of the request does not allow."
        raise FeedProblem(HTTPStatus.NOT_ACCEPTABLE, detail)
    # Not kept without being asked for again: a feed that is switched off is off at once.
    headers = {"Cache-Control": "private, no-cache", "ETag": document.etag}
    changed_at = document.changed_at and int(document.changed_at.timestamp())
    if changed_at:
        headers["Last-Modified"] = http_date(changed_at)
    response = HttpResponse(document.body, content_type=document.content_type, headers=headers)
    return get_conditional_response(request, etag=document.etag, last_modified=changed_at, response=response)
