"""A PACE lead publishes a month, a champion hands it on, and the lead withdraws it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from aims.models import PublishedMonth
from pace_site.accounts.models import User


@pytest.fixture
def demo(db):
    """The demo without its latest published month, which is then the next to publish."""
    call_command("demo", stdout=StringIO())
    PublishedMonth.objects.filter(month_end=PublishedMonth.objects.latest("month_end").month_end).delete()


@pytest.mark.usefixtures("demo")
def test_a_month_from_publishing_to_withdrawing(sign_in, live_server, check_accessible):
    lead = User.objects.get(email="pace.lead@braeburn.example")
    page = sign_in(lead)
    page.goto(f"{live_server.url}/reports/")
    page.get_by_role("link", name="Published figures").click()
    page.get_by_role("heading", name="2 published months").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("The figures are published. They stay as they are.").wait_for()
    check_accessible(page)
    month = PublishedMonth.objects.latest("month_end")
    assert month.published_by == lead

    page = sign_in(User.objects.get(email="champion@braeburn.example"))
    page.goto(f"{live_server.url}{month.get_absolute_url()}")
    assert page.get_by_role("button", name="Withdraw it").count() == 0
    with page.expect_download() as handed:
        page.get_by_role("link", name="CSV").click()
    assert Path(handed.value.path()).read_text("utf-8-sig").startswith("month_end,aim,version,title,met")
    page.goto(f"{live_server.url}/improvement/meetings/")
    page.get_by_role("link", name="Champions' Group, 13 October 2026").first.click()
    page.get_by_role("link", name="Pack").first.click()
    page.get_by_role("link", name="Pack to hand on").click()
    page.get_by_role("heading", name="Published figures as at 30 September 2026").wait_for()
    check_accessible(page)

    page = sign_in(lead)
    page.goto(f"{live_server.url}{month.get_absolute_url()}")
    page.get_by_label("Why it is withdrawn").fill("The extract was of the wrong month")
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_text("The figures are given to nobody any more.").wait_for()
    check_accessible(page)
