"""The main pages, each as the person who opens it most, with its address and its floor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.urls import reverse

from pace_site.accounts.roles import Role
from tests.bench import floors
from tests.bench.councils import Council
from tests.bench.floors import Statement


@dataclass(frozen=True)
class MainPage:
    """`parameters` are those of the address; `asked` is what stands behind the question mark, besides the day."""

    name: str
    role: Role | None
    url: str
    floor: Callable[[Council], list[Statement]]
    parameters: Callable[[Council], dict[str, str]] = lambda _council: {}
    asked: str = ""
    takes_a_day: bool = True

    def address(self, council: Council) -> str:
        asked = [each for each in (self.asked, f"as_at={council.as_at}" if self.takes_a_day else "") if each]
        path = reverse(self.url, kwargs=self.parameters(council))
        return f"{path}?{'&'.join(asked)}" if asked else path


def _child(council: Council) -> dict[str, str]:
    return {"code": council.child.code}


def _recommendation(_council: Council) -> dict[str, str]:
    return {"code": "NAT-2"}


NOW = {"takes_a_day": False}
PAGES = (
    MainPage("signing in", None, "account_login", floors.nothing, **NOW),
    MainPage("my work, social worker", Role.PRACTITIONER, "home", floors.of_caseload, **NOW),
    MainPage("my work, team manager", Role.TEAM_MANAGER, "home", floors.of_team, **NOW),
    MainPage("caseload of a team", Role.TEAM_MANAGER, "caseload", floors.of_team),
    MainPage("caseload of a council", Role.PACE_LEAD, "caseload", floors.of_council),
    MainPage("list of children", Role.PACE_LEAD, "children", partial(floors.of_first_children, number=50), **NOW),
    MainPage("a child", Role.PRACTITIONER, "child", floors.of_child, _child),
    MainPage("a child's timeline", Role.PRACTITIONER, "child_timeline", floors.of_child, _child),
    MainPage(
        "recording a milestone",
        Role.PRACTITIONER,
        "record",
        floors.of_child,
        lambda council: {"code": council.child.code, "slug": "medical"},
        **NOW,
    ),
    MainPage("all aims", Role.PACE_LEAD, "aims", floors.of_aims()),
    MainPage("an aim", Role.PACE_LEAD, "aim", floors.of_aims("NAT-2"), _recommendation),
    MainPage(
        "children behind a number",
        Role.PACE_LEAD,
        "aim_children",
        floors.of_aims("NAT-2"),
        _recommendation,
        asked="state=OVERDUE",
    ),
    MainPage("an aim compared", Role.PACE_LEAD, "aim_compare", floors.of_aims("NAT-2"), _recommendation),
    MainPage("two years at home", Role.PACE_LEAD, "at_home_ages", floors.of_aims("NAT-1")),
    MainPage("stages", Role.PACE_LEAD, "stages", floors.of_stages),
    MainPage("meeting view", Role.CHAMPION, "meeting_view", floors.of_aims()),
    MainPage("timelines", Role.PACE_LEAD, "timelines", partial(floors.of_first_children, number=40)),
    MainPage("data quality", Role.DATA_LEAD, "data_quality", floors.of_findings),
    MainPage("what is not recorded", Role.DATA_LEAD, "completeness", floors.of_council),
    MainPage("imports", Role.DATA_LEAD, "imports", floors.latest("milestones_importrun", by="id"), **NOW),
    MainPage("reports", Role.PACE_LEAD, "reports", floors.latest("aims_report", by="id"), **NOW),
    MainPage("improvement", Role.PACE_LEAD, "improvement", floors.latest("improvement_testofchange", by="id"), **NOW),
    MainPage("national view", Role.NATIONAL_ANALYST, "national", floors.of_nation, **NOW),
    # Last, as it tells of what was opened before.
    MainPage(
        "audit trail",
        Role.IG_AUDITOR,
        "audit_trail",
        floors.latest("audit_auditentry", by="at", of="authority_code"),
        **NOW,
    ),
)
