"""The measures that follow a driver: linked on the page of its diagram, shown on both pages, kept in its versions."""

import pytest

from improvement.actions.driver_diagrams import restore_version
from improvement.actions.drivers import remove_driver
from improvement.actions.measures import plan_measure
from improvement.diagram_content import content_of
from improvement.models import Measure
from pace_site.accounts.roles import Role
from tests.builders import authority, person
from tests.improvement.builders import an_aim
from tests.improvement.diagram_pages import opened, sent
from tests.improvement.measure_builders import SHARE
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, lead):
    client.force_login(lead)
    return lead


def test_a_driver_is_followed_by_measures_shown_on_both_pages_and_kept_in_versions(client, diagram, branch, lead):
    primary, secondary, _idea = branch
    measure = plan_measure(an_aim(), SHARE, by=lead)
    retired = plan_measure(measure.aim, SHARE | {"name": "Old"}, by=lead)
    Measure.objects.filter(pk=retired.pk).update(retired_on="2026-01-01", retired_reason="Nobody asks")
    editor = opened(client, diagram, f"driver-{primary.pk}")
    assert [key for key, _name in editor.links[-1].form.fields["chosen"].choices] == ["", measure.pk]
    for driver in (primary, secondary):
        sent(client, diagram, "measure-link", f"driver-{driver.pk}", driver=driver.pk, measure=measure.pk)
    page = client.get(diagram.get_absolute_url())
    assert text_of(page).count(f"Followed by {measure.name}") == 2
    followed = client.get(measure.get_absolute_url())
    assert followed.context["drivers"] == [primary, secondary]
    assert "It follows 2 drivers" in text_of(followed)
    for wrong, fault in ((measure.pk, "linked to this driver already"), (retired.pk, "retired"), ("", "Choose what")):
        answer = sent(client, diagram, "measure-link", f"driver-{primary.pk}", driver=primary.pk, measure=wrong)
        assert fault in text_of(answer)
    node = f"driver-{primary.pk}"
    sent(client, diagram, "measure-link-off", node, driver=primary.pk, measure=measure.pk)
    told = sent(client, diagram, "measure-link-off", node, driver=primary.pk, measure=measure.pk)
    assert told.url == diagram.get_absolute_url()
    versions = text_of(client.get(f"{diagram.get_absolute_url()}versions/"))
    assert f"The measure “{measure.name}” was linked to “Leadership”." in versions
    assert f"The measure “{measure.name}” was taken off “Leadership”." in versions
    number = diagram.versions.first().number
    restore_version(diagram.versions.get(number=number - 1), latest=number, by=lead)
    assert content_of(diagram).drivers[primary.pk].measures == (measure.pk,)
    remove_driver(primary, edition=1, by=lead)
    assert client.get(measure.get_absolute_url()).context["drivers"] == [secondary]


def test_a_measure_of_another_authority_is_not_linked(client, diagram, branch):
    other = authority("S12000033")
    theirs = plan_measure(an_aim(organisation=other), SHARE, by=person(Role.PACE_LEAD, organisation=other))
    node = f"driver-{branch[0].pk}"
    assert sent(client, diagram, "measure-link", node, driver=branch[0].pk, measure=theirs.pk).status_code == 404
