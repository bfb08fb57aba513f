"""The pages of answers in every state: axe finds nothing wrong at both widths, light and dark,
nothing is cut off, and the focus goes where it helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from bot.content.approval import ApprovalSetting
from tests.console.looks import wrong_in_any_look
from tests.console.stage import OpenPage, Staff, Stage
from tests.console.test_answers import change, number
from tests.console.test_clinic_pages_accessible import press, refused

PARKING = """  faq/parking:
    title: Parking
    text: There is parking behind the house.
    examples:
      - Where can I park?
      - Is there parking?
    source: temple
"""
"""An answer at the end of a content file."""


@dataclass
class Desk:
    """Two admins of both clinics, one of them at a browser."""

    console: Stage
    open_page: OpenPage
    other: Staff

    def at(self, path: str) -> Page:
        me = self.console.signed_in("ana", temple="admin", twin_cities="admin")
        return self.open_page(path, me, viewport={"width": 390, "height": 844})

    def answer(self, subject: str, detail: str = "") -> Page:
        return self.at(f"/answers/{number(self.console, subject, detail)}")


@pytest.fixture
def desk(trained: None, console: Stage, open_page: OpenPage) -> Desk:
    other = console.signed_in("leo", temple="admin", twin_cities="admin")
    return Desk(console, open_page, other)


def answer_refused(desk: Desk) -> Page:
    page = desk.answer("treatments")
    page.get_by_label("What the bot says").fill("")
    return refused(press(page, "Publish now"))


def looked_at(desk: Desk) -> Page:
    page = press(desk.answer("help"), "Look at it first")
    expect(page.get_by_role("heading", name="What visitors will see")).to_be_focused()
    return page


def published(desk: Desk) -> Page:
    page = desk.answer("help")
    page.get_by_label("What the bot says").fill("Ask me about your back.")
    press(page, "Publish now")
    expect(page.get_by_role("status")).to_be_focused()
    return page


def overtaken(desk: Desk) -> Page:
    page = desk.answer("help")
    change(desk.other, number(desk.console, "help"), "publish", text="Words of Leo.")
    return refused(press(page, "Publish now"))


def waiting(desk: Desk) -> Page:
    ApprovalSetting(desk.console.database, desk.console.clock).set("temple", True, by="ada")
    place = number(desk.console, "treatments")
    change(desk.other, place, "ask", text="There are several. {items}")
    page = desk.at(f"/answers/{place}")
    expect(page.get_by_role("button", name="Approve and publish")).to_be_visible()
    return page


def tried(desk: Desk) -> Page:
    page = desk.at("/answers/new")
    page.get_by_label("Title").first.fill("Dogs in the clinic")
    page.get_by_label("What the bot says").fill("Service dogs are welcome.")
    page.get_by_label("Example questions").fill("Can I bring my dog?\nAre pets allowed?")
    press(page, "Look at it first")
    expect(page.get_by_role("heading", name="Would it be found?")).to_be_visible()
    return page


def history(desk: Desk) -> Page:
    change(desk.other, number(desk.console, "help"), "publish", text="Other words.")
    return desk.at(f"/answers/{number(desk.console, 'help')}/history")


def file_refused(desk: Desk) -> Page:
    page = desk.at("/answers/files")
    page.get_by_label("The whole file").fill("answers:\n  help: 3\n")
    return refused(press(page, "Look at what it changes"))


def file_looked_at(desk: Desk) -> Page:
    text = desk.other.get("/answers/files/download?name=twin-cities.yml").text
    page = desk.at("/answers/files")
    page.get_by_label("Which file").select_option("twin-cities.yml")
    page.get_by_label("The whole file").fill(text + PARKING)
    press(page, "Look at what it changes")
    expect(page.get_by_role("heading", name="What twin-cities.yml would change")).to_be_focused()
    return page


STATES: dict[str, Callable[[Desk], Page]] = {
    "list": lambda desk: desk.at("/answers"),
    "list with nothing": lambda desk: desk.at("/answers?words=zebra"),
    "a list of items": lambda desk: desk.answer("causes"),
    "an item": lambda desk: desk.answer("treatment_detail", "injections"),
    "refused": answer_refused,
    "looked at": looked_at,
    "published": published,
    "overtaken": overtaken,
    "waiting": waiting,
    "new": lambda desk: desk.at("/answers/new"),
    "tried": tried,
    "history": history,
    "files": lambda desk: desk.at("/answers/files"),
    "file refused": file_refused,
    "file looked at": file_looked_at,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_off(desk: Desk, state: str) -> None:
    page = STATES[state](desk)
    assert wrong_in_any_look(page, f"answers {state}") == []
