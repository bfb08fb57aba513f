"""From missed questions to an answer and back: what the pages of a new answer take from a group."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.content.approval import ApprovalSetting
from bot.content.publishing import Publishing
from bot.missed.model import State
from bot.nlu.answer_vectors import vector_store
from tests.console.missed_stage import grouped, missed, numbers, parking, state_of
from tests.console.stage import Staff, Stage, assert_page, words
from tests.console.test_answers import DOGS, fields, goes

DATABASE = "postgresql"


def signed_in(console: Stage) -> Staff:
    return console.signed_in("nora", temple="reader editor")


nurse = pytest.fixture(signed_in)


def back(number: int) -> str:
    return f'<a href="/staff/missed/{number}">Back to the missed questions</a>'


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
    assert back(number) in form.text
    assert state_of(console, number) is State.OPEN
    sent = {**DOGS, "missed": fields(form.text)["missed"], "do": "publish"}
    place = goes(nurse.post("/answers/new", sent))
    shown = nurse.get(place.removeprefix("/staff"))
    assert f'<a href="/staff/missed/{number}">The missed questions</a>' in shown.text
    assert "are marked as answered" in words(shown)
    assert state_of(console, number) is State.ANSWERED


def test_the_questions_of_a_planned_answer_are_open_until_it_is_published(
    console: Stage, nurse: Staff
):
    number = parking(console)
    local = console.clock().astimezone(ZoneInfo("America/New_York")) + timedelta(minutes=5)
    at = local.strftime("%Y-%m-%dT%H:%M")
    sent = {**DOGS, "missed": number, "do": "later", "publish_at": at}
    place = goes(nurse.post("/answers/new", sent))
    shown = nurse.get(place.removeprefix("/staff"))
    assert back(number) in shown.text
    assert "marked as answered" not in words(shown)
    assert state_of(console, number) is State.OPEN
    console.clock.now += timedelta(minutes=6)
    Publishing(console.database, console.clock, vector_store(console.database)).publish_due()
    assert state_of(console, number) is State.ANSWERED


def test_the_questions_are_answered_by_whoever_approves_and_shown_to_who_may_read_them(
    console: Stage, nurse: Staff
):
    ApprovalSetting(console.database, console.clock).set("temple", True, by="ada")
    number = parking(console)
    place = goes(nurse.post("/answers/new", {**DOGS, "missed": number, "do": "ask"}))
    place = place.removeprefix("/staff").partition("?")[0]
    assert state_of(console, number) is State.OPEN
    leo = console.signed_in("leo", temple="editor")
    read = leo.get(place)
    assert "missed/" not in read.text
    done = goes(leo.post(f"{place}/approve", {"edit": fields(read.text)["edit"]}))
    assert "missed questions" not in assert_page(leo.get(done.removeprefix("/staff")))
    assert "are marked as answered" in words(nurse.get(done.removeprefix("/staff")))
    assert state_of(console, number) is State.ANSWERED


def test_who_may_not_decide_about_the_questions_publishes_without_deciding(console: Stage):
    number = parking(console)
    eve = console.signed_in("eve", temple="editor")
    place = goes(eve.post("/answers/new", {**DOGS, "missed": number, "do": "publish"}))
    assert "missed" not in place
    ray = console.signed_in("ray", temple="reader", twin_cities="editor")
    elsewhere = {**DOGS, "clinic": "twin-cities", "missed": number, "do": "publish"}
    assert "missed" not in goes(ray.post("/answers/new", elsewhere))
    assert state_of(console, number) is State.OPEN


def test_what_was_typed_beside_anothers_draft_still_answers_the_questions(
    console: Stage, nurse: Staff
):
    number = parking(console)
    place = goes(nurse.post("/answers/new", {**DOGS, "do": "draft"})).removeprefix("/staff")
    place = place.partition("?")[0]
    stale = {**fields(nurse.get(place).text), "missed": number, "edit": "0", "do": "publish"}
    overtaken = nurse.post(place, stale)
    assert overtaken.status_code == 409
    goes(nurse.post(place, {**fields(overtaken.text), "do": "publish"}))
    assert state_of(console, number) is State.ANSWERED


def test_of_questions_that_are_not_there_nothing_is_said(console: Stage, nurse: Staff):
    for gone in ("4711", "x"):
        sent = {**DOGS, "title": f"Dogs {gone}", "missed": gone, "do": "publish"}
        place = goes(nurse.post("/answers/new", sent))
        assert "missed" not in place
    assert "missed questions" not in assert_page(nurse.get("/answers/new?clinic=temple"))


def test_a_question_of_its_own_lists_others_only_where_there_are_some(nurse: Staff):
    assert "What the list shows" not in words(nurse.get("/answers/new?clinic=temple"))
    goes(nurse.post("/answers/new", {**DOGS, "do": "publish"}))
