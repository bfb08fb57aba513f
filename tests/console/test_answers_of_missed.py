"""From missed questions to an answer and back: what the pages of a new answer take from a group."""

from __future__ import annotations

import pytest

from bot.missed.model import State
from tests.console.missed_stage import grouped, missed, numbers, parking, state_of
from tests.console.stage import Staff, Stage, assert_page, words
from tests.console.test_answers import DOGS, fields, goes

DATABASE = "postgresql"


def signed_in(console: Stage) -> Staff:
    return console.signed_in("nora", temple="reader editor")


nurse = pytest.fixture(signed_in)


def test_the_most_typical_wordings_are_its_example_questions_one_on_each_line(
    console: Stage,
):
    missed(console, "where is\nparking", *(f"parking {number}" for number in range(30)))
    grouped(console)
    nurse = signed_in(console)
    typed = fields(nurse.get(f"/answers/new?missed={numbers(console)[0]}").text)["examples"]
    lines = typed.split("\n")
    assert len(lines) == 20
    assert all("parking" in line for line in lines)


def test_there_is_a_way_back_to_the_questions_before_and_after_it_is_published(
    console: Stage, nurse: Staff
):
    number = parking(console)
    form = nurse.get(f"/answers/new?missed={number}")
    assert f'<a href="/staff/missed/{number}">Back to the missed questions</a>' in form.text
    assert state_of(console, number) is State.OPEN
    place = goes(nurse.post("/answers/new", {**DOGS, "missed": number, "do": "publish"}))
    shown = nurse.get(place.removeprefix("/staff"))
    assert f'<a href="/staff/missed/{number}">The missed questions</a>' in shown.text
    assert "are marked as answered" in words(shown)
    assert state_of(console, number) is State.ANSWERED


def test_of_questions_that_are_not_there_nothing_is_said(console: Stage, nurse: Staff):
    for gone in ("4711", "x"):
        sent = {**DOGS, "title": f"Dogs {gone}", "missed": gone, "do": "publish"}
        place = goes(nurse.post("/answers/new", sent))
        assert "settled" not in place
    assert "missed questions" not in assert_page(nurse.get("/answers/new?clinic=temple"))


def test_a_question_of_its_own_lists_others_only_where_there_are_some(nurse: Staff):
    assert "What the list shows" not in words(nurse.get("/answers/new?clinic=temple"))
    goes(nurse.post("/answers/new", {**DOGS, "do": "publish"}))
