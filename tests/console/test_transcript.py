"""One conversation: what is shown, what is changed, what is recorded."""

from __future__ import annotations

import re

import pytest

from bot.conversations.model import Button, DraftMessage, Link, SourceLine, Understanding
from tests.console.stage import Stage, assert_goes_to, assert_page, words
from tests.console.talks import BUTTONS, answered, judged, said, shelf, talk

DATABASE = "postgresql"

LIST = "/staff/conversations"


def at(conversation: str, more: str = "") -> str:
    return f"/conversations/{conversation}{more}"


def chosen_talk(console: Stage) -> str:
    """A question, then a choice of a button, then a miss with a comment."""
    choice = [
        DraftMessage("visitor", BUTTONS[0].title, understanding=Understanding("causes", 1.0)),
        DraftMessage("bot", "There are four causes.", subject="causes", action="action_causes"),
    ]
    miss = answered("and my horse?", "fallback", missed=True, confidence=0.2)
    return talk(console, answered("what is fbss"), choice, miss)


def test_the_conversation_is_shown_as_the_visitor_saw_it(console: Stage):
    id_ = chosen_talk(console)
    judged(console, id_, False, "you did not\nanswer")
    page = console.signed_in(temple="reader").get(at(id_))
    shown = assert_page(page)
    for told in (
        "what is fbss",
        "FBSS is pain that goes on after back surgery:",
        "Source: A clinic's page , checked on 2026-11-20",
        "Why does it happen? (chosen)",
        "Chosen from the buttons",
        "There are four causes.",
        "The bot had no answer to this.",
        "Not helpful , said the visitor",
        "you did not",
        "EST",
    ):
        assert told in shown, told
    assert "<strong>back</strong>" in page.text
    assert "<li>one</li><li>two</li>" in page.text


def test_beside_each_reply_stands_why_it_was_given(console: Stage):
    id_ = said(console, "thing about wires", "cause_detail", detail="scar_tissue", confidence=0.31)
    shown = words(console.signed_in(temple="reader").get(at(id_)))
    for told in (
        "Why this answer",
        "About Scar tissue",
        "Understood as One cause",
        "How sure Unsure (31 of 100)",
        "Next best guess Causes (69 of 100)",
        "Answer Number 7, version 2 as said then",
        "Step action_cause_detail",
        "Notice then",
        "technical issues with its phone lines",  # shipped with the content, on that day
    ):
        assert told in shown, told


