"""Fill in the pages on which aims are managed, as a browser does."""

from django.urls import reverse

from aims.definition_form import DefinitionForm


def typed(form: DefinitionForm, **changed) -> dict:
    """What a browser sends of a form as it was opened, with some of it changed; None leaves a field out."""
    sent = {}
    for bound in form:
        value = bound.value()
        if value is True:
            value = "on"
        if value is not None and value is not False and value != "":
            sent[bound.html_name] = value
    return {name: value for name, value in (sent | changed).items() if value is not None}


def opened(client, address, **query) -> DefinitionForm:
    return client.get(address, query).context["form"]


def edit(code="TEST"):
    return reverse("aim_edit", kwargs={"code": code})


def manage(code="TEST"):
    return reverse("aim_manage", kwargs={"code": code})


def save(client, address, sent):
    """See what it does, then save it."""
    shown = client.post(address, sent)
    assert shown.status_code == 200, shown
    assert not shown.context["form"].errors, shown.context["form"].errors
    return client.post(address, sent | {"seen": shown.context["form"].data["seen"]})
