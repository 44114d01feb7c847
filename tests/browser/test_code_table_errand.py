"""A data lead writes down what the statistics call a placement."""

from children.models import PlacementType
from pace_site.accounts.roles import Role
from tests.builders import person


def test_a_data_lead_gives_a_type_of_placement_its_clas_code(sign_in, live_server):
    page = sign_in(person(Role.DATA_LEAD))
    page.goto(f"{live_server.url}/admin/children/placementtype/FOST_LA/change/")
    page.get_by_label("CLAS code").fill("04")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()
    assert PlacementType.objects.get(code="FOST_LA").clas_code == "04"
