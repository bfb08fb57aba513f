"""A conversation that was forgotten goes on empty for whoever was known by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage
from bot.errors import Gone
from tests.chat.stage import START
from tests.conversations.test_forgetting import COMMENT, MARKER
from tests.conversations.wordings import begin, broken_at, rows_of, save

DONE = DraftMessage("bot", "Done.", subject="privacy", detail="forgotten")


@pytest.mark.parametrize("known_by", ["token_hash", "external_id"])
def test_the_visitor_is_still_known_and_the_words_are_gone(
    log: ConversationLog, engine: Engine, known_by: str
):
    ends = START + timedelta(hours=24)
    old = begin(log, expires_at=ends, **{known_by: "somebody"})
    stored = save(log, old, 1, MARKER)
    log.add_feedback(old.id, stored[-1].id, False, COMMENT)
    [first] = log.begin_anew(old.id, DONE)
    assert first.text == "Done."
    find = log.by_token_hash if known_by == "token_hash" else log.by_external_id
    new = find("somebody")
    assert new is not None
    assert new.id != old.id
    assert (new.clinic, new.turns) == ("temple", 0)
    assert [message.id for message in log.messages(new.id)] == [first.id]
    everything = rows_of(engine)
    assert [row["expires_at"] for row in everything["conversations"]] == [ends]
    assert not any(trace in str(everything) for trace in (MARKER, COMMENT, old.id))
    state = log.state(new.id)
    assert state is not None
    assert (state.slots, state.recent) == ({"clinic": "temple"}, ())


def test_one_that_was_deleted_meanwhile_is_gone(log: ConversationLog):
    old = begin(log)
    log.delete(old.id)
    with pytest.raises(Gone):
        log.begin_anew(old.id, DONE)
    assert log.all() == []


def test_where_it_cannot_begin_anew_nothing_is_deleted(log: ConversationLog, engine: Engine):
    old = begin(log)
    save(log, old, 1, "why")
    before = rows_of(engine)
    with broken_at(engine, "INSERT INTO messages"), pytest.raises(RuntimeError):
        log.begin_anew(old.id, DONE)
    assert rows_of(engine) == before


def test_a_turn_of_the_old_conversation_is_not_stored_any_more(log: ConversationLog):
    old = begin(log)
    log.begin_anew(old.id, DONE)
    with pytest.raises(Gone):
        save(log, old, 1, "too late")
