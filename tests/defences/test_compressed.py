"""Pages go compressed to whoever asks, by lengths that differ by chance; what is compressed already goes as it is."""

import gzip

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.defences.compressed import CompressedPagesMiddleware
from tests.builders import person

ASKING = {"accept-encoding": "gzip"}


def sent(content, content_type):
    answer = CompressedPagesMiddleware(lambda _request: HttpResponse(content, content_type=content_type))
    return answer(RequestFactory(headers=ASKING).get("/"))


def test_a_page_is_compressed_for_whoever_asks(client, db):
    client.force_login(person(Role.PACE_LEAD))
    response = client.get(reverse("aims"), headers=ASKING)
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert b"</html>" in gzip.decompress(response.content)
    assert "Content-Encoding" not in client.get(reverse("aims")).headers


def test_the_length_of_a_compressed_page_differs_by_chance():
    assert len({len(sent("a page " * 200, "text/html").content) for _ in range(20)}) > 1


def test_a_file_that_is_compressed_as_it_is_goes_as_it_is():
    response = sent(b"%PDF " * 200, "application/pdf")
    assert "Content-Encoding" not in response.headers
    assert response.content == b"%PDF " * 200
