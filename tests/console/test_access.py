"""Who may open what: every route as nobody, as every role, and from another clinic."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.console.access import OPEN, StaffRoute, open_route, refuse_undeclared, staff_route
from bot.console.app import page_routes
from bot.content.tables import answers
from bot.conversations.model import DraftMessage
from bot.errors import SetupError
from bot.staff.model import GRANTED, Permission, Role
from tests.console.route_table import MAY, NEEDS
from tests.console.stage import ROLES, Staff, Stage, assert_goes_to, assert_page

ROUTES = sorted(
    f"{method} {route.path}"
    for route in page_routes()
    for method in (route.methods or set()) - {"HEAD"}
)
MADE_UP = {"clinic": "temple", "kind": "csv"}
STANDINGS = ("open", "begun", "setting_up", "own")


def ask(staff: Staff, route: str, **ids: str) -> Any:
    """Send a request with these ids, made-up ones otherwise; a form with the right token."""
    method, path = route.split()
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{name}}}", ids.get(name, MADE_UP.get(name, "1")))
    return staff.get(path) if method == "GET" else staff.post(path, {"as": "csv"})


def a_place(console: Stage, clinic: str) -> str:
    """The number of an answer that is the clinic's own: shared ones need an editor of each."""
    with console.database.connect() as connection:
        ids = sa.select(answers.c.id).where(answers.c.clinic == clinic).order_by(answers.c.id)
        return str(connection.execute(ids).scalars().first())


def sent_away(response) -> str | None:
    """Where the guard sent somebody who has to do something else first."""
    if response.status_code != 303:
        return None
    path, _, query = response.headers["location"].partition("?")
    return path if path in FIRST and "done=" not in query else None


FIRST = ("/staff/sign-in", "/staff/second-factor", "/staff/second-factor/set-up")


def test_every_route_is_in_the_table_and_the_table_has_no_other():
    assert sorted(NEEDS) == ROUTES


def test_the_roles_grant_what_the_table_says():
    for permission in Permission:
        holders = {role.value for role in Role if permission in GRANTED[role]}
        assert holders == MAY[permission.value], permission


