from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.staff.audit import AuditEntry
from bot.staff.service import build_staff
from tests.chat.stage import START, Clock
from tests.staff.stage import CHEAP, Staff


@pytest.fixture
def staff(
    stocked: str,
    make_engine: Callable[[str], Engine],
    make_settings: Callable[..., object],
    clock: Clock,
) -> Staff:
    """Staff over a database with the shipped clinics, of either kind; nobody is there yet."""
    engine = make_engine(stocked)
    settings = make_settings(rate_limits=True)
    return Staff(build_staff(engine, clock, settings, CHEAP), engine, clock)  # type: ignore[arg-type]


@pytest.fixture
def one_staff(
    stocked_copy: Callable[[str, Path], str],
    tmp_path: Path,
    make_engine: Callable[[str], Engine],
    make_settings: Callable[..., object],
    clock: Clock,
) -> Staff:
    """The same over SQLite alone, for what does not depend on the database."""
    engine = make_engine(stocked_copy("sqlite", tmp_path / "careline.db"))
    settings = make_settings(rate_limits=True)
    return Staff(build_staff(engine, clock, settings, CHEAP), engine, clock)  # type: ignore[arg-type]


@pytest.fixture
def history(staff: Staff) -> Staff:
    """Seven entries, a minute apart."""
    staff.clock.now = START
    for entry in (
        AuditEntry("ana", "sign_in", target="ana"),
        AuditEntry("ana", "conversation.read", "temple", "c1"),
        AuditEntry("ben", "conversation.read", "twin-cities", "c2"),
        AuditEntry("ana", "conversation.reviewed", "temple", "c1"),
        AuditEntry("ben", "notice.on", "twin-cities"),
        AuditEntry("ana", "conversation_%", "temple"),
        AuditEntry("?", "sign_in.failed"),
    ):
        staff.parts.audit.record(entry)
        staff.clock.move(minutes=1)
    return staff


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords are compared with, from here on."""
    seen: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, password: bytes) -> bool:
        seen.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    return seen
