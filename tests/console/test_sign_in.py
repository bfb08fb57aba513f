"""Signing in and out: what a browser sends and gets, and what nobody can learn or do."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest

from bot.console.cookies import DEVICE, SESSION
from tests.console.stage import PASSWORD, Staff, Stage, assert_goes_to, assert_page, words

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(browser: Staff, name: str = "ana", password: str = PASSWORD, **more: str):
    return browser.post("/sign-in", {"name": name, "password": password, **more})


def cookies_of(response) -> dict[str, Morsel]:
    jar: SimpleCookie = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        jar.load(header)
    return dict(jar)


def test_the_right_password_leads_to_the_start_page(console: Stage):
    console.person("ana", temple="reader")
    browser = console.browser()
    assert_page(browser.get("/sign-in"))
    assert_goes_to(sign_in(browser), "/staff/")
    assert "Hello, Ana" in assert_page(browser.get("/"))
    assert [entry.action for entry in console.recorded()] == ["sign_in"]


@pytest.mark.parametrize("name", ["Ana", " ana ", "ANA"])
def test_a_name_counts_however_it_is_written(console: Stage, name: str):
    console.person("ana")
    assert_goes_to(sign_in(console.browser(), name), "/staff/")


def test_what_was_typed_stays_but_never_the_password(console: Stage):
    response = sign_in(console.browser(), "ana<b>", "my secret words")
    assert_page(response, 422)
    assert 'value="ana&lt;b&gt;"' in response.text
    assert "my secret words" not in response.text


def test_a_missing_field_is_named_beside_it(console: Stage):
    response = console.browser().post("/sign-in", {"name": "", "password": ""})
    text = assert_page(response, 422)
    assert text.count("Enter your name.") == text.count("Enter your password.") == 2
    assert 'aria-describedby="name-error"' in response.text
    assert "<title>Error:" in response.text


def test_the_cookies_have_every_flag(console: Stage):
    console.person("ana")
    found = cookies_of(sign_in(console.browser()))
    assert set(found) == {SESSION, DEVICE}
    for cookie in found.values():
        assert cookie.key.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert len(cookie.value) >= 43
    assert found[SESSION]["max-age"] == ""
    assert int(found[DEVICE]["max-age"]) > 0


def test_signing_out_ends_the_session_on_the_server_and_in_the_browser(console: Stage):
    staff = console.signed_in(temple="reader")
    response = staff.post("/sign-out")
    assert_goes_to(response, "/staff/sign-in?done=signed-out")
    assert cookies_of(response)[SESSION]["max-age"] == "0"
    assert console.parts.sessions.find(staff.token) is None
    assert "You have signed out" in assert_page(staff.get("/sign-in?done=signed-out"))


def test_a_session_that_somebody_was_given_before_signing_in_does_not_become_theirs(
    console: Stage,
):
    """Session fixation: with a token of the attacker's choice, and with a session of theirs."""
    console.person("ana", temple="admin")
    mallory = console.signed_in("mallory", temple="reader")
    for planted in (mallory.token, "chosen-by-somebody-else-" + "x" * 20):
        browser = console.browser()
        browser.client.cookies.set(SESSION, planted, domain="careline.example", path="/")
        now = cookies_of(sign_in(browser))[SESSION].value
        assert now != planted
        assert console.parts.sessions.find(planted) is None
        found = console.parts.sessions.find(now)
        assert found is not None
        assert found.person.name == "ana"


def test_the_second_factor_gives_the_session_another_token_and_another_form_token(console: Stage):
    console.person("ana", second_factor=KEY, temple="reader")
    browser = console.browser()
    assert_goes_to(sign_in(browser), "/staff/second-factor")
    before, form = browser.client.cookies.get(SESSION), browser.csrf
    assert DEVICE not in browser.client.cookies
    assert_goes_to(browser.post("/second-factor", {"code": console.digits(KEY)}), "/staff/")
    assert browser.client.cookies.get(SESSION) != before
    assert browser.csrf not in ("", form)
    assert console.parts.sessions.find(before) is None
    assert DEVICE in browser.client.cookies


def test_a_wrong_code_does_not_open_anything(console: Stage):
    console.person("ana", second_factor=KEY, temple="reader")
    browser = console.browser()
    sign_in(browser)
    assert_page(browser.post("/second-factor", {"code": ""}), 422)
    assert "That code did not work" in assert_page(
        browser.post("/second-factor", {"code": "000000"}), 422
    )
    assert_goes_to(browser.get("/"), "/staff/second-factor")


