"""The parts of the console: a row on a wide screen, behind one line on a phone, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.console.looks import wrong_in_any_look
from tests.console.stage import OpenPage, Stage
from tests.console.test_by_hand import tab_to

NO_SCRIPT = {"java_script_enabled": False}
ROLES = {"temple": "admin", "twin_cities": "admin"}


def wide(width: int) -> dict[str, object]:
    return {"viewport": {"width": width, "height": 640}}


def links(page: Page) -> list[str]:
    """The parts that one can see."""
    found = page.get_by_role("navigation", name="Console").get_by_role("link").all()
    return [each.inner_text() for each in found if each.is_visible()]


@pytest.mark.parametrize("scripts", [{}, NO_SCRIPT])
def test_on_a_phone_one_line_names_the_page_and_opens_the_parts(
    console: Stage, open_page: OpenPage, scripts: dict
) -> None:
    page = open_page("/missed", console.signed_in(**ROLES), **wide(360), **scripts)
    assert links(page) == []
    menu = page.locator("nav summary")
    expect(menu).to_have_text("Menu: Missed questions")
    header = page.locator("header").bounding_box()
    assert header
    assert header["height"] < 640 / 4
    tab_to(page, "Menu: Missed questions")
    page.keyboard.press("Enter")
    assert len(links(page)) == 11
    tab_to(page, "Today")
    tab_to(page, "Conversations")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
    expect(menu).to_have_text("Menu: Conversations")


def test_on_a_wide_screen_the_parts_are_there_at_once(console: Stage, open_page: OpenPage) -> None:
    page = open_page("/missed", console.signed_in(**ROLES), **wide(1280))
    assert len(links(page)) == 11
    expect(page.locator("nav summary")).to_be_hidden()
    expect(page.locator("nav [aria-current=page]")).to_have_text("Missed questions")
    rows = page.locator("nav li").evaluate_all(
        "all => new Set(all.map(each => each.offsetTop)).size"
    )
    assert rows == 1


def test_axe_finds_nothing_in_the_open_menu(console: Stage, open_page: OpenPage) -> None:
    page = open_page("/me", console.signed_in(**ROLES), **wide(360))
    menu = page.locator("nav summary")
    expect(menu).to_have_text("Menu")
    menu.click()
    assert wrong_in_any_look(page, "menu-open") == []
