"""Corrections and training in a real browser: two clicks, axe, both widths, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect

from bot.candidates.gates import SAFETY
from bot.candidates.model import Kind, RunState
from bot.candidates.runs import Runs
from bot.corrections.model import State, Wanted
from tests.candidates.stage import GOOD, Shelf, changed
from tests.console.looks import wrong_in_any_look
from tests.console.stage import OpenPage, Stage
from tests.console.talks import said
from tests.console.test_corrections import corrected, message_of, store
from tests.console.test_training import EVERYWHERE
from tests.console.test_training_promotion import LINE


@dataclass
class Desk:
    """Somebody who reviews at each clinic, at a browser."""

    console: Stage
    shelf: Shelf
    open_page: OpenPage

    def at(self, path: str) -> Page:
        staff = self.console.signed_in(**EVERYWHERE)
        return self.open_page(path, staff, viewport={"width": 390, "height": 844})

    def runs(self) -> Runs:
        return Runs(self.console.database, self.console.clock)


@pytest.fixture
def desk(console: Stage, shelf: Shelf, open_page: OpenPage) -> Desk:
    return Desk(console, shelf, open_page)


def test_a_message_is_corrected_with_one_click_or_with_two(desk: Desk):
    id_ = said(desk.console, "where is my car", "fallback", missed=True)
    page = desk.at(f"/conversations/{id_}")
    page.get_by_role("button", name="Causes").click()
    expect(page.get_by_role("status")).to_contain_text("The correction is kept.")
    assert store(desk.console).listed()[0].wanted == Wanted("causes")
    page.get_by_role("link", name="Another subject").click()
    page.get_by_role("button", name="Patient portal").last.click()
    expect(page.get_by_role("status")).to_be_focused()
    assert [each.wanted for each in store(desk.console).listed()] == [Wanted("portal")]


def test_while_a_run_is_under_way_the_page_goes_on_by_itself(desk: Desk):
    runs = desk.runs()
    run = runs.begin(Kind.TRAIN, by="lee")
    runs.step(run.id, "collect")
    page = desk.at("/training")
    stop = page.get_by_role("button", name="Stop it")
    stop.focus()
    runs.step(run.id, "train")
    expect(page.locator("#step")).to_have_text("Training", timeout=10_000)
    expect(stop).to_be_focused()
    runs.end(run.id, RunState.DONE)
    expect(page.get_by_role("heading", name="The last training")).to_be_visible(timeout=10_000)


def test_without_scripts_everything_is_there_too(desk: Desk):
    run = desk.runs().begin(Kind.TRAIN, by="lee")
    staff = desk.console.signed_in(**EVERYWHERE)
    page = desk.open_page("/training", staff, java_script_enabled=False)
    desk.runs().step(run.id, "keep", 3, 17)
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#step")).to_have_text("Storing the model")


def test_enter_in_the_reason_chooses_no_subject(desk: Desk):
    page = choice(desk)
    page.get_by_label("Why", exact=True).fill("because")
    page.keyboard.press("Enter")
    page.reload()
    assert store(desk.console).listed() == []


def in_talk(desk: Desk) -> Page:
    id_ = said(desk.console, "where is my car", "fallback", missed=True)
    store(desk.console).correct(message_of(desk.console, id_), Wanted("portal"), by="lee")
    return desk.at(f"/conversations/{id_}")


def choice(desk: Desk) -> Page:
    id_ = said(desk.console, "where is my car", "fallback", missed=True)
    page = desk.at(f"/conversations/{id_}/correct/{message_of(desk.console, id_)}")
    for each in page.locator("main summary").all():
        each.click()
    return page


def choice_refused(desk: Desk) -> Page:
    page = choice(desk)
    field = page.get_by_label("Why", exact=True)
    field.evaluate("field => field.removeAttribute('maxlength')")
    field.fill("x" * 600)
    page.get_by_role("button", name="Causes").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def listed(desk: Desk) -> Page:
    for number, state in enumerate(State):
        corrected(desk.console, f"where do I leave car {number}", why="the car", state=state)
    page = desk.at("/corrections")
    page.locator("main summary").click()
    return page


def not_learnt(desk: Desk) -> Page:
    corrected(desk.console, "[name] [phone]")
    page = desk.at("/corrections")
    page.get_by_role("button", name="Teach and check it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def under_way(desk: Desk) -> Page:
    runs = desk.runs()
    run = runs.begin(Kind.COMPARE, by="lee")
    runs.step(run.id, "read")
    runs.step(run.id, "before/development", 20, 400)
    return desk.at("/training")


def shop(desk: Desk) -> Page:
    desk.shelf.promoted()
    for figures in (GOOD, changed(SAFETY, urgent_lost=1), None):
        model = desk.shelf.model()
        if figures:
            desk.shelf.compare(model, figures)
    desk.shelf.promotions.took_over("one:1:a", 1, "failed", "The disk is full.")
    failed = desk.runs().begin(Kind.TRAIN, by="lee")
    desk.runs().end(failed.id, RunState.FAILED, failure="The disk is full.")
    page = desk.at("/training")
    page.locator("main summary").click()
    return page


def comparison(desk: Desk, path: str = "", lost: int = 0) -> Page:
    shipped, model = desk.shelf.model(shipped=True), desk.shelf.model()
    lines = [LINE, replace(LINE, right_after=True), replace(LINE, right_before=False, text="")]
    better = replace(LINE, right_before=False, right_after=True, urgent=True)
    figures = changed(SAFETY, urgent_lost=lost)
    desk.shelf.keep(shipped, model, figures, [*lines, better])
    page = desk.at(f"/training/{model.id}{path}")
    for each in page.locator("main summary").all():
        each.click()
    return page


def not_compared(desk: Desk) -> Page:
    return desk.at(f"/training/{desk.shelf.model().id}")


def outdated(desk: Desk) -> Page:
    page = comparison(desk)
    corrected(desk.console, "where do I leave my car", state=State.REGRESSION)
    page.reload()
    expect(page.get_by_role("button", name="Compare it again")).to_be_visible()
    return page


def way_back(desk: Desk) -> Page:
    desk.shelf.promoted()
    return desk.at("/training/roll-back")


STATES: dict[str, Callable[[Desk], Page]] = {
    "below a message": in_talk,
    "whole list": choice,
    "whole list refused": choice_refused,
    "no corrections": lambda desk: desk.at("/corrections"),
    "corrections": listed,
    "cannot be learnt": not_learnt,
    "nothing trained": lambda desk: desk.at("/training"),
    "under way": under_way,
    "training": shop,
    "passes": comparison,
    "does not pass": lambda desk: comparison(desk, lost=1),
    "has to be compared again": outdated,
    "refused": lambda desk: comparison(desk, "/promote", lost=1),
    "not compared": not_compared,
    "promote": lambda desk: comparison(desk, "/promote"),
    "roll back": way_back,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_off(desk: Desk, state: str) -> None:
    page = STATES[state](desk)
    assert wrong_in_any_look(page, f"training {state}") == []
