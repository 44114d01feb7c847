"""Fill in the pages on which aims are managed, as a browser does."""

from django.urls import reverse

from aims.definition_form import DefinitionForm


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
