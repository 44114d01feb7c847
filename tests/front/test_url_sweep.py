"""Every address x GET and POST x every role x own, other team's and other authority's objects, and nobody signed in.

What is expected of each page stands in `every_page.py`.
"""

from dataclasses import dataclass

import pytest

from pace_site.accounts.roles import ROLE_GRANTS, Reach, Role
from tests.front.address_parameters import PARAMETERS
from tests.front.every_page import (
    BY_TOKEN,
    NEEDS,
    OPENS,
    PUBLIC,
    SHOWS_PSEUDONYMS,
    SIGNS_OUT,
    every_page,
)
from tests.front.two_authorities import somebody, two_authorities
from tests.front.what_is_sent import POSTED

REFUSED = (401, 403, 404)
NO_SUCH_METHOD = 405  # a page that takes no POST says so before it looks for anything
SIGN_IN = "/accounts/login/?next="
NOWHERE = ("nowhere",)
ADMIN_DOOR = "/admin/login/"  # itself among the pages: it refuses whoever has signed in
PAGES = every_page()


def requests_of(page):
    """GET, and each thing that may be posted."""
    return [("get", {})] + [("post", data) for data in POSTED.get(page.name, [{}])]


@dataclass(frozen=True)
class Answer:
    """Where it ended, and everything sent on the way: bodies, and the addresses of redirects."""

    status: int
    address: str
    sent: str

    @property
    def is_refusal(self) -> bool:
        return self.status in (*REFUSED, NO_SUCH_METHOD) or self.address.startswith(ADMIN_DOOR)


def ask(visitor, address: str, method: str, data: dict) -> Answer:
    """Ask for a page and go where it sends us, but not through the door of the admin pages."""
    response = getattr(visitor, method)(address, data)
    sent = response.content.decode("utf-8", "replace")
    if response.status_code not in (301, 302):
        return Answer(response.status_code, address, sent)
    onward = response["Location"]
    if onward.startswith(ADMIN_DOOR):
        return Answer(response.status_code, onward, sent + onward)
    end = ask(visitor, onward, "get", {})
    return Answer(end.status, end.address, sent + onward + end.sent)


def must_not_see(role, world) -> dict[str, list[str]]:
    """What of whom `role` may never be shown, on any page."""
    grant = ROLE_GRANTS[role]
    closed = {"another authority's": [world.elsewhere.child.code, *world.elsewhere.identity]}
    if grant.reach in (Reach.TEAM, Reach.ASSIGNED):
        closed["another team's"] = [world.other_team.child.code, *world.other_team.identity]
    if not grant.identity:
        closed["a name or what tells it of"] = [*world.own.identity, *world.other_team.identity]
    sides = (world.own, world.other_team, world.elsewhere)
    closed["a restricted"] = [word for side in sides for word in (side.shut.code, *side.identity_of(side.shut))]
    given_up = [(side, side.rows["children_merge"].other) for side in sides]
    closed["a given-up record of a"] = [word for side, row in given_up for word in side.identity_of(row)[:-3]]
    hidden = (world.elsewhere,) if grant.adopted else sides
    closed["an adopted"] = [word for side in hidden for word in (side.adopted.code, *side.identity_of(side.adopted))]
    if grant.reach in (Reach.NOTHING, Reach.COUNTS):
        closed["the pseudonym of"] = [world.own.child.code, world.other_team.child.code]
    return closed


def sides_to_ask(page, world, *, allowed: bool):
    """Whoever lacks the permission is asked with their own objects alone, which they would get most easily."""
    if not page.is_of_somebody:
        return [("own", world.own)]
    if not allowed:
        return [("own", world.own)]
    return [("own", world.own), ("other team's", world.other_team), ("other authority's", world.elsewhere)]


