from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from bot.content.outages import Outages
from bot.conversations.log import ConversationLog
from bot.conversations.model import Button, DraftMessage, SourceLine, Understanding
from bot.errors import NotFound
from bot.review.model import NoticeThen, Opinion, ReviewedMessage
from bot.review.reviewing import Reviewing
from bot.review.transcript import Transcripts
from bot.staff.audit import AuditFilter, AuditLog
from tests.chat.stage import START, Clock
from tests.conversations.wordings import begin, broken_at, drafts, save

TEMPLE = ("temple",)


@pytest.fixture
def transcripts(engine: Engine, clock: Clock) -> Transcripts:
    return Transcripts(engine, clock)


def said(transcripts: Transcripts, conversation_id: str) -> list[ReviewedMessage]:
    return [*transcripts.read(conversation_id, TEMPLE, by="ana").messages]


def test_everything_that_is_known_of_a_message_is_told(
    log: ConversationLog, transcripts: Transcripts, clock: Clock
):
    conversation = begin(log)
    reply = save(log, conversation, 1, "why")[-1]
    clock.move(minutes=1)
    log.add_feedback(conversation.id, reply.id, False, "too long")
    greeting, asked, answered = said(transcripts, conversation.id)
    assert (greeting.turn, greeting.text) == (0, "Welcome.")
    assert (asked.sender, asked.text, asked.turn) == ("visitor", "why", 1)
    assert (asked.intent, asked.confidence) == ("causes", 0.9)
    assert (asked.runner_up, asked.runner_up_confidence) == ("definition", 0.05)
    assert (answered.subject, answered.detail) == ("causes", "scar_tissue")
    assert (answered.action, answered.answer_id, answered.answer_version) == (
        "action_causes",
        4,
        2,
    )
    assert isinstance(answered.source, SourceLine)
    assert [button.title for button in answered.buttons] == ["Scar tissue", "Symptoms"]
    assert answered.opinion == Opinion(False, "too long", START + timedelta(minutes=1))
    assert (answered.missed, answered.failed, answered.chosen) == (True, False, None)


def test_the_button_that_was_chosen_is_marked_where_it_was_offered(
    log: ConversationLog, transcripts: Transcripts
):
    conversation = begin(log)
    save(log, conversation, 1, "why")
    chosen = DraftMessage(
        "visitor", "Scar tissue", understanding=Understanding("cause_detail", 1.0)
    )
    log.save_turn(conversation.id, 2, [chosen, drafts("x")[1]], events=[], slots={})
    typed = DraftMessage("visitor", "Symptoms", understanding=Understanding("symptoms", 0.97))
    log.save_turn(conversation.id, 3, [typed], events=[], slots={})
    messages = said(transcripts, conversation.id)
    assert [message.chosen for message in messages] == [
        None,
        None,
        "scars-1",
        "scars-1",
        None,
        None,
    ]
    assert messages[2].buttons[0] == Button("scars-1", "Scar tissue", "cause_detail", "scar_tissue")


def test_a_turn_that_failed_is_marked(log: ConversationLog, transcripts: Transcripts):
    conversation = begin(log)
    log.save_turn(conversation.id, 1, drafts("why"), events=[], slots={}, failed=True)
    assert [message.failed for message in said(transcripts, conversation.id)] == [
        False,
        True,
        True,
    ]


def test_each_message_has_the_notice_that_was_in_force_then(
    log: ConversationLog, transcripts: Transcripts, engine: Engine, clock: Clock
):
    outages = Outages(engine, clock)
    outages.off("temple", by="ana")  # the one that ships
    conversation = begin(log)
    clock.move(minutes=1)
    outages.on("temple", by="ana", text="Our phones are out.")
    save(log, conversation, 1, "why")
    clock.move(minutes=1)
    outages.off("temple", by="ana")
    clock.move(minutes=1)
    save(log, conversation, 2, "why")
    notice = (NoticeThen("phone_outage", "Our phones are out."),)
    told = [message.notices for message in said(transcripts, conversation.id)]
    assert told == [(), notice, notice, (), ()]


def test_reading_is_recorded_before_it_is_shown(
    log: ConversationLog, transcripts: Transcripts, engine: Engine, clock: Clock
):
    conversation = begin(log)
    with pytest.raises(RuntimeError), broken_at(engine, "INSERT INTO audit_entries"):
        transcripts.read(conversation.id, TEMPLE, by="ana")
    transcripts.read(conversation.id, TEMPLE, by="ana")
    [entry] = AuditLog(engine, clock).page(AuditFilter(action="conversation.read")).entries
    assert (entry.by, entry.clinic, entry.target) == ("ana", "temple", conversation.id)


def test_a_conversation_of_another_clinic_is_not_found_and_not_recorded(
    log: ConversationLog, transcripts: Transcripts, engine: Engine, clock: Clock
):
    conversation = begin(log)
    for clinics, conversation_id in ((("hillside",), conversation.id), (TEMPLE, "f" * 32)):
        with pytest.raises(NotFound):
            transcripts.read(conversation_id, clinics, by="ana")
    assert AuditLog(engine, clock).page(AuditFilter()).entries == ()


def test_notes_and_the_reference_code_stand_with_the_transcript(
    log: ConversationLog, transcripts: Transcripts, engine: Engine, clock: Clock
):
    conversation = begin(log)
    note = Reviewing(engine, clock).note(conversation.id, TEMPLE, "Called back.", by="ben")
    view = transcripts.read(conversation.id, TEMPLE, by="ana")
    assert view.notes == (note,)
    assert view.reference == conversation.reference
