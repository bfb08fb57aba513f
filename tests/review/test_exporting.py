from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage
from bot.errors import NotFound
from bot.review import exporting
from bot.review.exporting import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    ConversationExport,
    as_csv,
    as_json_lines,
)
from bot.review.filters import ConversationFilter
from bot.review.reviewing import Reviewing
from bot.staff.audit import AuditFilter, AuditLog
from tests.chat.stage import Clock
from tests.conversations.wordings import begin, broken_at, save
from tests.review.reviewed import CLINICS, Known, Maker

TEMPLE = ("temple",)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")']


@pytest.fixture
def export(engine: Engine, clock: Clock) -> ConversationExport:
    return ConversationExport(engine, clock)


@pytest.fixture
def known(engine: Engine, clock: Clock) -> list[Known]:
    maker = Maker(engine, clock)
    made = [maker.begin(clinic) for clinic in ["temple", "hillside", "temple"] * 3]
    for number, each in enumerate(made):
        for _ in range(1 + number % 3):
            maker.turn(each)
    return made


def test_one_row_a_conversation_and_one_row_a_message(
    export: ConversationExport, known: list[Known], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporting, "CHUNK", 4)
    rows = [*export.conversations(ConversationFilter(CLINICS), by="ana")]
    assert [row["id"] for row in rows] == [each.id for each in known]
    assert {tuple(row) for row in rows} == {CONVERSATION_COLUMNS}
    assert [row["turns"] for row in rows] == [each.turns for each in known]
    said = [*export.messages(ConversationFilter(CLINICS), by="ana")]
    assert {tuple(row) for row in said} == {MESSAGE_COLUMNS}
    assert len(said) == sum(1 + 2 * each.turns for each in known)
    typed = [row["text"] for row in said if row["sender"] == "visitor"]
    assert set(typed) <= {text for each in known for text in each.texts}


def test_only_what_the_filter_finds_is_exported(export: ConversationExport, known: list[Known]):
    wanted = ConversationFilter(TEMPLE, missed=True)
    rows = [*export.conversations(wanted, by="ana")]
    expected = {each.id for each in known if each.clinic == "temple" and each.missed}
    assert {row["id"] for row in rows} == expected != set()


def test_an_export_is_recorded_before_its_first_row(
    export: ConversationExport, known: list[Known], engine: Engine, clock: Clock
):
    with pytest.raises(RuntimeError), broken_at(engine, "INSERT INTO audit_entries"):
        next(export.messages(ConversationFilter(TEMPLE), by="ana"))
    next(export.messages(ConversationFilter(TEMPLE, words="pain 215-555-0123"), by="ana"), None)
    export.one(known[0].id, TEMPLE, by="ana")
    found = AuditLog(engine, clock).page(AuditFilter(action="conversation.exported")).entries
    assert [(entry.by, entry.clinic, entry.target) for entry in found] == [
        ("ana", "temple", known[0].id),
        ("ana", "temple", None),
    ]
    assert found[1].details["rows"] == "messages"
    assert found[1].details["filter"]["words"] == "pain [phone]"


def test_no_transaction_is_open_between_two_chunks(
    export: ConversationExport, known: list[Known], engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporting, "CHUNK", 1)
    out: list[int] = []
    event.listen(engine, "checkout", lambda *_: out.append(1))
    event.listen(engine, "checkin", lambda *_: out.append(-1))
    for _ in export.messages(ConversationFilter(CLINICS), by="ana"):
        assert sum(out) == 0
    assert out.count(1) >= len(known)


def test_what_is_deleted_while_an_export_runs_is_left_out(
    export: ConversationExport,
    known: list[Known],
    log: ConversationLog,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(exporting, "CHUNK", 1)
    rows = export.messages(ConversationFilter(CLINICS), by="ana")
    first = next(rows)
    log.delete(known[3].id)
    left = {first["conversation"], *(row["conversation"] for row in rows)}
    assert left == {each.id for each in known} - {known[3].id}


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_starts_a_formula(export: ConversationExport, log: ConversationLog, formula: str):
    conversation = begin(log)
    reply = save(log, conversation, 1, formula)[-1]
    log.add_feedback(conversation.id, reply.id, False, formula)
    written = "".join(
        as_csv(export.messages(ConversationFilter(TEMPLE), by="ana"), MESSAGE_COLUMNS)
    )
    written += "".join(
        as_csv(export.conversations(ConversationFilter(TEMPLE), by="ana"), CONVERSATION_COLUMNS)
    )
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert sum(cell == f"'{formula}" for cell in cells) == 3
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


def test_csv_has_a_heading_and_reads_back(export: ConversationExport, known: list[Known]):
    lines = [*as_csv(export.messages(ConversationFilter(CLINICS), by="ana"), MESSAGE_COLUMNS)]
    assert lines[0].startswith("\ufeffconversation,clinic,turn")
    rows = [*csv.DictReader(io.StringIO("".join(lines).removeprefix("\ufeff")))]
    assert rows[0]["conversation"] == known[0].id
    assert rows[1]["confidence"] == str(known[0].confidences[0])
    assert {row["missed"] for row in rows} <= {"yes", "no"}


def test_json_lines_read_back(export: ConversationExport, known: list[Known]):
    rows = export.conversations(ConversationFilter(CLINICS), by="ana")
    read = [json.loads(line) for line in as_json_lines(rows)]
    assert [row["id"] for row in read] == [each.id for each in known]
    assert read[0]["started_at"] == "2026-11-20T15:00:00+00:00"
    assert isinstance(read[0]["subjects"], list)


def test_one_conversation_as_json_csv_and_text(
    export: ConversationExport, log: ConversationLog, engine: Engine, clock: Clock
):
    conversation = begin(log)
    reply = save(log, conversation, 1, "Why é?")[-1]
    log.add_feedback(conversation.id, reply.id, False, "too long")
    Reviewing(engine, clock).note(conversation.id, TEMPLE, "Called back.", by="ben")
    read = json.loads(export.one(conversation.id, TEMPLE, by="ana"))
    assert read["conversation"]["id"] == conversation.id
    assert [message["text"] for message in read["messages"]][:2] == ["Welcome.", "Why é?"]
    assert read["messages"][2]["comment"] == "too long"
    assert read["notes"][0]["text"] == "Called back."
    table = export.one(conversation.id, TEMPLE, by="ana", form="csv")
    assert len([*csv.reader(io.StringIO(table))]) == 4
    text = export.one(conversation.id, TEMPLE, by="ana", form="text")
    assert "visitor\nWhy é?\n" in text
    assert "> too long" in text
    assert "ben\nCalled back." in text
    with pytest.raises(NotFound):
        export.one(conversation.id, ("hillside",), by="ana")


def test_a_message_may_hold_anything(export: ConversationExport, log: ConversationLog):
    conversation = begin(log)
    odd = 'a "quoted", comma; line\nbreak \u2028 \U0001f9b4'
    drafts = [DraftMessage("visitor", odd)]
    log.save_turn(conversation.id, 1, drafts, events=[], slots={})
    rows = [*export.messages(ConversationFilter(TEMPLE), by="ana")]
    assert [json.loads(line)["text"] for line in as_json_lines(rows)][1] == odd
    table = "".join(as_csv(rows, MESSAGE_COLUMNS))
    assert [row[5] for row in csv.reader(io.StringIO(table, newline=""))][2] == odd
