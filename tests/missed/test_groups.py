"""Groups of missed questions, from visitors' messages to what staff see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.errors import NotFound
from bot.missed.model import GroupFilter, Reason, State
from bot.missed.repository import MissedQuestions
from bot.missed.tables import missed_groups, missed_questions
from bot.staff.audit import AuditFilter, AuditLog
from tests.chat.stage import START, Clock
from tests.missed.stage import ask, keeper

TEMPLE = GroupFilter(("temple",))


def test_questions_of_one_meaning_are_one_group_the_biggest_first(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    ask(log, "where is parking", "what is the price", "parking please")
    ask(log, "Parking please!")
    assert keeper(engine, clock).once() == 4
    page = store.page(TEMPLE)
    assert [group.count for group in page.groups] == [3, 1]
    assert (page.groups_in_all, page.questions_in_all) == (2, 4)
    parking = page.groups[0]
    assert {(e.text.lower().strip("!"), e.count) for e in parking.examples} == {
        ("where is parking", 1),
        ("parking please", 2),
    }
    assert parking.weeks == ((date(2026, 11, 16), 3),)
    assert (parking.state, parking.by, parking.since_then) == (State.OPEN, None, None)
    assert parking.newest == START


@pytest.mark.parametrize("why", ["missed", "unsure", "unhelpful", "none"])
def test_what_was_missed_unsure_or_called_not_helpful_is_found_and_nothing_else(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock, why: str
):
    conversation, (reply,) = ask(
        log,
        "where is parking",
        missed=why == "missed",
        confidence=0.3 if why == "unsure" else 0.9,
        subject="causes",
    )
    log.add_feedback(conversation, reply, why != "unhelpful", None)
    keeper(engine, clock).once()
    assert store.page(TEMPLE).questions_in_all == (why != "none")


def test_a_question_with_two_reasons_is_there_once(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    conversation, (reply,) = ask(log, "where is parking", confidence=0.2)
    grouping = keeper(engine, clock)
    grouping.once()
    log.add_feedback(conversation, reply, False, None)
    grouping.once()
    assert grouping.once() == 0
    assert store.page(TEMPLE).questions_in_all == 1
    with engine.connect() as connection:
        row = connection.execute(sa.select(missed_questions)).one()
    assert (row.missed, row.unsure, row.unhelpful) == (True, True, True)


def test_what_is_forgotten_takes_its_questions_and_vectors_with_it(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    conversation, _ = ask(log, "where is parking", "parking again")
    kept, _ = ask(log, "what is the price")
    grouping = keeper(engine, clock)
    grouping.once()
    log.delete(conversation)
    page = store.page(TEMPLE)
    assert [group.examples[0].conversation_id for group in page.groups] == [kept]
    with engine.connect() as connection:
        assert len(connection.execute(sa.select(missed_questions)).all()) == 1
    clock.move(days=1)
    grouping.once()
    with engine.connect() as connection:
        assert len(connection.execute(sa.select(missed_groups)).all()) == 1


def test_each_clinic_has_groups_of_its_own(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    ask(log, "where is parking")
    ask(log, "where is parking", clinic="twin-cities")
    keeper(engine, clock).once()
    both = store.page(GroupFilter(("temple", "twin-cities"))).groups
    assert sorted(group.clinic for group in both) == ["temple", "twin-cities"]
    (mine,) = store.page(TEMPLE).groups
    with pytest.raises(NotFound):
        store.group(mine.id, ["twin-cities"])
    with pytest.raises(NotFound):
        store.decide(mine.id, State.IGNORED, by="Ann", clinics=["twin-cities"])


def test_a_decision_says_who_and_when_and_how_many_came_since(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    ask(log, "where is parking")
    grouping = keeper(engine, clock)
    grouping.once()
    (group,) = store.page(TEMPLE).groups
    store.decide(group.id, State.ANSWERED, by="Ann", clinics=["temple"])
    clock.move(minutes=3)
    ask(log, "parking please", "no parking")
    grouping.once()
    (group,) = store.page(GroupFilter(("temple",), State.ANSWERED)).groups
    assert (group.by, group.decided_at, group.since_then) == ("Ann", START, 2)
    assert store.page(GroupFilter(("temple",), State.OPEN)).groups == ()
    (entry,) = AuditLog(engine, clock).page(AuditFilter(action="missed.")).entries
    assert (entry.by, entry.action, entry.clinic) == ("Ann", "missed.decided", "temple")
    assert (entry.target, entry.details) == (str(group.id), {"from": "open", "to": "answered"})


def test_a_decision_that_cannot_be_recorded_is_not_taken(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock, monkeypatch
):
    ask(log, "where is parking")
    keeper(engine, clock).once()
    (group,) = store.page(TEMPLE).groups

    def fail(*given: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr("bot.missed.repository.record", fail)
    with pytest.raises(OSError, match="record"):
        store.decide(group.id, State.IGNORED, by="Ann", clinics=["temple"])
    assert store.group(group.id, ["temple"]).state is State.OPEN


@pytest.mark.parametrize("reason", Reason)
def test_groups_of_one_reason_count_its_questions_only(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock, reason: Reason
):
    ask(log, "where is parking")
    ask(log, "parking please", missed=False, confidence=0.2, subject="causes")
    id_, (reply,) = ask(log, "no parking at all", missed=False, subject="causes")
    log.add_feedback(id_, reply, False, None)
    keeper(engine, clock).once()
    (group,) = store.page(GroupFilter(("temple",), reason=reason)).groups
    assert group.count == 1


def test_a_window_counts_its_questions_only(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    ask(log, "where is parking")
    clock.move(days=8)
    ask(log, "parking please", "what is the price")
    keeper(engine, clock).once()
    recent = store.page(GroupFilter(("temple",), since=clock() - timedelta(days=1)))
    assert [group.count for group in recent.groups] == [1, 1]
    old = store.page(GroupFilter(("temple",), until=clock() - timedelta(days=1)))
    assert [(group.count, len(group.weeks)) for group in old.groups] == [(1, 2)]


def test_no_text_is_copied(log: ConversationLog, engine: Engine, clock: Clock):
    ask(log, "where is parking for zebras")
    keeper(engine, clock).once()
    with engine.connect() as connection:
        stored = [connection.execute(sa.select(t)).all() for t in (missed_groups, missed_questions)]
    assert "zebra" not in str(stored)
