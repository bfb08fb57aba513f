"""Conversations as files: what an export of a filter, or the download of one, holds.

An export of everything reads a chunk at a time, each in a short transaction of its own: a reader
that went on for minutes would keep SQLite from ever emptying its journal, and PostgreSQL from
clearing up. So a conversation that goes on meanwhile is exported as it is when its chunk is read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.review_tables import overviews
from bot.db.unit_of_work import UnitOfWork
from bot.review.filters import ConversationFilter
from bot.review.listing import summaries
from bot.review.model import ConversationSummary, ReviewedMessage, TranscriptView
from bot.review.narrowing import narrowed
from bot.review.recorded import of_filter
from bot.review.transcript import Transcripts, messages_of
from bot.staff.audit import AuditLog

EXPORTED = "conversation.exported"
CHUNK = 200
"""Conversations read in one transaction: some 30 ms."""

CONVERSATION_COLUMNS = (
    "id", "clinic", "started_at", "last_activity_at", "turns", "red_flag_at", "missed", "helpful",
    "not_helpful", "handoff", "lowest_confidence", "first_words", "subjects", "tags", "assigned_to",
    "reviewed_at", "reviewed_by",
)  # fmt: skip
MESSAGE_COLUMNS = (
    "conversation", "clinic", "turn", "at", "sender", "text", "subject", "detail", "intent",
    "confidence", "runner_up", "runner_up_confidence", "action", "answer_id", "answer_version",
    "source", "source_url", "buttons", "chosen", "missed", "failed", "helpful", "comment",
)  # fmt: skip
"""Columns of the two kinds of rows, in this order. They stay; new ones are added at the end."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Row = dict[str, Any]


class ConversationExport:
    """Rows of conversations, in the order in which they began. Raises `StoreUnavailable`.

    Each export is recorded under the name of the person `by` before its first row is read.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._audit = AuditLog(engine, clock)
        self._transcripts = Transcripts(engine, clock)

    def conversations(self, wanted: ConversationFilter, *, by: str) -> Iterator[Row]:
        """One row a conversation (`CONVERSATION_COLUMNS`)."""
        for found, _ in self._chunks(wanted, by, "conversations", with_messages=False):
            yield from (conversation_row(each) for each in found)

    def messages(self, wanted: ConversationFilter, *, by: str) -> Iterator[Row]:
        """One row a message (`MESSAGE_COLUMNS`)."""
        for found, said in self._chunks(wanted, by, "messages", with_messages=True):
            for each in found:
                yield from (message_row(each, message) for message in said[each.id])

    def one(
        self, conversation_id: str, clinics: Collection[str], *, by: str, form: str = "json"
    ) -> str:
        """One conversation as a text: "json", "csv" (its messages) or "text". Raises `NotFound`."""
        view = self._transcripts.read(conversation_id, clinics, by=by, action=EXPORTED)
        write = {"csv": _one_csv, "text": plain_text}.get(form, _one_json)
        return write(view)

    def _chunks(
        self, wanted: ConversationFilter, by: str, rows: str, *, with_messages: bool
    ) -> Iterator[tuple[Sequence[ConversationSummary], dict[str, list[ReviewedMessage]]]]:
        self._audit.record(of_filter(wanted, by, EXPORTED, rows=rows))
        numbers = self._numbers(wanted)
        for start in range(0, len(numbers), CHUNK):
            some = numbers[start : start + CHUNK]
            with UnitOfWork(self._engine, read_only=True) as unit:
                found = summaries(unit.connection, some)
                ids = [each.id for each in found]
                messages = messages_of(unit.connection, ids) if with_messages else {}
            yield found, messages

    def _numbers(self, wanted: ConversationFilter) -> list[int]:
        with UnitOfWork(self._engine, read_only=True) as unit:
            query = sa.select(overviews.c.number).where(*narrowed(unit.connection, wanted))
            return sorted(unit.connection.execute(query).scalars().all())


def conversation_row(of: ConversationSummary) -> Row:
    """A conversation as a row."""
    row = {name: getattr(of, name) for name in CONVERSATION_COLUMNS}
    return {**row, "subjects": [*of.subjects], "tags": [*of.tags]}


def message_row(of: ConversationSummary, message: ReviewedMessage) -> Row:
    """A message as a row."""
    source, opinion = message.source, message.opinion
    there = {
        "conversation": of.id,
        "clinic": of.clinic,
        "source": source and source.title,
        "source_url": source and source.url,
        "buttons": [button.title for button in message.buttons],
        "chosen": next((b.title for b in message.buttons if b.id == message.chosen), None),
        "helpful": opinion and opinion.helpful,
        "comment": opinion and opinion.comment,
    }
    return {
        name: there[name] if name in there else getattr(message, name) for name in MESSAGE_COLUMNS
    }


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """Lines of a CSV file with a heading, in which no cell starts a formula.

    What a spreadsheet would compute gets an apostrophe before it. Begins with the mark by which
    Excel knows UTF-8.
    """
    yield "\ufeff" + _csv_line(columns)
    for row in rows:
        yield _csv_line([_cell(row[name]) for name in columns])


def as_json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """One JSON object a line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, default=_json) + "\n"


def plain_text(view: TranscriptView) -> str:
    """A conversation to read: when, who and what; nothing else."""
    lines = [f"{view.reference}  {view.summary.clinic}  {_json(view.summary.started_at)}", ""]
    for message in view.messages:
        lines += [f"[{_json(message.at)}] {message.sender}", message.text]
        if message.opinion is not None and message.opinion.comment:
            lines.append(f"> {message.opinion.comment}")
        lines.append("")
    for note in view.notes:
        lines += [f"[{_json(note.at)}] {note.by}", note.text, ""]
    return "\n".join(lines)


def _one_json(view: TranscriptView) -> str:
    whole = {
        "reference": view.reference,
        "conversation": conversation_row(view.summary),
        "messages": [message_row(view.summary, message) for message in view.messages],
        "notes": [{"by": note.by, "at": note.at, "text": note.text} for note in view.notes],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=_json) + "\n"


def _one_csv(view: TranscriptView) -> str:
    rows = (message_row(view.summary, message) for message in view.messages)
    return "".join(as_csv(rows, MESSAGE_COLUMNS))


def _csv_line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(value)
    text = ", ".join(value) if isinstance(value, (list, tuple)) else _plain(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _plain(value: Any) -> str:
    return _json(value) if isinstance(value, datetime) else str(value)


def _json(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
