"""A second pair of eyes: nobody publishes a medical answer alone where the clinic asks for it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.content.approval import ApprovalSetting
from bot.content.opening import Desk
from bot.content.publishing import Publishing
from bot.nlu.answer_vectors import vector_store
from tests.console.stage import Staff, Stage, assert_page
from tests.console.test_answers import DOGS, change, fields, goes, number, said

DATABASE = "postgresql"

NEW_WORDS = "Injections put medicine near a nerve."


@pytest.fixture
def writer(console: Stage) -> Staff:
    ApprovalSetting(console.database, console.clock).set("temple", True, by="ada")
    return console.signed_in("eve", temple="editor", twin_cities="editor")


@pytest.fixture
def second(console: Stage) -> Staff:
    return console.signed_in("leo", temple="editor", twin_cities="editor")


def shared(console: Stage) -> str:
    """What the library's answer says."""
    return said(console, "treatment_detail", "injections", "library")


def asked(console: Stage, writer: Staff, **changes: str) -> int:
    """A draft that waits for somebody else."""
    place = number(console, "treatment_detail", "injections")
    goes(change(writer, place, "ask", text=NEW_WORDS, **changes))
    return place


def soon(console: Stage) -> str:
    """In five minutes, on the clock of the first clinic, as the field takes it."""
    local = console.clock().astimezone(ZoneInfo("America/New_York"))
    return (local + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")


def edit_of(console: Stage, place: int) -> dict[str, str]:
    draft = Desk(console.database).open(str(place)).draft
    assert draft
    return {"edit": str(draft.edit)}


def test_an_admin_switches_it_on_and_off_and_an_editor_cannot(console: Stage) -> None:
    admin = console.signed_in("ada", temple="admin")
    goes(admin.post("/answers/approval/temple", {"required": "yes"}))
    assert ApprovalSetting(console.database, console.clock).clinics() == {"temple"}
    eve = console.signed_in("eve", temple="editor")
    assert eve.post("/answers/approval/temple", {"required": "no"}).status_code == 403
    assert admin.post("/answers/approval/twin-cities", {"required": "yes"}).status_code == 404
    goes(admin.post("/answers/approval/temple", {"required": "no"}))
    assert ApprovalSetting(console.database, console.clock).clinics() == frozenset()
    assert [e.action for e in console.recorded("approval.")] == [
        "approval.required",
        "approval.not_required",
    ]


@pytest.mark.parametrize("do", ["publish", "later"])
def test_a_hand_made_request_does_not_publish_without_approval(
    console: Stage, writer: Staff, do: str
) -> None:
    place = number(console, "treatment_detail", "injections")
    before = shared(console)
    assert "Publish now" not in writer.get(f"/answers/{place}").text
    at = (console.clock() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    response = change(writer, place, do, text=NEW_WORDS, publish_at=at)
    assert "Somebody else has to approve this answer" in assert_page(response, 403)
    assert shared(console) == before
    assert NEW_WORDS in writer.get(f"/answers/{place}").text, "it is a draft"


def test_the_writer_cannot_approve_it(console: Stage, writer: Staff) -> None:
    place = asked(console, writer)
    assert "somebody else has to approve it" in assert_page(writer.get(f"/answers/{place}"))
    response = writer.post(f"/answers/{place}/approve", edit_of(console, place))
    assert "You wrote this yourself." in assert_page(response, 403)
    assert shared(console) != NEW_WORDS


def test_somebody_else_sees_what_changes_and_approves_and_the_record_shows_both(
    console: Stage, writer: Staff, second: Staff
) -> None:
    place = asked(console, writer)
    assert "Waiting for your approval" in assert_page(second.get("/answers"))
    assert "Waiting for your approval" not in assert_page(writer.get("/answers"))
    page = second.get(f"/answers/{place}")
    assert "What it changes" in assert_page(page)
    goes(second.post(f"/answers/{place}/approve", edit_of(console, place)))
    assert shared(console) == NEW_WORDS
    entry = console.recorded("answer.published")[-1]
    assert entry.by == "leo"
    assert '"approved_by":"leo"' in entry.details.replace(" ", "")
    assert '"written_by":"eve"' in entry.details.replace(" ", "")
    history = assert_page(second.get(f"/answers/{place}/history"))
    assert "by eve; approved by leo" in history


def test_what_is_changed_after_it_was_read_is_not_approved(
    console: Stage, writer: Staff, second: Staff
) -> None:
    place = asked(console, writer)
    read = edit_of(console, place)
    goes(change(writer, place, "ask", text="Quite other words."))
    response = second.post(f"/answers/{place}/approve", read)
    assert response.status_code == 409
    assert shared(console) not in (NEW_WORDS, "Quite other words.")


def test_a_draft_is_sent_back_with_what_is_to_be_changed(
    console: Stage, writer: Staff, second: Staff
) -> None:
    place = asked(console, writer)
    nothing = second.post(f"/answers/{place}/send-back", edit_of(console, place))
    assert "Write what is to be changed." in assert_page(nothing, 422)
    note = {"note": "Say for how long it helps.", **edit_of(console, place)}
    goes(second.post(f"/answers/{place}/send-back", note))
    text = assert_page(writer.get(f"/answers/{place}"))
    assert "Say for how long it helps." in text
    assert "Sent back" in text


@pytest.mark.parametrize(("then", "kept"), [("ask", "<textarea"), ("draft", "was not sent")])
def test_a_note_on_a_draft_that_was_changed_meanwhile_is_not_lost(
    console: Stage, writer: Staff, second: Staff, then: str, kept: str
) -> None:
    place = asked(console, writer)
    note = {"note": "Say for how long it helps.", **edit_of(console, place)}
    goes(change(writer, place, then, text="Quite other words."))
    response = second.post(f"/answers/{place}/send-back", note)
    assert "Somebody changed this draft while you read it" in assert_page(response, 409)
    line = next(line for line in response.text.splitlines() if note["note"] in line)
    assert kept in line
    if then == "ask":
        goes(second.post(f"/answers/{place}/send-back", {**note, **edit_of(console, place)}))
        assert note["note"] in assert_page(writer.get(f"/answers/{place}"))


def test_an_approved_answer_waits_for_its_time_and_any_change_needs_approval_again(
    console: Stage, writer: Staff, second: Staff
) -> None:
    place = asked(console, writer, publish_at=soon(console))
    goes(second.post(f"/answers/{place}/approve", edit_of(console, place)))
    publishing = Publishing(console.database, console.clock, vector_store(console.database))
    goes(change(writer, place, "draft", text="Something else."))
    console.clock.now += timedelta(minutes=6)
    assert publishing.publish_due() == 0
    asked(console, writer, publish_at=soon(console))
    goes(second.post(f"/answers/{place}/approve", edit_of(console, place)))
    console.clock.now += timedelta(minutes=6)
    assert publishing.publish_due() == 1
    assert shared(console) == NEW_WORDS


def test_what_is_not_medical_is_published_by_its_writer(console: Stage, writer: Staff) -> None:
    goes(change(writer, number(console, "help"), "publish", text="Ask me."))
    assert said(console, "help") == "Ask me."


def test_a_new_question_is_approved_and_another_clinics_is_not_concerned(
    console: Stage, writer: Staff, second: Staff
) -> None:
    place = goes(writer.post("/answers/new", {**DOGS, "do": "ask"})).split("/")[-1].split("?")[0]
    assert place.startswith("d")
    edit = fields(second.get(f"/answers/{place}").text)["edit"]
    goes(second.post(f"/answers/{place}/approve", {"edit": edit}))
    assert said(console, "faq", "dogs-in-the-clinic") == DOGS["text"]
    elsewhere = {**DOGS, "clinic": "twin-cities", "source": "temple", "do": "publish"}
    goes(writer.post("/answers/new", elsewhere))
    assert said(console, "faq", "dogs-in-the-clinic", "twin-cities") == DOGS["text"]
