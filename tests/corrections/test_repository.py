"""Corrections in the store, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.conversations.tables import messages
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.repository import Corrections
from bot.corrections.tables import release
from bot.errors import Forbidden, NotFound, Unprocessable
from tests.chat.stage import Clock
from tests.corrections.stage import say

WANTED = Wanted("clinic_admin")


def test_a_correction_keeps_the_words_as_stored_what_the_bot_said_who_when_and_why(
    corrections: Corrections, log: ConversationLog, clock: Clock
):
    conversation, message = say(log, "Where do I leave my [name] car?")
    made = corrections.correct(message, WANTED, by="Ana", why=" parking ")
    assert (made.text, made.wanted, made.clinic) == (
        "Where do I leave my [name] car?",
        WANTED,
        "temple",
    )
    assert (made.by, made.at, made.why, made.state) == ("Ana", clock.now, "parking", State.NEW)
    assert (made.message_id, made.conversation_id) == (message, conversation)
    assert made.got is not None
    assert made.got.subject == "causes"
    assert corrections.of_message(message) == made


def test_correcting_a_message_again_replaces_the_correction(
    corrections: Corrections, log: ConversationLog, recorded: Callable[[], list[Any]]
):
    _, message = say(log, "where to park")
    first = corrections.correct(message, Wanted("portal"), by="Ana")
    second = corrections.correct(message, WANTED, by="Ben", everywhere=True)
    assert corrections.listed() == [second]
    assert second.clinic is None
    assert [json.loads(entry.details).get("replaced") for entry in recorded()] == [None, first.id]


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        (Wanted("parking"), "no subject"),
        (Wanted("faq"), "Name the written answer"),
        (Wanted("portal", "login"), "has no details"),
        (Wanted("fallback"), "no subject"),
    ],
)
def test_only_what_a_reply_can_be_is_taken(
    corrections: Corrections, log: ConversationLog, wanted: Wanted, complaint: str
):
    _, message = say(log, "where to park")
    with pytest.raises(Unprocessable, match=complaint):
        corrections.correct(message, wanted, by="Ana")
    assert corrections.listed() == []


def test_only_a_visitors_message_can_be_corrected(corrections: Corrections, log: ConversationLog):
    conversation, _ = say(log, "where to park")
    bots = [m.id for m in log.messages(conversation) if m.sender == "bot"]
    for message in [*bots, "nothing"]:
        with pytest.raises(NotFound):
            corrections.correct(message, WANTED, by="Ana")


def test_what_it_is_used_for_is_chosen_and_recorded(
    corrections: Corrections,
    log: ConversationLog,
    clock: Clock,
    recorded: Callable[[], list[Any]],
):
    _, message = say(log, "where to park")
    made = corrections.correct(message, WANTED, by="Ana")
    assert corrections.reviewed() == []
    clock.move(hours=1)
    learnt = corrections.decide(made.id, State.TRAINING, by="Ben")
    assert learnt == replace(made, state=State.TRAINING, decided_by="Ben", decided_at=clock.now)
    assert corrections.reviewed() == [learnt]
    corrections.decide(made.id, State.WITHDRAWN, by="Ben")
    assert corrections.reviewed() == []
    assert [(entry.by, entry.action, entry.clinic) for entry in recorded()] == [
        ("Ana", "correction.made", "temple"),
        ("Ben", "correction.decided", "temple"),
        ("Ben", "correction.decided", "temple"),
    ]
    assert "park" not in str(recorded())


@pytest.mark.parametrize(
    ("text", "wanted", "complaint"),
    [
        ("What is it called, again?!", WANTED, "measured with"),
        ("where is the PORTAL?", WANTED, r"data/nlu/portal\.yml says that it is one of portal"),
        ("where is the PORTAL?", Wanted("portal"), "already"),
        ("[name], [phone]!", WANTED, "no words"),
        ("see [this](portal) thing", WANTED, "brackets"),
        ("is there parking", Wanted("faq", "parking"), "example questions"),
    ],
)
def test_what_cannot_be_learnt_is_refused_for_training_and_can_be_asked(
    corrections: Corrections, log: ConversationLog, text: str, wanted: Wanted, complaint: str
):
    _, message = say(log, text)
    with pytest.raises(Unprocessable, match=complaint):
        corrections.correct(message, wanted, by="Ana", state=State.TRAINING)
    made = corrections.correct(message, wanted, by="Ana", state=State.REGRESSION)
    with pytest.raises(Unprocessable, match=complaint):
        corrections.decide(made.id, State.TRAINING, by="Ana")
    assert corrections.reviewed() == [made]


def test_it_goes_when_the_visitor_asks_to_be_forgotten(
    corrections: Corrections, log: ConversationLog
):
    conversation, message = say(log, "where to park")
    other = corrections.correct(say(log, "where to eat")[1], WANTED, by="Ana")
    corrections.correct(message, WANTED, by="Ana")
    assert log.delete(conversation)
    assert corrections.listed() == [other]


def test_it_stays_when_the_time_of_its_conversation_is_over(
    corrections: Corrections, log: ConversationLog, engine: Engine
):
    conversation, message = say(log, "where to park")
    made = corrections.correct(message, WANTED, by="Ana", state=State.REGRESSION)
    with engine.connect() as connection:
        release(connection, [conversation])
        connection.commit()
    log.delete(conversation)
    assert corrections.reviewed() == [replace(made, message_id=None, conversation_id=None)]
    with engine.connect() as connection:
        assert connection.execute(sa.select(messages.c.id)).all() == []


def test_a_list_has_the_corrections_of_some_clinics_and_of_all_together(
    corrections: Corrections, clock: Clock
):
    for clinic in ("temple", "twin-cities", None):
        clock.move(minutes=1)
        corrections.add([Draft(f"of {clinic}", WANTED, clinic)], by="Ana")
    assert [c.clinic for c in corrections.listed()] == [None, "twin-cities", "temple"]
    assert [c.clinic for c in corrections.listed(clinics=["temple"])] == [None, "temple"]
    assert corrections.listed([State.WITHDRAWN]) == []


def test_they_are_counted_by_state_and_those_that_wait_for_a_training_too(
    corrections: Corrections, clock: Clock
):
    corrections.add([Draft("one", WANTED, "temple", State.TRAINING)], by="Ana")
    before = clock.now
    clock.move(minutes=1)
    corrections.add([Draft("two", WANTED, "twin-cities", State.TRAINING)], by="Ana")
    corrections.add([Draft("three", WANTED)], by="Ana")
    assert corrections.counts()[State.TRAINING] == 2
    assert corrections.counts(["temple"]) == {
        State.NEW: 1,
        State.TRAINING: 1,
        State.REGRESSION: 0,
        State.WITHDRAWN: 0,
    }
    assert (corrections.waiting(None), corrections.waiting(before)) == (2, 1)
    assert [c.text for c in corrections.reviewed(["temple"])] == ["one"]
    assert [c.text for c in corrections.listed(skip=1, most=1)] in (["two"], ["three"])


def test_of_other_clinics_nothing_is_found_or_changed(
    corrections: Corrections, log: ConversationLog
):
    conversation, message = say(log, "where to park")
    with pytest.raises(NotFound):
        corrections.correct(message, WANTED, by="Ana", clinics=["twin-cities"])
    made = corrections.correct(message, WANTED, by="Ana", clinics=["temple"])
    assert corrections.of_conversation(conversation) == {message: made}
    with pytest.raises(NotFound):
        corrections.get(made.id, ["twin-cities"])
    with pytest.raises(NotFound):
        corrections.decide(made.id, State.WITHDRAWN, by="Ana", clinics=["twin-cities"])
    assert corrections.get(made.id).state is State.NEW


def test_what_holds_everywhere_is_made_replaced_and_chosen_for_only_by_who_may_everywhere(
    corrections: Corrections, log: ConversationLog
):
    _, message = say(log, "where to park")
    both = ["temple", "twin-cities"]
    with pytest.raises(Forbidden, match="every clinic"):
        corrections.correct(message, WANTED, by="Ana", clinics=["temple"], everywhere=True)
    made = corrections.correct(message, WANTED, by="Bo", clinics=both, everywhere=True)
    for state in (State.NEW, State.TRAINING):
        with pytest.raises(Forbidden, match="every clinic"):
            corrections.correct(message, WANTED, by="Ana", clinics=["temple"], state=state)
    with pytest.raises(Forbidden, match="every clinic"):
        corrections.decide(made.id, State.WITHDRAWN, by="Ana", clinics=["temple"])
    assert corrections.listed() == [made]
    corrections.decide(made.id, State.REGRESSION, by="Bo", clinics=both)
    here = corrections.correct(message, WANTED, by="Bo", clinics=both)
    assert corrections.listed() == [here]
    assert here.clinic == "temple"


def test_an_import_is_all_or_nothing(corrections: Corrections):
    drafts = [Draft("one", WANTED), Draft("two", Wanted("parking"))]
    with pytest.raises(Unprocessable):
        corrections.add(drafts, by="Ana")
    assert corrections.listed() == []


def test_a_reason_is_not_a_letter(corrections: Corrections, log: ConversationLog):
    _, message = say(log, "where to park")
    with pytest.raises(Unprocessable, match="500"):
        corrections.correct(message, WANTED, by="Ana", why="x" * 501)


def test_a_reason_is_kept_redacted(corrections: Corrections, log: ConversationLog):
    _, message = say(log, "where to park")
    made = corrections.correct(message, WANTED, by="Ana", why="call 215-555-0123")
    assert made.why == "call [phone]"


def test_nothing_is_kept_where_the_record_cannot_be_written(
    corrections: Corrections, log: ConversationLog, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: Any) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr("bot.corrections.repository.record", fail)
    _, message = say(log, "where to park")
    with pytest.raises(RuntimeError):
        corrections.correct(message, WANTED, by="Ana")
    assert corrections.listed() == []
