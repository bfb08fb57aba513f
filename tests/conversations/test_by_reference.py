"""A visitor's code finds the conversation, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations import by_reference, reference
from bot.conversations.by_reference import ByReference
from bot.conversations.going import going
from bot.conversations.log import ConversationLog
from bot.conversations.model import Conversation, DraftMessage
from bot.conversations.tables import conversations
from bot.db.migrate import upgrade
from bot.errors import NotFound
from bot.staff.audit import AuditFilter, AuditLog
from tests.chat.stage import Clock

CLINICS = ("temple",)


@pytest.fixture
def lookup(engine: Engine, clock: Clock) -> ByReference:
    return ByReference(engine, clock)


def begin(log: ConversationLog, clinic: str = "temple") -> Conversation:
    hello = DraftMessage("bot", "Hello.", subject="greeting")
    return log.open(clinic, token_hash=None, external_id=None, expires_at=None, greeting=hello)[0]


def test_a_code_is_random_short_and_without_letters_that_look_like_figures() -> None:
    codes = {reference.new_reference() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 8 and not set(code) & set("ILOU") for code in codes)
    assert reference.shown("7K3M9QXD") == "7K3M-9QXD"


@pytest.mark.parametrize(
    "typed", ["7K3M-90X1", "7k3m90x1", " 7k3m 90x1 ", "7K3M-9OXI", "7k3m–9oxl", "7K 3M 90 X1"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert reference.read(typed) == "7K3M90X1"


@pytest.mark.parametrize("typed", ["", "7K3M-90X", "7K3M-90X12", "7K3M-90XU", "'; DROP TABLE x"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert reference.read(typed) is None


def test_each_conversation_has_a_code_of_its_own(log: ConversationLog) -> None:
    assert begin(log).reference != begin(log).reference


def test_a_code_that_is_taken_is_not_given_again(
    log: ConversationLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = begin(log).reference
    codes = iter([taken, taken, "00000001"])
    monkeypatch.setattr(by_reference.reference, "new_reference", lambda: next(codes))
    assert begin(log).reference == "00000001"


def test_a_conversation_is_found_by_its_code_without_its_words(
    log: ConversationLog, lookup: ByReference, clock: Clock
) -> None:
    conversation = begin(log)
    clock.move(hours=1)
    said = [DraftMessage("visitor", "secret words"), DraftMessage("bot", "Answer.")]
    log.save_turn(conversation.id, 1, said, events=[], slots={})
    found = lookup.find(reference.shown(conversation.reference).lower(), CLINICS, by="mia")
    assert found is not None
    assert (found.id, found.clinic, found.messages) == (conversation.id, "temple", 3)
    assert (found.started_at, found.last_activity_at) == (conversation.started_at, clock.now)
    assert "secret" not in repr(found)


def test_another_clinics_conversation_is_neither_found_nor_deleted(
    log: ConversationLog, lookup: ByReference
) -> None:
    other = begin(log, "twin-cities")
    assert lookup.find(other.reference, CLINICS, by="mia") is None
    with pytest.raises(NotFound):
        lookup.delete(other.reference, CLINICS, by="mia")
    assert log.turns(other.id) == 0


def test_deleting_takes_all_of_it_and_stands_in_the_record(
    log: ConversationLog, lookup: ByReference, engine: Engine, clock: Clock
) -> None:
    mine, other = begin(log), begin(log)
    lookup.find(mine.reference, CLINICS, by="mia")
    lookup.delete(mine.reference, CLINICS, by="mia")
    assert log.turns(mine.id) is None
    assert log.messages(mine.id) == []
    assert log.turns(other.id) == 0
    entries = list(AuditLog(engine, clock).export(AuditFilter()))
    assert [(e.action, e.target) for e in entries] == [
        ("conversation.searched", mine.id),
        ("conversation.deleted", mine.id),
    ]
    with pytest.raises(NotFound):
        lookup.delete(mine.reference, CLINICS, by="mia")


def test_a_deletion_that_cannot_be_recorded_does_not_happen(
    log: ConversationLog, lookup: ByReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = begin(log)

    def fail(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(by_reference, "record", fail)
    with pytest.raises(KeyError):
        lookup.delete(conversation.reference, CLINICS, by="mia")
    assert log.turns(conversation.id) == 0


def test_what_begins_anew_has_a_new_code(log: ConversationLog, lookup: ByReference) -> None:
    old = begin(log)
    log.begin_anew(old.id, DraftMessage("bot", "Deleted."))
    assert lookup.find(old.reference, CLINICS, by="mia") is None
    (new,) = log.all()
    assert new.reference != old.reference


def test_conversations_that_were_there_before_get_a_code_each(
    empty_database: str, make_engine: Callable[[str], Engine]
) -> None:
    engine = make_engine(empty_database)
    upgrade(engine, "0005")
    with engine.begin() as connection:
        for id_ in ("a", "b", "c"):
            connection.execute(
                sa.text(
                    "INSERT INTO conversations (id, clinic, started_at, last_activity_at, turns,"
                    " slots) VALUES (:id, 'temple', :at, :at, 0, '{}')"
                ),
                {"id": id_, "at": "2026-11-01 10:00:00.000000"},
            )
    upgrade(engine)
    with engine.connect() as connection:
        codes = connection.execute(sa.select(conversations.c.reference)).scalars().all()
    assert len(set(codes)) == 3
    assert all(reference.read(code) == code for code in codes)


def test_the_preview_counts_what_goes_by_week(
    log: ConversationLog, engine: Engine, clock: Clock
) -> None:
    now = clock.now
    for days_ago in (95, 89.5, 80, 80, 1, 0):
        clock.now = now - timedelta(days=days_ago)
        begin(log)
    begin(log, "twin-cities")
    clock.now = now
    told = going(engine, clock, "temple", 90, weeks=3)
    assert told.at_once == 1
    assert [week.conversations for week in told.weeks] == [1, 2, 0]
    assert (told.later, told.total) == (2, 6)
    assert going(engine, clock, "temple", 30, weeks=3).at_once == 4


def test_what_the_preview_calls_overdue_is_what_the_purge_takes(
    log: ConversationLog, engine: Engine, clock: Clock
) -> None:
    now = clock.now
    for days_ago in (91, 90, 89):
        clock.now = now - timedelta(days=days_ago)
        begin(log)
    clock.now = now
    told = going(engine, clock, "temple", 90)
    assert told.at_once == sum(log.purge(clinic="temple"))