def test_opening_is_recorded_before_it_is_shown(console: Stage, monkeypatch):
    id_ = said(console, "secret words")
    ana = console.signed_in(temple="reader")
    ana.get(at(id_))
    (entry,) = console.recorded("conversation.read")
    assert (entry.by, entry.clinic, entry.target) == ("ana", "temple", id_)
    assert "secret" not in entry.details

    def fail(*_: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr("bot.review.transcript.record", fail)
    assert "secret words" not in assert_page(ana.get(at(id_)), 500)


def test_a_conversation_of_another_clinic_is_not_there(console: Stage):
    id_ = said(console, "hello", clinic="twin-cities")
    ana = console.signed_in(temple="admin", twin_cities="editor")
    assert_page(ana.get(at(id_)), 404)
    assert_page(ana.get(at(id_, "/delete")), 404)
    forms = {
        "/reviewed": {"do": "reviewed"},
        "/assigned": {"to": "ana"},
        "/tags": {"new_tag": "x"},
        "/tags/remove": {"old_tag": "x"},
        "/notes": {"note": "x"},
        "/notes/1/delete": {},
        "/download": {"as": "txt"},
        "/delete": {},
    }
    for path, fields in forms.items():
        assert_page(ana.post(at(id_, path), fields), 404)
    assert console.log.messages(id_)
    bo = console.signed_in("bo", twin_cities="reader")
    assert "hello" in assert_page(bo.get(at(id_)))


@pytest.mark.parametrize("id_", ["1", "0" * 32, "%00", "' OR 1=1", "é"])
def test_what_is_no_conversation_is_not_there(console: Stage, id_: str):
    assert_page(console.signed_in(temple="admin").get(at(id_)), 404)


def test_next_and_previous_follow_the_list_one_came_from(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reader")
    page = ana.get(at(ids["flag"], "?order=latest")).text
    assert f'rel="prev" href="{LIST}/{ids["missed"]}?order=latest"' in page
    assert f'rel="next" href="{LIST}/{ids["quiet"]}?order=latest"' in page
    page = ana.get(at(ids["flag"], "?flag=yes")).text
    assert 'rel="next"' not in page
    assert f'href="{LIST}?flag=yes"' in page


def test_reviewed_goes_on_to_the_next_of_the_list(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    page = ana.get(at(ids["flag"])).text
    following = re.search(r'name="next" value="([0-9a-f]{32})"', page)
    assert following
    assert following[1] == ids["unhelpful"]
    response = ana.post(at(ids["flag"], "/reviewed"), {"do": "next", "next": following[1]})
    assert_goes_to(response, f"{LIST}/{ids['unhelpful']}?done=next")
    assert "is marked as reviewed" in words(ana.get(at(ids["unhelpful"], "?done=next")))
    assert "Reviewed by ana" in words(ana.get(at(ids["flag"])))
    ana.post(at(ids["flag"], "/reviewed"), {"do": "open"})
    assert "Reviewed by ana" not in words(ana.get(at(ids["flag"])))
    assert len(console.recorded("conversation.reviewed")) == 2


def test_a_next_that_is_no_conversation_leads_nowhere_else(console: Stage):
    id_ = said(console, "hello")
    ana = console.signed_in(temple="reviewer")
    for where in ("//evil.example", "../people", "https://evil.example"):
        response = ana.post(at(id_, "/reviewed"), {"do": "next", "next": where})
        assert_goes_to(response, f"{LIST}?done=last")


def test_the_filter_stays_through_a_change(console: Stage):
    id_ = said(console, "hello")
    ana = console.signed_in(temple="reviewer")
    response = ana.post(
        at(id_, "/tags"), {"new_tag": "Call  Back", "words": "hel", "from": "2026-11-20"}
    )
    assert_goes_to(response, f"{LIST}/{id_}?words=hel&from=2026-11-20&done=tagged")
    assert "#call back" in words(ana.get(at(id_)))


def test_tags_come_and_go_and_are_found(console: Stage):
    id_ = said(console, "hello")
    ana = console.signed_in(temple="reviewer")
    ana.post(at(id_, "/tags"), {"new_tag": "call back"})
    assert id_ in ana.get("/conversations?tag=call+back").text
    ana.post(at(id_, "/tags/remove"), {"old_tag": "call back"})
    assert "#call back" not in words(ana.get(at(id_)))


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("/tags", {"new_tag": ""}, "new_tag"),
        ("/tags", {"new_tag": "x" * 41}, "new_tag"),
        ("/notes", {"note": "  "}, "note"),
        ("/notes", {"note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_kept_stays_in_its_field(
    console: Stage, path: str, fields: dict[str, str], field: str
):
    id_ = said(console, "hello")
    page = console.signed_in(temple="reviewer").post(at(id_, path), fields)
    assert_page(page, 422)
    assert f'id="{field}-error"' in page.text
    assert fields[field] in page.text


def test_a_note_is_redacted_and_deleted_by_its_writer_only(console: Stage):
    id_ = said(console, "hello")
    ana, bo = console.signed_in(temple="reviewer"), console.signed_in("bo", temple="reviewer")
    ana.post(at(id_, "/notes"), {"note": "Rang 555-201-3344.\r\nNobody there."})
    page = bo.get(at(id_))
    assert "Rang [phone]. Nobody there." in words(page)
    assert "/notes/" not in page.text
    number = re.search(r"/notes/(\d+)/delete", ana.get(at(id_)).text)
    assert number
    bo.post(at(id_, f"/notes/{number[1]}/delete"))
    assert "Nobody there." in words(ana.get(at(id_)))
    ana.post(at(id_, f"/notes/{number[1]}/delete"))
    assert "Nobody there." not in words(ana.get(at(id_)))


def test_it_is_given_to_a_colleague_who_may_review_it(console: Stage):
    id_ = said(console, "hello")
    console.person("bo", temple="reviewer")
    console.person("cy", temple="editor")
    ana = console.signed_in(temple="reviewer")
    ana.post(at(id_, "/assigned"), {"to": "bo"})
    assert "This is for bo now." in words(ana.get(at(id_, "?done=assigned")))
    assert_page(ana.post(at(id_, "/assigned"), {"to": "cy"}), 422)
    assert_page(ana.post(at(id_, "/assigned"), {"to": "nobody-known"}), 422)
    assert id_ in ana.get("/conversations?assigned=bo").text
    ana.post(at(id_, "/assigned"), {"to": ""})
    assert id_ in ana.get("/conversations?assigned=-").text


def test_the_link_to_share_has_no_filter_and_opens_for_those_who_may(console: Stage):
    id_ = said(console, "hello")
    page = console.signed_in(temple="reader").get(at(id_, "?words=hello")).text
    assert f'value="https://careline.example{LIST}/{id_}"' in page
    assert_page(console.signed_in("bo", temple="editor").get(at(id_)), 403)
    assert_goes_to(
        console.browser().get(at(id_)), f"/staff/sign-in?next=%2Fstaff%2Fconversations%2F{id_}"
    )


def test_deleting_asks_first_and_then_it_is_gone(console: Stage):
    id_ = said(console, "hello")
    boss = console.signed_in(temple="admin")
    assert "It cannot be brought back." in assert_page(boss.get(at(id_, "/delete?words=hello")))
    response = boss.post(at(id_, "/delete"), {"words": "hello"})
    assert_goes_to(response, f"{LIST}?words=hello&done=deleted&number=1")
    assert_page(boss.get(at(id_)), 404)
    (entry,) = console.recorded("conversation.deleted")
    assert (entry.by, entry.clinic) == ("ana", "temple")


def test_a_reader_gets_the_words_and_no_forms(console: Stage):
    id_ = said(console, "hello")
    page = console.signed_in(temple="reader").get(at(id_)).text
    forms = re.findall(r'<form method="post" action="([^"]+)"', page)
    assert forms == ["/staff/sign-out"]
    reviewer = console.signed_in("bo", temple="reviewer").get(at(id_)).text
    assert f"{LIST}/{id_}/delete" not in reviewer


def test_an_address_in_an_answer_is_a_link_only_where_it_is_safe(console: Stage):
    bad = "javascript:alert(1)"
    turn = answered(
        "hello",
        reply=f"[here]({bad}) and [there](https://clinic.example/)",
        links=[Link("a link", bad), Link("Call", "tel:911")],
        source=SourceLine("a source", bad, None),
        buttons=[Button("b", "Button", "causes")],
    )
    page = console.signed_in(temple="reader").get(at(talk(console, turn))).text
    assert 'href="javascript' not in page
    assert 'href="https://clinic.example/"' in page
    assert 'href="tel:911"' in page


def test_a_visitor_who_only_read_the_greeting_is_shown_too(console: Stage):
    id_ = talk(console)
    ana = console.signed_in(temple="reader")
    assert "The visitor wrote nothing" in assert_page(ana.get("/conversations"))
    assert "Welcome." in assert_page(ana.get(at(id_)))
