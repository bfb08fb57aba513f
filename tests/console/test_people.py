"""The people pages: what an admin of a clinic sees and does, and nobody else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.console.cookies import SESSION
from bot.settings import OidcSettings
from bot.staff.model import Role
from tests.console.stage import PASSWORD, Stage, assert_goes_to, assert_page, make_stage, words

DATABASE = "postgresql"

NEW = {"name": "jo.rivera", "display_name": "Jo Rivera", "role:temple": "reviewer"}


def code_on(response) -> str:
    found = re.search(r'id="code">([^<]+)<', response.text)
    assert found, words(response)
    return found[1]


def test_an_admin_sees_the_people_of_their_clinics_only(console: Stage):
    console.person("kim", temple="editor", twin_cities="reader")
    console.person("lee", twin_cities="reader")
    console.person("new")
    text = assert_page(console.signed_in(temple="admin").get("/people"))
    assert "Kim kim Temple Health: Editor off never Can sign in" in text
    assert "New" in text
    assert "Lee" not in text
    assert "Twin Cities" not in text


def test_somebody_new_chooses_a_password_with_the_code(console: Stage):
    admin = console.signed_in(temple="admin")
    response = admin.post("/people/new", {**NEW, "role:temple": ["reader", "reviewer"]})
    assert "Jo Rivera is added" in assert_page(response)
    code = code_on(response)
    browser = console.browser()
    form = {"code": code, "password": PASSWORD, "again": PASSWORD}
    assert_goes_to(browser.post("/welcome", form), "/staff/sign-in?done=password")
    assert_goes_to(browser.post("/sign-in", {"name": "jo.rivera", "password": PASSWORD}), "/staff/")
    (person,) = (p for p in console.parts.people.all() if p.name == "jo.rivera")
    assert person.roles == {"temple": {Role.READER, Role.REVIEWER}}
    assert code not in assert_page(admin.get(f"/people/{person.id}"))
    (entry,) = console.recorded("person.added")
    assert (entry.by, entry.target) == ("ana", "jo.rivera")


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"name": ""}, "name", "Enter the name"),
        ({"name": "Jo Rivera"}, "name", "A name to sign in with has"),
        ({"name": "ANA"}, "name", "Somebody signs in with that name already"),
        ({"display_name": " "}, "display_name", "Enter their name as colleagues"),
        ({"role:temple": "owner"}, "roles", "Tick at least one role"),
        ({"role:temple": "", "role:twin-cities": "admin"}, "roles", "Tick at least one role"),
    ],
)
def test_an_error_stands_at_its_field_and_what_was_typed_stays(
    console: Stage, change: dict, field: str, said: str
):
    admin = console.signed_in(temple="admin")
    response = admin.post("/people/new", {**NEW, **change})
    assert said in assert_page(response, 422)
    assert f'href="#{field}"' in response.text
    assert re.search(rf'id="{field}-error">\s*{said}', response.text)
    if "display_name" not in change:
        assert 'value="Jo Rivera"' in response.text
    assert len(console.parts.people.all()) == 1


def test_new_roles_hold_at_once(console: Stage):
    admin = console.signed_in(temple="admin")
    kim = console.signed_in("kim", temple="admin")
    path = f"/people/{kim.person.id}"
    response = admin.post(f"{path}/roles/temple", {"role": ["reader", "editor", "nonsense"]})
    assert_goes_to(response, f"/staff{path}?done=roles")
    assert console.again(kim.person.id).roles == {"temple": {Role.READER, Role.EDITOR}}
    assert kim.get("/people").status_code == 303
    assert "The roles are changed" in assert_page(admin.get(f"{path}?done=roles"))


def test_one_s_own_roles_take_a_new_sign_in(console: Stage):
    console.person("boss", temple="admin")
    admin = console.signed_in(temple="admin")
    response = admin.post(f"/people/{admin.person.id}/roles/temple", {"role": "reader"})
    assert_goes_to(response, "/staff/sign-in?why=roles")


@pytest.mark.parametrize("path", ["/disable", "/roles/temple"])
def test_the_last_admin_stays(console: Stage, path: str):
    admin = console.signed_in(temple="admin")
    response = admin.post(f"/people/{admin.person.id}{path}")
    assert "Make somebody else an admin there first" in assert_page(response, 422)
    assert console.again(admin.person.id).may("people", "temple")


def test_an_account_is_switched_off_and_on(console: Stage):
    admin, kim = console.signed_in(temple="admin"), console.signed_in("kim", temple="reader")
    path = f"/people/{kim.person.id}"
    assert_goes_to(admin.post(f"{path}/disable"), f"/staff{path}?done=disabled")
    assert kim.get("/").status_code == 303
    assert "Switched off" in assert_page(admin.get(f"{path}?done=disabled"))
    assert_goes_to(admin.post(f"{path}/enable"), f"/staff{path}?done=enabled")
    assert not console.again(kim.person.id).disabled


def test_a_reset_shows_a_code_once_and_signs_out(console: Stage):
    admin, kim = console.signed_in(temple="admin"), console.signed_in("kim", temple="reader")
    response = admin.post(f"/people/{kim.person.id}/reset")
    assert "Kim is reset" in assert_page(response)
    assert len(code_on(response)) >= 24
    assert kim.get("/").status_code == 303
    assert not console.again(kim.person.id).has_password


def test_sessions_are_ended(console: Stage):
    admin, kim = console.signed_in(temple="admin"), console.signed_in("kim", temple="reader")
    path = f"/people/{kim.person.id}"
    assert_goes_to(admin.post(f"{path}/end-sessions"), f"/staff{path}?done=sessions")
    assert console.parts.sessions.find(kim.client.cookies.get(SESSION)) is None


def test_somebody_of_another_clinic_is_not_there(console: Stage):
    admin, lee = console.signed_in(temple="admin"), console.person("lee", twin_cities="reader")
    assert_page(admin.get(f"/people/{lee.id}"), 404)
    for change in ("disable", "enable", "end-sessions", "reset", "oidc", "roles/temple"):
        assert_page(admin.post(f"/people/{lee.id}/{change}", {"role": "reader"}), 404)
    assert console.again(lee.id) == lee


def test_somebody_of_both_clinics_is_changed_here_only(console: Stage):
    admin = console.signed_in(temple="admin")
    kim = console.person("kim", temple="reader", twin_cities="admin")
    text = assert_page(admin.get(f"/people/{kim.id}"))
    assert "only an admin of all their clinics" in text
    assert "Reset" not in text
    assert "Twin Cities" not in text
    for change in ("disable", "end-sessions"):
        assert_page(admin.post(f"/people/{kim.id}/{change}"), 422)
    assert_page(admin.post(f"/people/{kim.id}/reset"), 403)
    assert_page(admin.post(f"/people/{kim.id}/roles/twin-cities", {"role": "reader"}), 404)
    assert console.again(kim.id) == kim
    assert_goes_to(
        admin.post(f"/people/{kim.id}/roles/temple", {"role": "editor"}),
        f"/staff/people/{kim.id}?done=roles",
    )


def test_a_clinic_can_require_the_second_factor(console: Stage):
    admin = console.signed_in(temple="admin")
    kim = console.signed_in("kim", temple="reader")
    lee = console.signed_in("lee", twin_cities="reader")
    response = admin.post("/people/second-factor/temple", {"required": "on"})
    assert_goes_to(response, "/staff/people?done=required")
    assert_goes_to(kim.get("/me"), "/staff/second-factor/set-up?next=%2Fstaff%2Fme")
    assert_page(lee.get("/me"))


def test_a_name_is_shown_as_text(console: Stage):
    hostile = "<script>alert(1)</script>"
    admin = console.signed_in(temple="admin")
    response = admin.post("/people/new", {**NEW, "display_name": hostile})
    assert hostile in assert_page(response)
    for page in (response, admin.get("/people")):
        assert hostile not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_an_account_of_the_provider_is_connected(console: Stage):
    settings = replace(
        console.parts.settings,
        staff_oidc=OidcSettings("https://login.example", "careline", "secret"),
    )
    stage = make_stage(settings, console.database, console.clock)
    admin, kim = stage.signed_in(temple="admin"), stage.person("kim", temple="reader")
    path = f"/people/{kim.id}"
    assert "Number at the provider" in assert_page(admin.get(path))
    response = admin.post(f"{path}/oidc", {"oidc_subject": "248289761001"})
    assert_goes_to(response, f"/staff{path}?done=oidc")
    found = stage.parts.people.by_oidc_subject("248289761001")
    assert found == kim
    taken = admin.post(f"/people/{admin.person.id}/oidc", {"oidc_subject": "248289761001"})
    assert "belongs to somebody else" in assert_page(taken, 422)
    admin.post(f"{path}/oidc", {"oidc_subject": ""})
    assert stage.parts.people.by_oidc_subject("248289761001") is None
