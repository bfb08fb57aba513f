"""Missed questions: the groups, one of them, what staff make of it, and who may."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import numpy as np
import pytest

from bot.corrections.model import State as Use
from bot.corrections.model import Wanted
from bot.corrections.repository import Corrections
from bot.missed.filing import Filing
from bot.missed.keeper import MissedKeeper
from bot.missed.model import State
from tests.console.missed_stage import grouped, missed, numbers, parking, state_of
from tests.console.stage import Stage, assert_goes_to, assert_page, words
from tests.console.talks import judged, said

DATABASE = "postgresql"


def alone(texts: Sequence[str]) -> np.ndarray:
    """A direction for each text of its own."""
    rows = np.zeros((len(texts), 64), np.float32)
    for row, text in zip(rows, texts):
        row[int(text.split()[-1])] = 1
    return rows


def boxes(response) -> list[str]:
    """The messages that can be ticked."""
    return re.findall(r'name="ids" value="([0-9a-f-]+)"', response.text)


def corrections(console: Stage) -> list[tuple[str, Wanted, Use]]:
    kept = Corrections(console.database, console.clock).listed()
    return [(each.text, each.wanted, each.state) for each in kept]


def test_the_biggest_group_comes_first_with_count_trend_and_examples(console: Stage):
    number = parking(console)
    page = console.signed_in(temple="reader").get("/missed")
    shown = assert_page(page)
    assert "4 questions in 2 groups" in shown
    assert shown.lower().index("parking please") < shown.index("what is the price")
    assert "where is parking" in shown
    assert "3 this week, 0 the week before" in shown
    assert "Asked since the week of Nov 16, 2026" in shown
    assert f'href="/staff/missed/{number}"' in page.text


def test_looking_is_recorded_before_words_are_shown_and_without_them(console: Stage):
    number = parking(console)
    ana = console.signed_in(temple="reader")
    ana.get("/missed?reason=missed")
    ana.get(f"/missed/{number}")
    listed, read = console.recorded("missed.")
    assert (listed.by, listed.action) == ("ana", "missed.listed")
    assert json.loads(listed.details) == {"clinics": ["temple"], "reason": "missed"}
    assert (read.action, read.clinic, read.target) == ("missed.read", "temple", str(number))


@pytest.mark.parametrize("path", ["/missed", "/missed/1"])
def test_what_cannot_be_recorded_is_not_shown(console: Stage, monkeypatch, path: str):
    parking(console)
    ana = console.signed_in(temple="reader")

    def fail(*_: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr(type(console.parts.audit), "record", fail)
    response = ana.get(path)
    assert response.status_code == 500
    assert "parking" not in response.text


def test_groups_are_found_by_clinic_state_days_and_reason(console: Stage):
    missed(console, "where is parking")
    missed(console, "what insurance do you take", clinic="twin-cities")
    judged(console, said(console, "how is the weather"), False)
    console.clock.move(days=20)
    said(console, "what is the price", confidence=0.2)
    grouped(console)
    ana = console.signed_in(temple="reviewer", twin_cities="reader")
    number = numbers(console)[0]
    ana.post(f"/missed/{number}/decide", {"state": "ignored"})
    everything = ("parking", "insurance", "weather", "price")
    for query, found in {
        "state=all": everything,
        "": ("insurance", "weather", "price"),
        "state=ignored": ("parking",),
        "state=answered": (),
        "clinic=twin-cities": ("insurance",),
        "reason=unhelpful": ("weather",),
        "reason=unsure": ("price",),
        "state=all&reason=missed": ("parking", "insurance"),
        "days=7": ("price",),
        "days=own&from=2026-11-20&to=2026-11-30&state=all": ("parking", "insurance", "weather"),
        "state=nonsense&reason=nonsense&days=nonsense": ("insurance", "weather", "price"),
    }.items():
        shown = assert_page(ana.get(f"/missed?{query}"))
        assert [word for word in everything if f"{word} " in shown] == list(found), query


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("days=own&from=x&to=2026-11-01", "Write the date as year-month-day"),
        ("days=own&from=2026-11-10&to=2026-11-01", "This ends before it begins"),
        ("days=own&from=2027-11-10&to=2027-11-11", "This day is still to come"),
        ("days=own&from=0001-01-01&to=2026-11-01", "This is more than a year"),
    ],
)
def test_days_that_cannot_be_read_are_told_beside_their_field(
    console: Stage, query: str, told: str
):
    for path in ("/missed", "/"):
        page = console.signed_in(f"ana{len(path)}", temple="reader").get(f"{path}?{query}")
        assert told in assert_page(page, 422)
        assert 'aria-invalid="true"' in page.text


def test_a_long_list_has_pages(console: Stage):
    for number in range(27):
        missed(console, f"question {number}")
    filing = Filing(console.database, console.clock, alone, "one")
    MissedKeeper(filing, console.clock).once()
    ana = console.signed_in(temple="reader")
    first, second = ana.get("/missed"), ana.get("/missed?page=2")
    assert "27 questions in 27 groups" in assert_page(first)
    assert (first.text.count('class="big"'), second.text.count('class="big"')) == (25, 2)
    assert 'rel="next" href="/staff/missed?page=2"' in first.text
    assert 'rel="prev" href="/staff/missed?page=1"' in second.text
    assert_page(ana.get("/missed?page=3"), 404)
    assert ana.get("/missed?page=-1").status_code == 200


def test_nothing_yet_and_nothing_found_say_what_to_do(console: Stage):
    ana = console.signed_in(temple="reader")
    assert "Nothing is waiting" in assert_page(ana.get("/missed"))
    assert "No missed questions yet" in assert_page(ana.get("/missed?state=all"))
    assert "There is no such group" in assert_page(ana.get("/missed?reason=unsure"))


def test_each_question_of_a_group_leads_to_its_conversation(console: Stage):
    conversation = missed(console, "where is parking")
    grouped(console)
    ana = console.signed_in(temple="reader")
    page = ana.get(f"/missed/{numbers(console)[0]}")
    assert "where is parking" in assert_page(page)
    assert f'href="/staff/conversations/{conversation}"' in page.text
    assert_page(ana.get(f"/conversations/{conversation}"))


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        ("reader", set()),
        ("reviewer", {"Out of scope", "Add the ticked questions"}),
        ("reader editor", {"Write an answer"}),
        ("admin", {"Out of scope", "Add the ticked questions", "Write an answer"}),
    ],
)
def test_everybody_sees_the_actions_that_are_theirs(console: Stage, roles: str, shown: set[str]):
    number = parking(console)
    page = words(console.signed_in(temple=roles).get(f"/missed/{number}"))
    named = {"Out of scope", "Add the ticked questions", "Write an answer"}
    assert {name for name in named if name in page} == shown


def test_an_editor_who_may_not_read_sees_no_visitors_words(console: Stage):
    number = parking(console)
    editor = console.signed_in(temple="editor")
    for path in ("/missed", f"/missed/{number}"):
        response = editor.get(path)
        assert response.status_code == 403
        assert "parking" not in response.text
    assert "/staff/missed" not in editor.get("/").text


def test_a_group_of_another_clinic_is_not_there(console: Stage):
    number = parking(console)
    other = console.signed_in(twin_cities="admin")
    assert_page(other.get(f"/missed/{number}"), 404)
    for form in ("decide", "examples"):
        assert_page(other.post(f"/missed/{number}/{form}", {"state": "ignored"}), 404)
    assert_page(other.get("/missed?clinic=temple"), 404)
    for wrong in ("x", "0", "99999999999999999999", "²", "-1"):
        assert_page(other.get(f"/missed/{wrong}"), 404)
    assert state_of(console, number) is State.OPEN


@pytest.mark.parametrize("state", ["answered", "out_of_scope", "ignored"])
def test_a_decision_is_kept_recorded_and_can_be_taken_back(console: Stage, state: str):
    number = parking(console)
    ana = console.signed_in(temple="reviewer")
    response = ana.post(f"/missed/{number}/decide", {"state": state})
    assert_goes_to(response, f"/staff/missed/{number}?done={state}")
    assert "Kept:" in words(ana.get(f"/missed/{number}?done={state}"))
    (entry,) = console.recorded("missed.decided")
    assert (entry.by, entry.clinic, entry.target) == ("ana", "temple", str(number))
    assert json.loads(entry.details) == {"from": "open", "to": state}
    assert state_of(console, number).value == state
    missed(console, "no parking again")
    grouped(console)
    assert "1 more since then" in words(ana.get(f"/missed/{number}"))
    ana.post(f"/missed/{number}/decide", {"state": "open"})
    assert state_of(console, number) is State.OPEN


@pytest.mark.parametrize("state", ["", "added", "nonsense"])
def test_nothing_else_can_be_decided(console: Stage, state: str):
    number = parking(console)
    ana = console.signed_in(temple="reviewer")
    assert_page(ana.post(f"/missed/{number}/decide", {"state": state}), 400)
    assert state_of(console, number) is State.OPEN


def test_a_reader_of_one_clinic_who_reviews_another_changes_nothing_there(console: Stage):
    number = parking(console)
    ana = console.signed_in(temple="reader", twin_cities="reviewer")
    assert_page(ana.get(f"/missed/{number}"))
    assert_page(ana.post(f"/missed/{number}/decide", {"state": "ignored"}), 404)
    assert state_of(console, number) is State.OPEN


def test_ticked_questions_become_examples_of_a_subject(console: Stage):
    number = parking(console)
    ana = console.signed_in(temple="reviewer")
    chosen = boxes(ana.get(f"/missed/{number}"))
    assert len(chosen) == 2
    response = ana.post(
        f"/missed/{number}/examples", {"ids": chosen, "about": "treatment_detail/nerve_block"}
    )
    assert_goes_to(response, f"/staff/missed/{number}?done=added&number=2")
    wanted = Wanted("treatment_detail", "nerve_block")
    kept = corrections(console)
    assert {(about, use) for _, about, use in kept} == {(wanted, Use.TRAINING)}
    assert {text.lower().strip("!") for text, _, _ in kept} == {
        "where is parking",
        "parking please",
    }
    assert state_of(console, number) is State.ADDED
    shown = words(ana.get(f"/missed/{number}?done=added&number=2"))
    assert "2 questions are now examples" in shown


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"about": "causes"}, "Tick at least one question."),
        ({"about": "causes", "ids": ["of-another-group"]}, "Tick at least one question."),
        ({"ids": True}, "Choose what the questions are about."),
        ({"ids": True, "about": "nonsense"}, "There is no subject"),
        ({"ids": True, "about": "faq"}, "Name the written answer"),
        ({"ids": True, "about": "phone/x"}, "has no details"),
    ],
)
def test_what_is_missing_is_told_beside_the_field_and_ticks_stay(
    console: Stage, form: dict, told: str
):
    number = parking(console)
    ana = console.signed_in(temple="reviewer")
    chosen = boxes(ana.get(f"/missed/{number}"))
    sent = {**form, "ids": chosen[:1]} if form.get("ids") is True else form
    page = ana.post(f"/missed/{number}/examples", sent)
    assert told in assert_page(page, 422)
    assert page.text.count(" checked") == (form.get("ids") is True)
    assert corrections(console) == []
    assert state_of(console, number) is State.OPEN


def test_a_question_that_the_bot_is_tested_with_is_left_out(console: Stage, monkeypatch):
    number = parking(console)
    ana = console.signed_in(temple="reviewer")
    chosen = boxes(ana.get(f"/missed/{number}"))
    monkeypatch.setattr(
        "bot.corrections.repository.why_not",
        lambda text, *_: "It is tested with." if "where" in text else None,
    )
    response = ana.post(f"/missed/{number}/examples", {"ids": chosen, "about": "causes"})
    assert_goes_to(response, f"/staff/missed/{number}?done=added&number=1&left=1")
    shown = words(ana.get(f"/missed/{number}?done=added&number=1&left=1"))
    assert "1 question is now an example" in shown
    assert "1 question was left out" in shown
    monkeypatch.setattr("bot.corrections.repository.why_not", lambda *_: "It is tested with.")
    page = ana.post(f"/missed/{number}/examples", {"ids": chosen, "about": "causes"})
    assert "It is tested with." in assert_page(page, 422)
