"""The console as hands use it, in a real browser: by keyboard alone, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.console.cookies import DEVICE, SESSION
from tests.console.stage import PASSWORD, OpenPage, Stage

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPT = {"java_script_enabled": False}
FOCUSED = """() => {
  const at = document.activeElement;
  const outline = getComputedStyle(at).outlineStyle;
  return [outline, at.labels?.[0]?.innerText || at.innerText || "", at.outerHTML.slice(0, 200)];
}"""
"""Not `:focus`, which does not match a field of a date while its button has the focus."""


def tab_to(page: Page, name: str, most: int = 30) -> None:
    """Press Tab until that control has the focus; each on the way must show that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        outline, label, tag = page.evaluate(FOCUSED)
        assert outline != "none", tag
        if label.strip() == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def test_signing_in_by_keyboard_alone(console: Stage, open_page: OpenPage):
    console.person("ana", second_factor=KEY, temple="admin")
    page = open_page("/people")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type("not this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("ana")
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title("Second step | Careline staff")
    tab_to(page, "Code")
    page.keyboard.type(console.digits(KEY))
    tab_to(page, "Go on")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    page.keyboard.press("n")
    expect(page).to_have_title("Add a person | Careline staff")
    tab_to(page, "Name to sign in")
    page.keyboard.type("nina")
    expect(page.get_by_label("Name to sign in")).to_have_value("nina")


@pytest.mark.parametrize("look", [PHONE, {}, {**PHONE, **NO_SCRIPT}])
def test_from_invitation_to_signing_out(console: Stage, open_page: OpenPage, look: dict):
    """Everything that a person does here, on a phone, at a desk, and without scripts."""
    console.person("boss", temple="admin")
    page = open_page("/sign-in", **look)
    fill(page, {"Name": "boss", "Password": PASSWORD}, "Sign in")
    if look:  # on a phone the parts are behind a line
        page.get_by_text("Menu: Today").click()
    page.get_by_role("link", name="People").first.click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Reader").check()
    typed = {"Name to sign in": "jo.rivera", "Shown as": "Jo Rivera"}
    fill(page, typed, "Add and get a code")
    code = page.locator("#code").inner_text()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("link", name="Set your password with the code").click()
    fill(page, {"Code": code}, "Go on")
    fill(page, {"New password": PASSWORD, "The same password again": PASSWORD}, "Set password")
    fill(page, {"Name": "jo.rivera", "Password": PASSWORD}, "Sign in")
    page.get_by_role("link", name="Jo Rivera").click()
    page.get_by_role("link", name="Set up the second step").click()
    expect(page.get_by_role("img")).to_be_visible()
    key = page.locator("#key").inner_text().replace(" ", "")
    fill(page, {"Code": console.digits(key)}, "Switch on the second step")
    page.get_by_role("link", name="I have kept them, go on").click()
    page.get_by_role("button", name="Sign out").click()

    console.clock.move(seconds=90)
    fill(page, {"Name": "jo.rivera", "Password": PASSWORD}, "Sign in")
    fill(page, {"Code": console.digits(key)}, "Go on")
    expect(page.get_by_role("heading", name="Hello, Jo Rivera")).to_be_visible()


def fill(page: Page, fields: dict[str, str], button: str) -> None:
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_browser_keeps_the_cookies_and_no_script_reads_them(console: Stage, open_page: OpenPage):
    console.person("ana", temple="reader")
    page = open_page("/sign-in")
    fill(page, {"Name": "ana", "Password": PASSWORD}, "Sign in")
    expect(page).to_have_title("Today | Careline staff")
    kept = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(kept) == {SESSION, DEVICE}
    assert all(c["httpOnly"] and c["secure"] and c["sameSite"] == "Lax" for c in kept.values())
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("({...localStorage, ...sessionStorage})") == {}


def test_going_back_after_signing_out_shows_nothing(console: Stage, open_page: OpenPage):
    console.person("mo", temple="reader")
    page = open_page("/people", console.signed_in(temple="admin"))
    expect(page.get_by_role("link", name="Mo", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Mo" not in page.locator("table").all_inner_texts()


def test_on_paper_there_is_no_navigation(console: Stage, open_page: OpenPage):
    page = open_page("/people", console.signed_in(temple="admin"))
    page.emulate_media(media="print")
    for hidden in ("header", "footer", "button"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()


def test_the_colours_of_the_system_are_enough(console: Stage, open_page: OpenPage):
    page = open_page("/people", console.signed_in(temple="admin"))
    page.emulate_media(forced_colors="active")
    here = page.locator("nav a[aria-current]")
    border = here.evaluate("at => getComputedStyle(at).borderBottomColor")
    other = page.locator("main").evaluate("at => getComputedStyle(at).backgroundColor")
    assert border != other


def test_everything_to_press_is_large_enough(console: Stage, open_page: OpenPage):
    """WCAG 2.2, 2.5.8: 24 px; ours are 44 where there is room."""
    page = open_page("/people", console.signed_in(temple="admin"), **PHONE)
    for path in ("/people", "/people/new", "/me"):
        page.goto(f"/staff{path}")
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, button, input, select, summary, .tick")]
              .filter((at) => at.checkVisibility())
              .filter((at) => !at.closest(".skip, .unseen, main p, .tick > *"))
              .filter((at) => at.getBoundingClientRect().height < 24)
              .map((at) => at.outerHTML)"""
        )
        assert small == [], path
