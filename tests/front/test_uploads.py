"""What is sent to the site: how large, of what kind, and what becomes of its name."""

import ast
import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aims.models import NationalFile
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.builders import person
from tests.own_code import ROOT, source_files

# Where files are taken in from a browser. A new place needs the tests below.
TAKES_FILES = {
    "aims/national_dataset/views.py",
    "pace_site/defences/outage_page.py",  # looks whether a file was sent, to say that it has to be chosen again
    "pace_site/front/imports/import_forms.py",
    "pace_site/front/imports/import_views.py",
    "pace_site/look/wording_of_errors.py",  # takes none: says in words what a field for files refuses
}
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


@pytest.fixture
def analyst(client, db):
    user = person(Role.NATIONAL_ANALYST, organisation=Organisation.objects.get(kind=Organisation.Kind.NATIONAL))
    client.force_login(user)
    return user


def send(client, body: bytes, *, name: str = "midlothian.csv", kind: str = "text/csv"):
    return client.post(reverse("national_files"), {"file": SimpleUploadedFile(name, body, kind)})


def test_every_place_that_takes_files_is_known():
    taking = set()
    for file in (path for path in source_files() if "commands" not in path.parts):
        names = {
            getattr(node, "attr", getattr(node, "id", ""))
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        }
        if names & {"FileField", "ImageField", "FILES", "MultiPartParser"}:
            taking.add(str(file.relative_to(ROOT)))
    assert taking == TAKES_FILES


@pytest.mark.parametrize(
    "body",
    [
        PNG,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"MZ\x90\0\x03",
        b"<html><script>alert(1)</script></html>",
        "authority,month\n".encode("utf-16"),
        b"authority,month\n\0",
        gzip.compress(b"authority,month\n"),
        workbook(),
    ],
    ids=["picture", "PDF", "program", "web page", "UTF-16", "NUL", "gzip", "workbook"],
)
def test_the_content_says_what_a_file_is_and_not_its_name(client, analyst, body):
    said = send(client, body).content.decode()
    assert "midlothian.csv is refused. Nothing was changed." in said
    assert "<script>alert(1)" not in said
    assert not NationalFile.objects.exists()


def test_the_name_of_a_file_is_words_and_no_path(client, analyst):
    said = send(client, b"nothing", name="../../static/<img src=x onerror=alert(1)>.csv").content.decode()
    assert "<img src=x" not in said
    assert "../../static" not in said
    assert "&lt;img src=x onerror=alert(1)&gt;.csv is refused" in said


def test_what_is_too_large_is_refused_before_it_is_read(client, settings):
    """No table is asked, either: the test has none."""

    class Unread(io.BytesIO):
        def read(self, *_size):
            raise AssertionError("it was read")

    told = str(settings.MOST_BYTES_ASKED + 1)
    response = client.generic(
        "POST",
        "/national/files/",
        CONTENT_LENGTH=told,
        **{"wsgi.input": Unread(), "CONTENT_TYPE": "multipart/form-data"},
    )
    assert response.status_code == 413
    assert "That is too large" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_an_extract_may_be_larger_than_anything_else_and_not_of_any_size(client, settings):
    def answer(path: str, size: int):
        told = {"wsgi.input": io.BytesIO(), "CONTENT_TYPE": "multipart/form-data"}
        return client.generic("POST", path, CONTENT_LENGTH=str(size), **told)

    refused = answer("/imports/new/", 100_000_000)
    assert refused.status_code == 413
    assert "may have 30 MB in all" in refused.content.decode()
    assert answer("/imports/new/", settings.MOST_BYTES_OF_AN_EXTRACT + 1).status_code == 413
    assert answer("/imports/", settings.MOST_BYTES_ASKED + 1).status_code == 413


@pytest.mark.parametrize("told", ["-1", "many", "1e3"])
def test_a_length_that_is_no_length_is_refused(client, told):
    assert client.generic("POST", "/", CONTENT_LENGTH=told).status_code == 413


def test_a_form_with_more_fields_than_any_page_has_is_refused(client, analyst):
    response = client.post(reverse("national_files"), {f"field{number}": "x" for number in range(1_001)})
    assert response.status_code == 400
    assert "That request could not be read" in response.content.decode()


def test_a_form_with_more_text_than_any_page_takes_is_refused(client, analyst):
    response = client.post(
        reverse("national_files"), "term=" + "x" * 2_500_001, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 400


def test_more_files_at_once_than_any_page_takes_are_refused(client, analyst):
    files = {f"file{number}": SimpleUploadedFile("midlothian.csv", b"nothing") for number in range(13)}
    assert client.post(reverse("national_files"), files).status_code == 400
    assert not NationalFile.objects.exists()


def test_no_file_that_is_sent_is_written_to_the_disk(settings):
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE >= settings.MOST_BYTES_ASKED
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE >= settings.MOST_BYTES_OF_AN_EXTRACT
    assert settings.MEDIA_ROOT == ""
