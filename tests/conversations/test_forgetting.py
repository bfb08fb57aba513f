"""What is deleted is gone: from every table and, on SQLite, from the bytes of the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.errors import NotFound
from tests.chat.stage import START, Clock
from tests.conversations.wordings import begin, rows_of, save

MARKER = "zebra crossing at midnight"
COMMENT = "quagga on the stairs"


def apart_from_counts(rows: dict[str, Any]) -> dict[str, Any]:
    return {name: found for name, found in rows.items() if name != "daily_counts"}


def long_talk(log: ConversationLog) -> str:
    """A conversation with the marker in many turns and a comment; returns its id."""
    conversation = begin(log)
    for number in range(1, 30):
        stored = save(log, conversation, number, f"{MARKER} {number}")
    log.add_feedback(conversation.id, stored[-1].id, False, COMMENT)
    return conversation.id


def test_deletion_leaves_nothing_in_any_table(log: ConversationLog, engine: Engine):
    other = begin(log)
    save(log, other, 1, "to be kept")
    before = rows_of(engine)
    conversation_id = long_talk(log)
    stored = str(rows_of(engine))
    assert all(trace in stored for trace in (MARKER, COMMENT, conversation_id))
    assert log.delete(conversation_id) is True
    assert apart_from_counts(rows_of(engine)) == apart_from_counts(before)
    assert log.delete(conversation_id) is False


def test_what_was_deleted_is_gone_from_the_bytes_of_the_file(
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    tmp_path: Path,
    clock: Clock,
):
    engine = make_engine(stocked_copy("sqlite", tmp_path / "careline.db"))
    log = ConversationLog(engine, clock)

    def bytes_on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.glob("careline.db*"))

    conversation_id = long_talk(log)
    assert MARKER.encode() in bytes_on_disk()
    log.delete(conversation_id)
    assert MARKER.encode() not in bytes_on_disk()
    assert COMMENT.encode() not in bytes_on_disk()


def test_the_latest_feedback_on_a_reply_counts(log: ConversationLog, engine: Engine, clock: Clock):
    conversation = begin(log)
    reply = save(log, conversation, 1, "why")[-1]
    log.add_feedback(conversation.id, reply.id, True, None)
    clock.move(minutes=1)
    log.add_feedback(conversation.id, reply.id, False, COMMENT)
    assert rows_of(engine)["feedback"] == [
        {
            "message_id": reply.id,
            "helpful": False,
            "comment": COMMENT,
            "at": START + timedelta(minutes=1),
        }
    ]


@pytest.mark.parametrize("which", ["visitor's", "other conversation's", "unknown"])
def test_feedback_is_only_for_replies_of_the_conversation(
    log: ConversationLog, engine: Engine, which: str
):
    conversation, other = begin(log), begin(log)
    message = {
        "visitor's": save(log, conversation, 1, "why")[0].id,
        "other conversation's": save(log, other, 1, "why")[1].id,
        "unknown": "unknown",
    }[which]
    with pytest.raises(NotFound):
        log.add_feedback(conversation.id, message, True, None)
    assert rows_of(engine)["feedback"] == []
