"""The pages of a clinic's notices, routes, retention and record in every state: axe finds nothing
wrong at both widths, light and dark, nothing is cut off, and the focus goes where it helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bot.content.contact_routes import ClinicSettings, version_of
from bot.conversations import reference
from bot.conversations.model import DraftMessage
from tests.console.looks import wrong_in_any_look
from tests.console.stage import OpenPage, Stage
from tests.content.test_contact_routes import with_hours


@dataclass
class Desk:
    """An admin of both clinics at a browser, with one conversation to find."""

    console: Stage
    open_page: OpenPage
    code: str

    def at(self, path: str) -> Page:
        admin = self.console.signed_in(temple="admin", twin_cities="admin")
        return self.open_page(path, admin, viewport={"width": 390, "height": 844})


@pytest.fixture
def desk(console: Stage, open_page: OpenPage) -> Desk:
    settings = ClinicSettings(console.database, console.clock)
    twin = settings.clinic("twin-cities")
    settings.set_routes(
        "twin-cities", with_hours(twin), by="mia", read_version=version_of(twin.routes)
    )
    now = console.clock.now
    console.clock.now = now - timedelta(days=40)
    hello = DraftMessage("bot", "Hello.", subject="greeting")
    begun, _ = console.log.open(
        "temple", token_hash=None, external_id=None, expires_at=None, greeting=hello
    )
    console.clock.now = now
    return Desk(console, open_page, reference.shown(begun.reference))


def press(page: Page, name: str) -> Page:
    page.get_by_role("button", name=name).click()
    return page


def refused(page: Page) -> Page:
    """A page that tells what to put right: the summary has the focus."""
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def notice_refused(desk: Desk) -> Page:
    page = desk.at("/notices/temple")
    page.get_by_label("What visitors read").fill("")
    return refused(press(page, "Switch on"))


def notice_switched_off(desk: Desk) -> Page:
    page = press(desk.at("/notices"), "Switch the outage off of Temple Health")
    expect(page.get_by_role("status")).to_be_focused()
    return page


def notice_looked_at(desk: Desk) -> Page:
    page = press(desk.at("/notices/temple"), "Look at it first")
    expect(page.get_by_role("heading", name="What visitors will see")).to_be_focused()
    return page


def routes_refused(desk: Desk) -> Page:
    page = desk.at("/routes/twin-cities")
    page.get_by_label("Monday").first.fill("8 to 5")
    page.get_by_label("Words of the link").first.fill("")
    refused(press(page, "Save"))
    page.get_by_role("link", name="Phone, Monday").click()
    expect(page.get_by_label("Monday").first).to_be_focused()
    return page


def routes_overtaken(desk: Desk) -> Page:
    page = desk.at("/routes/twin-cities")
    settings = ClinicSettings(desk.console.database, desk.console.clock)
    routes = settings.clinic("twin-cities").routes
    settings.set_routes("twin-cities", routes[::-1], by="leo", read_version=version_of(routes))
    return refused(press(page, "Save"))


def days_looked_at(desk: Desk) -> Page:
    page = desk.at("/retention/temple")
    page.get_by_label("Days after the last message").fill("30")
    press(page, "Look at what would go")
    expect(page.get_by_role("heading", name="With 30 days")).to_be_focused()
    return page


def code_found(desk: Desk) -> Page:
    page = desk.at("/retention")
    page.get_by_label("Reference code").fill(desk.code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=desk.code)).to_be_visible()
    return page


def code_not_found(desk: Desk) -> Page:
    page = desk.at("/retention")
    page.get_by_label("Reference code").fill("nothing")
    return refused(press(page, "Find it"))


def record_checked(desk: Desk) -> Page:
    page = press(desk.at("/audit"), "Check that nothing was changed")
    expect(page.get_by_role("status")).to_be_focused()
    return page


STATES: dict[str, Callable[[Desk], Page]] = {
    "notices": lambda desk: desk.at("/notices"),
    "notice": lambda desk: desk.at("/notices/temple"),
    "notice refused": notice_refused,
    "notice looked at": notice_looked_at,
    "notice off": notice_switched_off,
    "routes": lambda desk: desk.at("/routes"),
    "routes form": lambda desk: desk.at("/routes/twin-cities"),
    "routes refused": routes_refused,
    "routes overtaken": routes_overtaken,
    "retention": lambda desk: desk.at("/retention"),
    "days": lambda desk: desk.at("/retention/temple"),
    "days without conversations": lambda desk: desk.at("/retention/twin-cities"),
    "days looked at": days_looked_at,
    "code found": code_found,
    "code not found": code_not_found,
    "record": lambda desk: desk.at("/audit"),
    "record without entries": lambda desk: desk.at("/audit?by=nobody"),
    "record refused": lambda desk: refused(desk.at("/audit?since=x&until=y")),
    "record checked": record_checked,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_off(desk: Desk, state: str) -> None:
    page = STATES[state](desk)
    assert wrong_in_any_look(page, state) == []
