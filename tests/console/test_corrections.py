"""Correcting a message, and what corrections are used for."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, NoReturn

import pytest
import yaml

from bot.conversations.model import Button
from bot.corrections.model import CHOICES, Correction, State, Wanted
from bot.corrections.repository import Corrections
from tests.console.stage import Staff, Stage, assert_goes_to, assert_page, words
from tests.console.talks import answered, said, talk

DATABASE = "postgresql"

REVIEWER = {"temple": "reviewer"}


def store(console: Stage) -> Corrections:
    return Corrections(console.database, console.clock)


def message_of(console: Stage, conversation: str) -> str:
    """The id of the first thing that the visitor said."""
    return next(m.id for m in console.log.messages(conversation) if m.sender == "visitor")


def correct(staff: Staff, conversation: str, **fields: str) -> Any:
    message = message_of(staff.stage, conversation)
    return staff.post(f"/conversations/{conversation}/correct/{message}", fields)


def corrected(
    console: Stage, text: str, wanted: str = "clinic_admin", *, clinic: str = "temple", **more: Any
) -> Correction:
    """A correction of a message that a visitor typed."""
    message = message_of(console, said(console, text, "fallback", missed=True, clinic=clinic))
    return store(console).correct(message, Wanted(wanted), by="lee", **more)


def offered(page: Any) -> list[str]:
    """What the buttons of a page would correct a message to, in order."""
    found = re.findall(r'name="as" value="([^"]*)"', page.text)
    return [unescape(each) for each in found if each not in ("txt", "csv", "json")]


def test_below_a_message_stands_first_what_the_bot_thought_of_and_one_click_corrects_it(
    console: Stage,
):
    maybe = [
        Button("b", "What it costs", "clinic_admin"),
        Button("c", "Scars", "cause_detail", "scar_tissue"),
    ]
    turn = answered("thing about wires", "did_you_mean", buttons=maybe)
    id_ = talk(console, turn)
    ana = console.signed_in(**REVIEWER)
    page = ana.get(f"/conversations/{id_}")
    assert offered(page) == ["causes", "clinic_admin", "cause_detail/scar_tissue", "out_of_scope"]
    assert_goes_to(
        correct(ana, id_, **{"as": "cause_detail/scar_tissue"}),
        f"/staff/conversations/{id_}?done=corrected",
    )
    (made,) = store(console).listed()
    assert (made.wanted, made.by, made.clinic) == (
        Wanted("cause_detail", "scar_tissue"),
        "ana",
        "temple",
    )
    assert made.state is State.NEW
    (entry,) = console.recorded("correction.made")
    assert (entry.by, entry.clinic, entry.target) == ("ana", "temple", made.id)
    assert "wires" not in str(entry.details)
    shown = words(ana.get(f"/conversations/{id_}?done=corrected"))
    assert "The correction is kept." in shown
    assert "Corrected by ana: Scar tissue To be looked at" in shown


def test_what_the_bot_did_say_is_not_suggested(console: Stage):
    id_ = said(console, "what is fbss", "definition")
    page = console.signed_in(**REVIEWER).get(f"/conversations/{id_}")
    assert offered(page) == ["causes", "out_of_scope"]


def test_that_it_does_not_know_is_one_click_too(console: Stage):
    id_ = said(console, "can I bring my horse")
    ana = console.signed_in(**REVIEWER)
    correct(ana, id_, **{"as": "out_of_scope"})
    assert store(console).listed()[0].wanted == Wanted("out_of_scope")
    shown = words(ana.get(f"/conversations/{id_}"))
    assert "It should say that it does not know To be looked at" in shown


def test_another_subject_opens_the_whole_list_with_the_likely_first(console: Stage):
    id_ = said(console, "where do I park my car", "fallback", missed=True)
    ana = console.signed_in(**REVIEWER)
    page = ana.get(f"/conversations/{id_}/correct/{message_of(console, id_)}")
    assert "The bot took it for: No answer found" in assert_page(page)
    found = offered(page)
    assert CHOICES - {"faq"} <= set(found)
    assert {"treatment_detail/spinal_cord_stimulation", "symptom_check/numbness"} & set(found)
    assert "clinic_admin" in found[:6]
    assert [e.target for e in console.recorded("conversation.read")] == [id_]


def test_a_reason_is_kept_and_a_letter_is_told_beside_the_field(console: Stage):
    id_ = said(console, "hello there")
    ana = console.signed_in(**REVIEWER)
    refused = assert_page(correct(ana, id_, **{"as": "greet", "why": "x" * 501}), 422)
    assert "Write a reason of at most 500 characters." in refused
    assert store(console).listed() == []
    correct(ana, id_, **{"as": "greet", "why": " a hello "})
    assert store(console).listed()[0].why == "a hello"


@pytest.mark.parametrize("wanted", ["", "parking", "fallback", "faq", "portal/login", "a/b/c"])
def test_only_what_a_reply_can_be_is_taken(console: Stage, wanted: str):
    id_ = said(console, "hello there")
    assert_page(correct(console.signed_in(**REVIEWER), id_, **{"as": wanted}), 422)
    assert store(console).listed() == []


def test_it_holds_everywhere_only_where_somebody_reviews_everywhere(console: Stage):
    id_ = said(console, "hello there")
    form = {"as": "greet", "everywhere": "on"}
    ana = console.signed_in(**REVIEWER)
    address = f"/conversations/{id_}/correct/{message_of(console, id_)}"
    assert "This holds at every clinic" not in assert_page(ana.get(address))
    assert_page(correct(ana, id_, **form), 403)
    bo = console.signed_in("bo", temple="reviewer", twin_cities="reviewer")
    assert "This holds at every clinic" in assert_page(bo.get(address))
    correct(bo, id_, **form)
    (made,) = store(console).listed()
    assert made.clinic is None
    assert_page(ana.post(f"/corrections/{made.id}", {"do": "withdrawn"}), 403)
    assert store(console).get(made.id).state is State.NEW


def test_what_holds_everywhere_is_told_before_anything_is_chosen(console: Stage):
    id_ = said(console, "hello there")
    message = message_of(console, id_)
    made = store(console).correct(message, Wanted("greet"), by="lee", everywhere=True)
    store(console).decide(made.id, State.REGRESSION, by="kim")
    whole_list = f"/conversations/{id_}/correct/{message}"
    ana = console.signed_in(**REVIEWER)
    for path in (f"/conversations/{id_}", whole_list):
        page = ana.get(path)
        shown = assert_page(page)
        assert "Corrected by lee: Hello Only checked , chosen by kim" in shown
        assert "It holds at every clinic: somebody who reviews at each of them" in shown
        assert offered(page) == []
    assert_page(correct(ana, id_, **{"as": "phone"}), 403)
    assert store(console).get(made.id).wanted == Wanted("greet")
    bo = console.signed_in("bo", temple="reviewer", twin_cities="reviewer")
    page = bo.get(f"/conversations/{id_}")
    assert offered(page) == [], "one click would make it hold here only"
    assert f'<a href="/staff{whole_list}">Change it' in page.text
    page = bo.get(whole_list)
    assert "It holds at every clinic. What you choose here takes its place." in words(page)
    assert 'name="everywhere" value="on" checked' in page.text


def test_who_only_reads_corrects_nothing(console: Stage):
    id_ = said(console, "hello there")
    ana = console.signed_in(temple="reader")
    assert offered(ana.get(f"/conversations/{id_}")) == []
    assert_page(correct(ana, id_, **{"as": "greet"}), 403)


def test_a_message_of_another_clinic_is_not_there(console: Stage):
    theirs, mine = said(console, "theirs", clinic="twin-cities"), said(console, "mine")
    ana = console.signed_in(temple="admin", twin_cities="editor")
    assert_page(correct(ana, theirs, **{"as": "greet"}), 404)
    path = f"/conversations/{mine}/correct/{message_of(console, theirs)}"
    assert_page(ana.get(path), 404)
    assert_page(ana.post(path, {"as": "greet"}), 404)
    assert store(console).listed() == []


def test_the_list_tells_who_when_why_and_what_was_said_instead(console: Stage):
    corrected(console, "where <b>to</b> park", why="about the car park")
    page = console.signed_in(**REVIEWER).get("/corrections")
    shown = assert_page(page)
    for told in (
        "where <b>to</b> park",
        "To be looked at",
        "Should be Bills, records and forms",
        "The bot said then No answer found",
        "Corrected by lee",
        "Why about the car park",
        "Holds at Temple Health",
    ):
        assert told in shown, told
    assert "<b>to</b>" not in page.text
    (entry,) = console.recorded("correction.listed")
    assert entry.clinic == "temple"
    assert json.loads(entry.details) == {"state": "all", "clinics": ["temple"]}


def test_what_was_not_recorded_is_not_shown(console: Stage, monkeypatch: pytest.MonkeyPatch):
    corrected(console, "secret words")

    def fail(*_: object) -> NoReturn:
        raise OSError("the record cannot be written")

    monkeypatch.setattr("bot.staff.audit.AuditLog.record", fail)
    assert "secret" not in assert_page(console.signed_in(**REVIEWER).get("/corrections"), 500)


def test_an_empty_list_says_how_to_begin(console: Stage):
    assert "No corrections yet" in assert_page(console.signed_in(**REVIEWER).get("/corrections"))


@pytest.mark.parametrize(
    ("do", "told"),
    [
        ("training", "The next model learns it"),
        ("regression", "none learns it"),
        ("withdrawn", "used for nothing"),
    ],
)
def test_what_it_is_used_for_is_chosen(console: Stage, do: str, told: str):
    made = corrected(console, "where do I leave my car")
    ana = console.signed_in(**REVIEWER)
    sent = ana.post(f"/corrections/{made.id}", {"do": do, "state": "new"})
    assert_goes_to(sent, f"/staff/corrections?state=new&done={do}")
    now = store(console).get(made.id)
    assert (now.state, now.decided_by) == (State(do), "ana")
    assert told in words(ana.get(f"/corrections?done={do}"))
    assert "There are none of these." in words(ana.get("/corrections?state=new"))
    (entry,) = console.recorded("correction.decided")
    assert (entry.by, entry.target) == ("ana", made.id)


def test_why_it_cannot_be_learnt_stands_beside_it(console: Stage):
    made = corrected(console, "[name] [phone]")
    page = console.signed_in(**REVIEWER).post(f"/corrections/{made.id}", {"do": "training"})
    assert "no words in it that could be learnt" in assert_page(page, 422)
    assert f'id="c-{made.id}-error"' in page.text
    assert store(console).get(made.id).state is State.NEW


def test_corrections_of_another_clinic_are_not_there(console: Stage):
    made = corrected(console, "parking in edina", clinic="twin-cities")
    ana = console.signed_in(temple="admin", twin_cities="reader")
    assert "edina" not in assert_page(ana.get("/corrections"))
    assert_page(ana.post(f"/corrections/{made.id}", {"do": "withdrawn"}), 404)
    assert_page(ana.post("/corrections/nothing", {"do": "withdrawn"}), 404)
    mine = corrected(console, "parking here")
    assert_page(ana.post(f"/corrections/{mine.id}", {"do": "deleted"}), 400)


def test_a_long_list_has_pages(console: Stage):
    for number in range(27):
        corrected(console, f"question number {number}")
    ana = console.signed_in(**REVIEWER)
    first = assert_page(ana.get("/corrections?state=new"))
    assert "question number 26" in first
    assert "Older" in first
    assert "question number 1 " not in first
    second = assert_page(ana.get("/corrections?state=new&page=2"))
    assert "question number 1 " in second
    assert "Newer" in second
    for odd in ("x", "-1", "0", "9" * 40, "²"):
        assert_page(ana.get(f"/corrections?page={odd}&state={odd}"))


def test_what_is_taught_comes_as_rasa_yaml_and_what_is_checked_as_json_lines(console: Stage):
    corrected(console, "where do I leave my car", state=State.TRAINING)
    corrected(console, "how do I send a fax there", "phone", state=State.TRAINING)
    corrected(console, "only checked", state=State.REGRESSION)
    corrected(console, "not looked at")
    corrected(console, "of the twins", clinic="twin-cities", state=State.TRAINING)
    ana = console.signed_in(**REVIEWER)
    file = ana.post("/corrections/export", {"as": "yaml"})
    assert file.headers["content-disposition"] == 'attachment; filename="corrections.yml"'
    assert yaml.safe_load(file.text) == {
        "version": "3.1",
        "nlu": [
            {"intent": "clinic_admin", "examples": "- where do I leave my car\n"},
            {"intent": "phone", "examples": "- how do I send a fax there\n"},
        ],
    }
    lines = ana.post("/corrections/export", {"as": "jsonl"}).text
    assert lines.count("\n") == 3
    assert "only checked" in lines
    entries = console.recorded("correction.exported")
    assert [(e.by, e.clinic) for e in entries] == [("ana", "temple")] * 2
    assert [json.loads(e.details)["clinics"] for e in entries] == [["temple"]] * 2
    assert_page(ana.post("/corrections/export", {"as": "exe"}), 400)
