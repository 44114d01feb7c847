"""Read what an answer to the test client says, and fill in its forms, as somebody does who looks at the page."""

import re

from django.forms import BaseForm
from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    """The words of the page, without the figure's data and without tags."""
    body = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.S)
    said = " ".join(re.sub(r"<[^>]+>", " ", body).split())
    return re.sub(r" ([;:.,])", r"\1", said)


def tags_of(response: HttpResponse) -> str:
    """The page with its tags, and its white space made even."""
    return " ".join(response.content.decode().split())


def typed(form: BaseForm, **changed) -> dict:
    """What a browser sends of a form as it was opened, with some of it changed; None leaves a field out."""
    sent = {}
    for bound in form:
        value = bound.value()
        if value is True:
            value = "on"
        if value is not None and value is not False and value != "":
            sent[bound.html_name] = value
    return {name: value for name, value in (sent | changed).items() if value is not None}