def test_the_page_that_was_asked_for_comes_after_both_steps(console: Stage):
    console.person("ana", second_factor=KEY, temple="admin")
    browser = console.browser()
    response = browser.get("/people?x=1")
    wanted = "next=%2Fstaff%2Fpeople%3Fx%3D1"
    assert_goes_to(response, f"/staff/sign-in?{wanted}")
    page = browser.client.get(response.headers["location"])
    assert 'name="next" value="/staff/people?x=1"' in page.text
    response = sign_in(browser, next="/staff/people?x=1")
    assert_goes_to(response, f"/staff/second-factor?{wanted}")
    response = browser.post(
        "/second-factor", {"code": console.digits(KEY), "next": "/staff/people?x=1"}
    )
    assert_goes_to(response, "/staff/people?x=1")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/staff/../../evil",
        "/staff//evil.example",
        "/staff/%0d%0aLocation: https://evil.example",
        "/staff/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/",
        "/staff",
        "/staffroom/",
        "staff/people",
        " /staff/people",
        "/staff/people\n",
        "/staff/people#https://evil.example",
        "/staff/sign-out",
        "/staff/sign-in",
        "/staff/" + "a" * 3000,
    ],
)
def test_nobody_is_sent_elsewhere(console: Stage, elsewhere: str):
    console.person("ana")
    browser = console.browser()
    page = browser.client.get("/staff/sign-in", params={"next": elsewhere})
    assert '<input type="hidden" name="next" value="/staff/">' in page.text
    assert_goes_to(sign_in(browser, next=elsewhere), "/staff/")
    signed_in = browser.client.get("/staff/sign-in", params={"next": elsewhere})
    assert_goes_to(signed_in, "/staff/")


def test_a_session_ends_after_a_quarter_of_an_hour_without_use(console: Stage):
    staff = console.signed_in(temple="reader")
    for _ in range(4):
        console.clock.move(minutes=14)
        assert_page(staff.get("/"))
    console.clock.move(minutes=15)
    assert_goes_to(staff.get("/me"), "/staff/sign-in?next=%2Fstaff%2Fme&why=ended")
    assert "15 minutes without use" in assert_page(staff.get("/sign-in?why=ended"))


def test_a_session_ends_after_eight_hours_whatever_is_done_in_it(console: Stage):
    staff = console.signed_in(temple="reader")
    for _ in range(47):
        console.clock.move(minutes=10)
        assert_page(staff.get("/"))
    console.clock.move(minutes=10)
    assert_goes_to(staff.get("/"), "/staff/sign-in?why=ended")


def test_a_change_after_the_session_has_ended_changes_nothing(console: Stage):
    staff = console.signed_in(temple="admin")
    form = {"csrf": staff.csrf, "name": "new", "display_name": "New", "role:temple": "admin"}
    console.clock.move(hours=9)
    assert_goes_to(staff.post("/people/new", form), "/staff/sign-in?why=ended")
    assert [person.name for person in console.parts.people.all()] == ["ana"]


def test_a_code_from_an_admin_sets_the_first_password_once(console: Stage):
    console.person("boss", temple="admin")
    person = console.person("ana", temple="reader")
    code = console.parts.people.reset(person.id, by="boss")
    browser = console.browser()
    assert "Hello, Ana" in assert_page(browser.post("/welcome", {"code": code.upper()}))
    new = {"code": code, "password": "four ladders beside a purple kettle"}
    assert "not the same" in assert_page(browser.post("/welcome", {**new, "again": "x"}), 422)
    weak = {"code": code, "password": "password1234", "again": "password1234"}
    assert "easy to guess" in assert_page(browser.post("/welcome", weak), 422)
    new["again"] = new["password"]
    assert_goes_to(browser.post("/welcome", new), "/staff/sign-in?done=password")
    assert "set-up code did not work" in assert_page(browser.post("/welcome", new), 422)
    assert_goes_to(sign_in(browser, "ana", new["password"]), "/staff/")


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000-0000", "'", "x" * 5000])
def test_a_wrong_code_shows_nobody(console: Stage, code: str):
    console.person("ana")
    text = assert_page(console.browser().post("/welcome", {"code": code}), 422)
    assert "Ana" not in text


def test_a_person_who_signs_in_already_goes_straight_on(console: Stage):
    staff = console.signed_in(temple="reader")
    assert_goes_to(staff.get("/sign-in"), "/staff/")
    assert "Ana" in words(staff.get("/"))
