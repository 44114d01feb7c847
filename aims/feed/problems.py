"""What the feed answers when it gives no figures: problem details in JSON (RFC 9457), in plain words."""

import json
from http import HTTPStatus

from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


class FeedProblem(Exception):
    """Why a request gets no figures: the status, words for whoever set the program up, and further headers."""

    def __init__(self, status: HTTPStatus, detail: str, **headers: str):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> HttpResponse:
        # "about:blank" says that the status tells the kind of problem (RFC 9457, 4.2.1).
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        headers = {"Cache-Control": "private, no-store", **self.headers}
        return HttpResponse(
            json.dumps(body, ensure_ascii=False), status=self.status, content_type=CONTENT_TYPE, headers=headers
        )
