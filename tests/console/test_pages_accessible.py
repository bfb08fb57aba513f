"""Every page of the door in every state: axe finds nothing wrong, at both widths, light and dark;
nothing is cut off; everything works by keyboard and without scripts.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.console.looks import wrong_in_any_look
from tests.console.stage import PASSWORD, OpenPage, Stage

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

State = Callable[[Stage, OpenPage, dict], Page]


def signed_in(path: str, **roles: str) -> State:
    return lambda console, open_page, look: open_page(path, console.signed_in(**roles), **look)


def sign_in(console: Stage, open_page: OpenPage, look: dict) -> Page:
    return open_page("/sign-in", **look)


def session_ended(console: Stage, open_page: OpenPage, look: dict) -> Page:
    staff = console.signed_in(temple="reader")
    console.clock.move(hours=1)
    return open_page("/", staff, **look)


def sign_in_refused(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page("/sign-in", **look)
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("not this")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def signed_out(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page("/", console.signed_in(temple="reader"), **look)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_be_focused()
    return page


def welcome(console: Stage, open_page: OpenPage, look: dict) -> Page:
    return open_page("/welcome", **look)


def welcome_with_code(console: Stage, open_page: OpenPage, look: dict) -> Page:
    console.person("boss", temple="admin")
    code = console.parts.people.reset(console.person().id, by="boss")
    page = open_page("/welcome", **look)
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("The same password again").fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def second_factor(console: Stage, open_page: OpenPage, look: dict) -> Page:
    staff = console.signed_in(console.person(second_factor=KEY, temple="reader"), pending=True)
    return open_page("/second-factor", staff, **look)


def second_factor_refused(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = second_factor(console, open_page, look)
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def set_up(console: Stage, open_page: OpenPage, look: dict) -> Page:
    console.require_second_factor()
    return open_page("/", console.signed_in(temple="reader"), **look)


def recovery_codes(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = set_up(console, open_page, look)
    key = page.locator("#key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(console.digits(key))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    return page


def own_page(console: Stage, open_page: OpenPage, look: dict) -> Page:
    person = console.person(second_factor=KEY, temple="reader reviewer", twin_cities="admin")
    console.signed_in(person)
    return open_page("/me", console.signed_in(person), **look)


def own_page_refused(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page("/me", console.signed_in(temple="reader"), **look)
    page.get_by_label("Present password").fill("not this")
    page.get_by_label("New password", exact=True).fill(PASSWORD + "s")
    page.get_by_label("The new password again").fill(PASSWORD + "s")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def crew(console: Stage) -> None:
    console.person("mo.brandt@temple.example", second_factor=KEY, temple="reader reviewer")
    console.person("kim", password=None, temple="editor", twin_cities="reader")
    console.person("boss", temple="admin")
    lee = console.person("lee", temple="reader")
    console.parts.people.disable(lee.id, by="boss")


def people(console: Stage, open_page: OpenPage, look: dict) -> Page:
    crew(console)
    return open_page("/people", console.signed_in(temple="admin", twin_cities="admin"), **look)


def person(console: Stage, open_page: OpenPage, look: dict) -> Page:
    crew(console)
    page = open_page("/people", console.signed_in(temple="admin", twin_cities="admin"), **look)
    page.get_by_role("link", name="Kim").click()
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def last_admin(console: Stage, open_page: OpenPage, look: dict) -> Page:
    ana = console.signed_in(temple="admin")
    page = open_page(f"/people/{ana.person.id}", ana, **look)
    page.get_by_label("Admin").uncheck()
    page.get_by_role("button", name="Save roles").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def person_elsewhere(console: Stage, open_page: OpenPage, look: dict) -> Page:
    crew(console)
    page = open_page("/people", console.signed_in(temple="admin"), **look)
    page.get_by_role("link", name="Kim").click()
    return page


def add_nothing(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page("/people/new", console.signed_in(temple="admin"), **look)
    page.get_by_label("Name to sign in").fill("A B")
    page.get_by_label("Shown as").fill("A. B.")
    page.get_by_role("button", name="Add and get a code").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def added(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page("/people/new", console.signed_in(temple="admin"), **look)
    page.get_by_label("Name to sign in").fill("jo.rivera")
    page.get_by_label("Shown as").fill("Jo Rivera")
    page.get_by_label("Reviewer").check()
    page.get_by_role("button", name="Add and get a code").click()
    expect(page.locator("#code")).to_be_visible()
    return page


STATES: dict[str, State] = {
    "sign-in": sign_in,
    "session-ended": session_ended,
    "sign-in-refused": sign_in_refused,
    "signed-out": signed_out,
    "welcome": welcome,
    "welcome-password": welcome_with_code,
    "second-factor": second_factor,
    "second-factor-refused": second_factor_refused,
    "set-up": set_up,
    "recovery-codes": recovery_codes,
    "start": signed_in("/", temple="admin", twin_cities="admin"),
    "start-without-role": signed_in("/"),
    "me": own_page,
    "me-refused": own_page_refused,
    "people": people,
    "person": person,
    "person-elsewhere": person_elsewhere,
    "last-admin": last_admin,
    "add": signed_in("/people/new", temple="admin", twin_cities="admin"),
    "add-refused": add_nothing,
    "added": added,
    "not-found": signed_in("/nothing-here", temple="reader"),
    "not-allowed": signed_in("/people", temple="reader"),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_off(console: Stage, open_page: OpenPage, state: str):
    page = STATES[state](console, open_page, {"viewport": {"width": 390, "height": 844}})
    assert wrong_in_any_look(page, state) == []
