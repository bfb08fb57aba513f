"""The start page and missed questions: axe, no side-scrolling, and they work without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bot.missed.model import State
from tests.console.looks import wrong_in_any_look
from tests.console.missed_stage import grouped, missed, numbers, parking, state_of
from tests.console.stage import OpenPage, Stage
from tests.console.talks import shelf


@dataclass
class Desk:
    """Somebody at a browser; an admin of both clinics unless roles are given."""

    console: Stage
    open_page: OpenPage

    def at(self, path: str, roles: str = "admin", **look: object) -> Page:
        staff = self.console.signed_in(temple=roles, twin_cities=roles)
        return self.open_page(path, staff, viewport={"width": 390, "height": 844}, **look)


@pytest.fixture
def desk(console: Stage, open_page: OpenPage) -> Desk:
    return Desk(console, open_page)


def busy(desk: Desk, path: str = "/") -> Page:
    shelf(desk.console)
    desk.console.clock.move(days=2)
    shelf(desk.console)
    page = desk.at(path)
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def overdue(desk: Desk) -> Page:
    desk.console.clock.now += timedelta(days=3 * 365)
    return desk.at("/", "editor")


def days_refused(desk: Desk, path: str) -> Page:
    page = desk.at(f"{path}?days=own&from=x&to=2026-11-01")
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def list_of_groups(desk: Desk) -> Page:
    parking(desk.console)
    missed(desk.console, "does insurance pay", clinic="twin-cities")
    grouped(desk.console)
    return desk.at("/missed")


def group(desk: Desk, roles: str = "admin") -> Page:
    return desk.at(f"/missed/{parking(desk.console)}", roles)


def nothing_ticked(desk: Desk) -> Page:
    page = group(desk)
    page.get_by_role("button", name="Add the ticked questions").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def ignored(desk: Desk) -> Page:
    page = group(desk)
    page.get_by_role("button", name="Ignore").click()
    expect(page.get_by_role("status")).to_be_focused()
    return page


STATES: dict[str, Callable[[Desk], Page]] = {
    "today": busy,
    "today-90": lambda desk: busy(desk, "/?days=90"),
    "today-empty": lambda desk: desk.at("/"),
    "today-editor": overdue,
    "today-reader": lambda desk: desk.at("/", "reader"),
    "today-refused": lambda desk: days_refused(desk, "/"),
    "missed": list_of_groups,
    "missed-empty": lambda desk: desk.at("/missed"),
    "missed-none-found": lambda desk: desk.at("/missed?reason=unsure"),
    "missed-refused": lambda desk: days_refused(desk, "/missed"),
    "group": group,
    "group-reader": lambda desk: group(desk, "reader"),
    "group-nothing-ticked": nothing_ticked,
    "group-ignored": ignored,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_off(desk: Desk, state: str) -> None:
    page = STATES[state](desk)
    assert wrong_in_any_look(page, state) == []


def test_no_column_of_the_numbers_is_cut_off_on_a_wide_screen(desk: Desk) -> None:
    page = busy(desk)
    page.set_viewport_size({"width": 1280, "height": 844})
    tables = page.locator(".charts .scroll")
    assert tables.count() == 3
    over = "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    assert tables.evaluate_all(over) == 0


def test_bars_can_be_seen_in_forced_colours(desk: Desk) -> None:
    shelf(desk.console)
    page = desk.at("/", forced_colors="active")
    bar, part = page.locator("svg.bars .all").first, page.locator("svg.bars .part").first
    colour = "each => [getComputedStyle(each).fill, getComputedStyle(each).stroke]"
    (fill, stroke), (filled, _) = bar.evaluate(colour), part.evaluate(colour)
    assert fill != stroke
    assert filled == stroke


def test_everything_works_without_scripts(desk: Desk) -> None:
    number = parking(desk.console)
    page = desk.at("/", java_script_enabled=False)
    page.get_by_label("Days", exact=True).select_option("28")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".window")).to_contain_text("28 days")
    page.get_by_role("link", name="Questions, grouped").click()
    page.get_by_role("link", name="parking").first.click()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("What they are about").select_option("appointment")
    page.get_by_role("button", name="Add the ticked questions").click()
    expect(page.get_by_role("status")).to_contain_text("1 question is now an example")
    assert state_of(desk.console, number) is State.ADDED
    page.get_by_role("button", name="Take up again").click()
    expect(page.get_by_role("status")).to_contain_text("taken up again")
    assert numbers(desk.console)[0] == number
