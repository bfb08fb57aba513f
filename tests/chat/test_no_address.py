"""No network address of a visitor is stored with a chat, in no column of any table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from bot.db.base import metadata
from bot.db.engine import create_engine
from bot.settings import Settings
from tests.chat.stage import Clock, Stage, stub_app
from tests.conversations.wordings import rows_of

ADDRESS, PORT = "203.0.113.77", 47_110
FORWARDED = "198.51.100.23"
BROWSER = "Quokkabrowser/7.1"
HEADERS = {
    "X-Forwarded-For": FORWARDED,
    "X-Real-IP": FORWARDED,
    "Forwarded": f"for={FORWARDED}",
    "User-Agent": BROWSER,
    "Referer": "https://quokka.example/page",
    "Cookie": "quokka=1",
}

ABOUT_A_CHAT = {
    "conversations": {
        "id", "clinic", "token_hash", "external_id", "started_at", "last_activity_at",
        "expires_at", "turns", "slots", "red_flag_at",
        "reference",  # random; only a visitor who tells it can be matched with the chat
    },
    "turns": {"conversation_id", "number", "at", "events", "failed", "milliseconds"},
    "messages": {
        "id", "conversation_id", "turn", "position", "sender", "text", "at", "subject", "detail",
        "buttons", "links", "source", "intent", "confidence", "runner_up", "runner_up_confidence",
        "action", "answer_id", "answer_version", "missed",
        "request_key",  # a hash: what a client calls its request could name somebody
    },
    "feedback": {"message_id", "helpful", "comment", "at"},
    "overviews": {
        "number", "conversation_id", "clinic", "last_activity_at", "turns", "attention", "red_flag",
        "missed", "helpful", "not_helpful", "handoff", "lowest_confidence", "assigned_to",
        "reviewed_at", "reviewed_by",
        "first_words",  # of what was typed, masked as the message is
    },
    "overview_subjects": {"subject", "detail", "number"},
    "conversation_tags": {"clinic", "tag", "number"},
    "review_notes": {"id", "number", "by", "at", "text"},
    "missed_questions": {
        "message_id", "clinic", "group_id", "at", "week", "missed", "unsure", "unhelpful",
        "text_hash", "centrality", "model", "vector",
    },
    "corrections": {
        "id", "conversation_id", "message_id", "clinic", "digest", "subject", "detail",
        "got_subject", "got_detail", "state", "by", "at", "why", "decided_by", "decided_at",
        "text",  # of the message, masked as it is
    },
    "comparison_lines": {
        "comparison_id", "number", "set_name", "place", "correction_id", "expected", "before",
        "after", "right_before", "right_after", "urgent",
        "text",  # of the development set; that of a correction is read there
    },
}  # fmt: skip
"""What is known of a chat. Whoever adds a column: could it tell who the visitor is?"""


@pytest.fixture
def database(settings: Settings) -> Iterator[Engine]:
    engine = create_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def stage(settings: Settings, database: Engine) -> Iterator[Stage]:
    """A door that counts requests, as an installation does, for one client from afar."""
    clock = Clock()
    app, engine, content, log = stub_app(replace(settings, rate_limits=True), database, clock)
    with TestClient(app, headers=HEADERS, client=(ADDRESS, PORT)) as client:
        yield Stage(client, app, engine, content, log, clock, settings.data_dir / "careline.db")


def test_a_visit_leaves_no_trace_of_the_address_or_the_browser(stage: Stage, database: Engine):
    visitor = stage.start()
    message = visitor.send(text="what is fbss").json()["messages"][0]
    visitor.feedback(message_id=message["id"], helpful=False, comment="too short")
    stored = str(rows_of(database))
    assert "too short" in stored
    traces = [ADDRESS, FORWARDED, str(PORT), BROWSER, "quokka"]
    traces += [hashlib.sha256(each.encode()).hexdigest() for each in (ADDRESS, FORWARDED)]
    assert [trace for trace in traces if trace in stored] == []
    stage.client.__exit__(None, None, None)
    on_disk = b"".join(file.read_bytes() for file in stage.database.parent.rglob("*.db*"))
    assert [trace for trace in traces if trace.encode() in on_disk] == []
    stage.client.__enter__()


@pytest.mark.parametrize("table", ABOUT_A_CHAT)
def test_what_is_known_of_a_chat_is_listed_here(table: str):
    assert {column.name for column in metadata.tables[table].columns} == ABOUT_A_CHAT[table]


def test_every_table_that_hangs_on_a_chat_goes_with_it():
    """So that a new table cannot keep what was said when the conversation is deleted."""
    chats = {"conversations"}
    hanging: dict[str, set[str | None]] = {}
    for table in metadata.sorted_tables:
        keys = [key for key in table.foreign_keys if key.column.table.name in chats]
        if keys:
            chats.add(table.name)
            hanging[table.name] = {key.ondelete for key in keys}
    assert chats == set(ABOUT_A_CHAT)
    assert set.union(*hanging.values()) == {"CASCADE"}


def test_no_other_table_holds_anything_of_a_conversation():
    others = [t for t in metadata.sorted_tables if t.name not in ABOUT_A_CHAT]
    named = {c.name for table in others for c in table.columns}
    assert not named & {"conversation_id", "message_id", "comment", "slots", "events"}
    assert isinstance(metadata.tables["daily_counts"].c.day.type, sa.Date)
