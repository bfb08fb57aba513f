from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest

from bot.db.unit_of_work import UnitOfWork
from bot.errors import SetupError
from bot.staff import audit, audit_check
from bot.staff.audit import AuditEntry, AuditFilter
from bot.staff.chain import canonical, moment
from bot.staff.tables import audit_head, clinic_security
from tests.chat.stage import START as AT
from tests.staff.stage import Staff


def numbers(staff: Staff, **chosen: object) -> list[int]:
    found = staff.parts.audit.page(AuditFilter(**chosen))  # type: ignore[arg-type]
    return [entry.number for entry in found.entries]


def test_an_entry_is_read_as_it_was_written(staff: Staff) -> None:
    details = {"list": [1, None, 2.5], "text": "ñ \u2028 \0 \U0001f600", "deep": {"yes": True}}
    staff.record(AuditEntry("ana", "conversation.read", "temple", "abc", details))
    entry = staff.recorded()[0]
    assert (entry.number, entry.at, entry.by, entry.action) == (1, AT, "ana", "conversation.read")
    assert (entry.clinic, entry.target, entry.details) == ("temple", "abc", details)


def test_the_hash_can_be_checked_by_any_program_from_the_export(staff: Staff) -> None:
    second = AuditEntry("é", "x", "temple", "t", {"b": 1, "a": 2})
    staff.record(AuditEntry("ana", "sign_in"), second)
    previous = "0" * 64
    for entry in staff.recorded():
        fields = {
            "action": entry.action,
            "at": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
            "by": entry.by,
            "clinic": entry.clinic,
            "details": entry.details,
            "number": entry.number,
            "previous": previous,
            "target": entry.target,
        }
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == entry.hash
        previous = entry.hash


def test_canonical_json_is_the_same_for_the_same_value() -> None:
    assert canonical({"b": [1, {"d": 1, "c": 2}], "a": "é"}) == (
        '{"a":"\\u00e9","b":[1,{"c":2,"d":1}]}'
    )
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})
    east = AT.astimezone(timezone(timedelta(hours=9)))
    assert moment(east) == moment(AT) == "2026-11-20T15:00:00.000000+00:00"


def test_a_change_that_is_not_kept_leaves_no_entry(staff: Staff) -> None:
    """And none that is kept is without one: they are one transaction."""
    with UnitOfWork(staff.engine) as unit:
        unit.connection.execute(
            clinic_security.insert().values(clinic="temple", second_factor_required=True)
        )
        audit.record(unit.connection, staff.clock, AuditEntry("ana", "x"))
    assert staff.recorded() == []
    assert not staff.parts.security.required("temple")
    staff.record(AuditEntry("ana", "y"))
    assert audit_check.verify(staff.engine).number == 1


def test_what_cannot_be_recorded_is_not_done(staff: Staff) -> None:
    with pytest.raises((TypeError, ValueError)):
        staff.record(AuditEntry("ana", "x", details={"a": object()}))
    staff.drop_triggers()
    with staff.engine.begin() as connection:
        connection.execute(audit_head.delete())
    with pytest.raises(SetupError, match="careline audit verify"):
        staff.record(AuditEntry("ana", "x"))
    with pytest.raises(SetupError):
        staff.person()
    assert staff.parts.people.all() == ()


def test_too_long_names_are_cut_not_refused(staff: Staff) -> None:
    staff.record(AuditEntry("a\0" * 300, "x", target="t" * 300))
    entry = staff.recorded()[0]
    assert entry.by == "a" * 100
    assert entry.target == "t" * 255
    assert audit_check.verify(staff.engine).broken is None


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, [7, 6, 5, 4, 3, 2, 1]),
        ({"by": "ben"}, [5, 3]),
        ({"action": "conversation."}, [4, 3, 2]),
        ({"action": "conversation.read"}, [3, 2]),
        ({"action": "sign_in"}, [7, 1]),
        ({"action": "%"}, []),
        ({"action": "conversation_"}, [6]),
        ({"clinic": "temple"}, [6, 4, 2]),
        ({"target": "c1"}, [4, 2]),
        ({"since": AT + timedelta(minutes=5)}, [7, 6]),
        ({"until": AT + timedelta(minutes=2)}, [2, 1]),
        ({"since": AT + timedelta(minutes=1), "until": AT + timedelta(minutes=2)}, [2]),
        ({"by": "ana", "clinic": "temple", "action": "conversation.read"}, [2]),
    ],
)
def test_a_filter_finds_what_it_says_the_newest_first(
    history: Staff, chosen: dict[str, object], found: list[int]
) -> None:
    assert numbers(history, **chosen) == found
    exported = history.parts.audit.export(AuditFilter(**chosen))  # type: ignore[arg-type]
    assert [entry.number for entry in exported] == found[::-1]


def test_an_admin_of_some_clinics_sees_these_and_their_people(staff: Staff) -> None:
    staff.person("ana", temple="reader")
    staff.person("ben", twin_cities="reader")
    staff.record(
        AuditEntry("ana", "sign_in"),
        AuditEntry("ben", "sign_in"),
        AuditEntry("ben", "conversation.read", "temple"),
        AuditEntry("ana", "conversation.read", "twin-cities"),
        AuditEntry("?", "sign_in.failed"),
        AuditEntry("boss", "person.reset", None, "ana"),
    )
    assert numbers(staff, clinics=("temple",)) == [8, 5, 3, 1]
    assert numbers(staff, clinics=("temple", "twin-cities")) == [8, 6, 5, 4, 3, 2, 1]
    assert numbers(staff, clinics=()) == []


def test_pages_follow_each_other_without_gap_or_repetition(history: Staff) -> None:
    seen, after = [], None
    for _ in range(10):
        page = history.parts.audit.page(AuditFilter(), after, limit=3)
        seen += [entry.number for entry in page.entries]
        history.record(AuditEntry("new", "while.reading"))
        after = page.next
        if after is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_an_export_of_several_chunks_has_every_entry_once(
    history: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    assert [entry.number for entry in history.recorded()] == [1, 2, 3, 4, 5, 6, 7]


def test_writers_at_the_same_time_keep_one_chain(staff: Staff) -> None:
    def many(writer: int) -> None:
        for number in range(15):
            staff.record(AuditEntry(f"writer{writer}", "x", details={"n": number}))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(many, range(6)))
    found = audit_check.verify(staff.engine)
    assert found.broken is None
    assert found.number == 90
    for writer in range(6):
        own = [e.details["n"] for e in staff.recorded() if e.by == f"writer{writer}"]
        assert own == list(range(15))