def test_nobody_gets_only_to_the_open_pages(console: Stage):
    wrong = []
    for route in ROUTES:
        response = ask(console.browser(), route)
        if NEEDS[route] == "open":
            away = sent_away(response) is not None and "/oidc/" not in route
            good = not away and response.status_code in (200, 303, 404, 422)
        else:
            good = sent_away(response) == "/staff/sign-in"
        if not good:
            wrong.append((route, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_pages_and_no_others(console: Stage, role: str):
    person = console.person(temple=role)
    console.person("boss", temple="admin")
    place = a_place(console, "temple")
    wrong = []
    for route in ROUTES:
        response = ask(console.signed_in(person), route, place=place)
        if NEEDS[route] in STANDINGS or role in MAY[NEEDS[route]]:
            good = response.status_code not in (403, 405, 500) and sent_away(response) is None
        else:
            good = response.status_code == 403 and "<h1" in response.text
        if not good:
            wrong.append((route, response.status_code))
    assert wrong == []


def test_without_a_role_nothing_opens_that_needs_a_permission(console: Stage):
    person = console.person()
    wrong = []
    for route in ROUTES:
        response = ask(console.signed_in(person), route)
        if (response.status_code == 403) != (NEEDS[route] not in STANDINGS):
            wrong.append((route, response.status_code))
    assert wrong == []


def test_a_thing_of_another_clinic_is_not_there(console: Stage):
    """With everything that one may be at one's own clinic, and the right id."""
    person = console.person(twin_cities="reader reviewer editor admin")
    talk, _ = console.log.open(
        "temple",
        token_hash=None,
        external_id=None,
        expires_at=None,
        greeting=DraftMessage("bot", "Welcome."),
    )
    ids = {"id": talk.id, "person": console.person("lee", temple="reader").id}
    of_one_clinic = [r for r in ROUTES if re.search("{(clinic|id|person)}", r)]
    assert len(of_one_clinic) > 10
    found = {}
    for route in of_one_clinic:
        response = ask(console.signed_in(person), route, **ids)
        found[route] = response.status_code, "Temple" in response.text
    assert {route: each for route, each in found.items() if each != (404, False)} == {}


def test_between_password_and_code_only_the_sign_in_goes_on(console: Stage):
    person = console.person(second_factor="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", temple="admin")
    wrong = []
    for route in ROUTES:
        response = ask(console.signed_in(person, pending=True), route)
        stays = NEEDS[route] in ("open", "begun")
        if (sent_away(response) == "/staff/second-factor") == stays:
            wrong.append((route, response.status_code))
    assert wrong == []


def test_a_required_second_factor_comes_before_everything_else(console: Stage):
    console.require_second_factor("temple")
    person = console.person(temple="admin")
    wrong = []
    for route in ROUTES:
        response = ask(console.signed_in(person), route)
        stays = NEEDS[route] in ("open", "begun", "setting_up")
        if (sent_away(response) == "/staff/second-factor/set-up") == stays:
            wrong.append((route, response.status_code))
    assert wrong == []


def test_a_disabled_person_is_out_with_the_next_request(console: Stage):
    console.person("boss", temple="admin")
    closed = [route for route in ROUTES if NEEDS[route] != "open"]
    staff = console.signed_in(temple="admin")
    assert_page(staff.get("/"))
    console.parts.people.disable(staff.person.id, by="boss")
    assert {sent_away(ask(staff, route)) for route in closed} == {"/staff/sign-in"}


def test_a_lost_role_closes_its_pages_with_the_next_request(console: Stage):
    console.person("boss", temple="admin")
    staff = console.signed_in(temple="admin reader")
    console.parts.people.set_roles(staff.person.id, "temple", [Role.READER], by="boss")
    assert_goes_to(staff.get("/people"), "/staff/sign-in?next=%2Fstaff%2Fpeople&why=ended")
    assert_page(console.signed_in(staff.person).get("/people"), 403)


def test_the_open_pages_are_few_and_named():
    assert {"/sign-in", "/welcome", "/oidc/start", "/oidc/callback"} == OPEN


def test_a_page_cannot_be_left_open_by_mistake():
    def page(request: Request) -> Response:
        raise AssertionError

    with pytest.raises(SetupError):
        open_route("/conversations", page)
    with pytest.raises(SetupError):
        staff_route("/sign-in", page, needs=Permission.READ)
    with pytest.raises(SetupError):
        refuse_undeclared([Route("/conversations", page)])
    with pytest.raises(SetupError):
        refuse_undeclared([Mount("/conversations", routes=[])])
    refuse_undeclared([staff_route("/conversations", page, needs=Permission.READ)])


def test_no_page_runs_before_the_check(console: Stage):
    ran = []

    def page(request: Request) -> Response:
        ran.append(request)
        return Response()

    added = StaffRoute("/added", page, ["GET", "POST"], Permission.AUDIT)
    app = next(r.app for r in console.app.routes if getattr(r, "path", "") == "/staff")
    app.router.routes.append(added)
    assert ask(console.browser(), "GET /added").status_code == 303
    assert ask(console.browser(), "POST /added").status_code == 303
    assert ask(console.signed_in(temple="reader"), "GET /added").status_code == 403
    assert ran == []
    assert ask(console.signed_in("bo", temple="admin"), "GET /added").status_code == 200
    assert len(ran) == 1


@pytest.mark.parametrize("path", ["/nothing", "/people/", "/static/nothing.css", "//"])
def test_what_is_not_there_is_a_page_that_says_so(console: Stage, path: str):
    assert_page(console.browser().get(path), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(console: Stage, method: str):
    staff = console.signed_in(temple="admin")
    for path in ("/", "/people", "/sign-in"):
        response = staff.client.request(method, f"/staff{path}")
        assert_page(response, 405)


def test_the_console_is_found_without_its_slash(console: Stage):
    response = console.browser().client.get("/staff")
    assert response.headers["location"] == "/staff/"
