"""From a question that was missed to an answer that visitors read, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.missed.model import State
from tests.console.missed_stage import parking, state_of
from tests.console.stage import OpenPage, Stage
from tests.console.test_answers import said
from tests.console.test_by_hand import tab_to

TEXT = "You can park behind the house. It costs nothing."

FIRST_TRY = 60_000
"""Milliseconds: whoever tries an answer out first waits until the sentence model is there."""


def go(page: Page, name: str, heading: str) -> None:
    """Tab to a link, follow it, and come to a page with that heading."""
    tab_to(page, name, most=40)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def press(page: Page, name: str, lands_on: str) -> None:
    """Tab to a button, press it, and find the focus on what tells what came of it, in sight."""
    tab_to(page, name, most=60)
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_contain_text(lands_on, timeout=FIRST_TRY)
    expect(page.locator(":focus")).to_be_in_viewport()


@pytest.mark.usefixtures("trained")
def test_a_missed_question_is_answered_by_keyboard_alone(
    console: Stage, open_page: OpenPage
) -> None:
    number = parking(console)
    page = open_page("/", console.signed_in(temple="admin"))
    go(page, "Missed questions", "Missed questions")
    go(page, "where is parking", "where is parking")
    go(page, "Write an answer", "New answer")
    press(page, "Look at it first", "2 things have to be put right")
    tab_to(page, "Write a title.")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    page.keyboard.type("Where to park")
    tab_to(page, "What the bot says")
    page.keyboard.type(TEXT)
    tab_to(page, "Source")
    page.keyboard.type("Failed Back")
    press(page, "Look at it first", "What visitors will see")
    expect(page.locator(".visitor-reply")).to_contain_text(TEXT)
    press(page, "Publish now", "It is published.")
    assert said(console, "faq", "where-to-park") == TEXT
    assert state_of(console, number) is State.ANSWERED
    go(page, "The missed questions", "where is parking")
    decided = page.get_by_text("An answer was written by ana")
    expect(decided).to_contain_text("EST")  # the clinic's clock
