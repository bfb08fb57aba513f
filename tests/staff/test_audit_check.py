from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.staff import audit_check
from bot.staff.audit import AuditEntry
from bot.staff.chain import START
from bot.staff.tables import audit_entries, audit_head
from tests.staff.stage import Staff


def test_an_empty_record_is_whole(staff: Staff) -> None:
    assert audit_check.verify(staff.engine) == audit_check.Verified(0, START, None)


REFUSED_STATEMENTS = [
    "UPDATE audit_entries SET by = 'eve' WHERE number = 2",
    "UPDATE audit_entries SET number = 20 WHERE number = 2",
    "DELETE FROM audit_entries WHERE number = 2",
    "DELETE FROM audit_entries",
    "UPDATE audit_head SET number = 1",
    "UPDATE audit_head SET number = 9",
    "UPDATE audit_head SET hash = 'x'",
    "DELETE FROM audit_head",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO audit_entries SELECT 2, at, 'eve', action, clinic, target, details,"
    " hash FROM audit_entries WHERE number = 2",
    "UPDATE OR REPLACE audit_entries SET number = 2 WHERE number = 3",
    "INSERT OR REPLACE INTO audit_head VALUES (1, 0, 'x')",
    "INSERT INTO audit_head VALUES (2, 0, 'x')",
]
ON_POSTGRESQL = ["TRUNCATE audit_entries", "TRUNCATE audit_head"]


def test_the_database_itself_refuses_to_change_the_record(history: Staff) -> None:
    sqlite = history.engine.dialect.name == "sqlite"
    before = history.recorded()
    for statement in REFUSED_STATEMENTS + (ON_SQLITE if sqlite else ON_POSTGRESQL):
        with pytest.raises(sa.exc.DBAPIError, match="record of what staff did"):
            history.execute(statement)
    assert history.recorded() == before
    history.record(AuditEntry("ana", "still.works"))
    assert audit_check.verify(history.engine).broken is None


MOVE = "UPDATE audit_entries SET number = {} WHERE number = {}"
SWAP = [MOVE.format(-1, 3), MOVE.format(3, 4), MOVE.format(4, -1)]
COPY = (
    "INSERT INTO audit_entries SELECT {}, at, by, action, clinic, target, details, hash"
    " FROM audit_entries WHERE number = 7"
)


@pytest.mark.parametrize(
    ("statements", "number", "fault"),
    [
        (["UPDATE audit_entries SET by = 'eve' WHERE number = 4"], 4, "changed"),
        (["UPDATE audit_entries SET action = 'x' WHERE number = 1"], 1, "changed"),
        (["UPDATE audit_entries SET clinic = 'other' WHERE number = 2"], 2, "changed"),
        (["UPDATE audit_entries SET clinic = '' WHERE number = 1"], 1, "changed"),
        (["UPDATE audit_entries SET target = NULL WHERE number = 3"], 3, "changed"),
        (["UPDATE audit_entries SET at = '2026-11-20 15:00:01.000000'"], 1, "changed"),
        (["""UPDATE audit_entries SET details = '{"a": 1}' WHERE number = 5"""], 5, "changed"),
        (["UPDATE audit_entries SET details = 'no json' WHERE number = 5"], 5, "changed"),
        (["UPDATE audit_entries SET hash = 'x' WHERE number = 6"], 6, "changed"),
        (["DELETE FROM audit_entries WHERE number = 1"], 1, "missing"),
        (["DELETE FROM audit_entries WHERE number = 4"], 4, "missing"),
        (["DELETE FROM audit_entries WHERE number > 5"], 6, "cut off"),
        (["DELETE FROM audit_entries"], 1, "cut off"),
        (SWAP, 3, "changed"),
        (["DELETE FROM audit_entries WHERE number = 4", MOVE.format(4, 5)], 4, "changed"),
        ([COPY.format(8)], 8, "changed"),
        ([COPY.format(0)], 1, "changed"),
        (["DELETE FROM audit_head"], 8, "head missing"),
        (["UPDATE audit_head SET number = 6"], 7, "not recorded"),
        (["UPDATE audit_head SET hash = 'x'"], 7, "changed"),
    ],
)
def test_whatever_is_tampered_with_is_found(
    history: Staff, statements: list[str], number: int, fault: str
) -> None:
    history.drop_triggers()
    history.execute(*statements)
    broken = audit_check.verify(history.engine).broken
    assert broken is not None
    assert (broken.number, broken.fault.value) == (number, fault)


def test_a_moment_that_is_none_is_found_on_sqlite(one_staff: Staff) -> None:
    """PostgreSQL takes no such value."""
    one_staff.record(AuditEntry("ana", "x"))
    one_staff.drop_triggers()
    for value in ("'soon'", "5", "x'00'"):
        one_staff.execute(f"UPDATE audit_entries SET at = {value}")
        broken = audit_check.verify(one_staff.engine).broken
        assert broken == audit_check.Broken(1, audit_check.Fault.CHANGED)


def test_an_end_that_was_cut_off_with_the_head_is_found_by_what_was_noted(
    history: Staff,
) -> None:
    noted = audit_check.verify(history.engine)
    known = audit_check.Known(noted.number, noted.hash)
    kept = history.recorded()[4]
    history.drop_triggers()
    with history.engine.begin() as connection:
        connection.execute(audit_entries.delete().where(audit_entries.c.number > 5))
        connection.execute(audit_head.update().values(number=5, hash=kept.hash))
    assert audit_check.verify(history.engine).broken is None
    broken = audit_check.verify(history.engine, known).broken
    assert broken == audit_check.Broken(6, audit_check.Fault.CUT_OFF)
    history.record(AuditEntry("eve", "x"), AuditEntry("eve", "x"), AuditEntry("eve", "x"))
    broken = audit_check.verify(history.engine, known).broken
    assert broken == audit_check.Broken(7, audit_check.Fault.NOT_AS_KNOWN)


def test_the_check_reads_in_chunks_and_tells_how_far_it_is(
    history: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_check, "CHUNK", 3)
    done: list[int] = []
    assert audit_check.verify(history.engine, progress=done.append).number == 7
    assert done == [3, 3, 1]
    assert audit_check.count(history.engine) == 7