def faults_of(page, answer, *, whose: str, method: str, allowed: bool, role, world) -> list[str]:
    faults = []
    if answer.status >= 500:
        faults.append("broke")
    if not allowed and not answer.is_refusal:
        faults.append("is open without its permission")
    if allowed and whose == "own" and method == "get" and page.name in OPENS and answer.status != 200:
        faults.append("is closed to who may open it")
    if allowed and whose == "other authority's" and answer.status not in (404, NO_SUCH_METHOD):
        faults.append("is open")
    narrow = ROLE_GRANTS[role].reach in (Reach.TEAM, Reach.ASSIGNED)
    if (
        whose == "other team's"
        and page.name == "child"
        and method == "get"
        and answer.status != (404 if narrow else 200)
    ):
        faults.append("does not follow the role's reach")
    for what, words in must_not_see(role, world).items():
        if what == "the pseudonym of" and page.name.startswith(SHOWS_PSEUDONYMS.get(role, NOWHERE)):
            continue
        faults += [f"shows {what} child: {word}" for word in words if word in answer.sent]
    return [f"{role}: {method} {page} ({whose}) answers {answer.status} and {fault}" for fault in faults]


def each_role() -> list:
    """The two roles that open the most open every page on each database."""
    widest = (Role.DATA_LEAD, Role.PACE_LEAD)
    marks = {role: pytest.mark.each_database if role in widest else pytest.mark.sweep for role in Role.values}
    return [pytest.param(role, marks=mark) for role, mark in marks.items()]


@pytest.mark.django_db
@pytest.mark.parametrize("role", each_role())
def test_each_role_opens_what_it_may_and_sees_nobody_else(visitor, role):
    world = two_authorities()
    user = somebody(role, world)
    visitor.force_login(user)
    faults = []
    for page in PAGES:
        allowed = page.is_allowed_for(user)
        for whose, side in sides_to_ask(page, world, allowed=allowed):
            for method, data in requests_of(page):
                answer = ask(visitor, page.address(side), method, data)
                faults += faults_of(page, answer, whose=whose, method=method, allowed=allowed, role=role, world=world)
        if page.name in SIGNS_OUT:
            visitor.force_login(user)
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.django_db
def test_who_has_not_signed_in_is_sent_to_the_sign_in(visitor):
    world = two_authorities()
    faults = []
    for page in PAGES:
        for method, data in requests_of(page):
            response = getattr(visitor, method)(page.address(world.own), data)
            if NEEDS[page.name] == PUBLIC:
                opens = response.status_code < 500
            elif NEEDS[page.name] == BY_TOKEN:
                opens = response.status_code == (401 if method == "get" else NO_SUCH_METHOD)
            else:
                onward = response.headers.get("Location", "")
                opens = response.status_code == 302 and onward.startswith((SIGN_IN, ADMIN_DOOR))
            if not opens:
                faults.append(f"{method} {page} answers {response.status_code}")
    assert not faults, "\n" + "\n".join(faults)
    assert visitor.get(ADMIN_DOOR)["Location"].startswith(SIGN_IN)


def test_every_page_says_what_it_needs():
    missing = [f"{page} (/{page.route})" for page in PAGES if page.name not in NEEDS]
    assert not missing, (
        f"Add to NEEDS in tests/front/every_page.py which permission these need, or to ADMIN_MODELS: {missing}"
    )


def test_every_parameter_of_an_address_has_something_to_put_in():
    missing = {parameter: page.name for page in PAGES for parameter in page.parameters if parameter not in PARAMETERS}
    assert not missing, (
        f"Say in tests/front/address_parameters.py (PARAMETERS) what these parameters of addresses stand for: {missing}"
    )


def test_the_table_names_no_page_that_is_gone():
    assert set(NEEDS) - {page.name for page in PAGES} == set()


@pytest.mark.django_db
def test_what_may_not_be_seen_differs_between_the_three_sides():
    world = two_authorities()
    sides = (world.own, world.other_team, world.elsewhere)
    whom = [child for side in sides for child in (side.child, side.shut, side.adopted)]
    words = [word for child in whom for word in (child.code, *world.own.identity_of(child))]
    assert len(words) == len(set(words))
