"""Sessions of the staff door. They live in the database; a browser holds a random token alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.db.unit_of_work import UnitOfWork
from bot.staff import audit, rows
from bot.staff.audit import AuditEntry
from bot.staff.codes import hashed, new_token
from bot.staff.model import Person, StaffSession
from bot.staff.tables import people, staff_sessions

IDLE = timedelta(minutes=15)
"""A screen that nobody touches: OWASP's 15 to 30 minutes for low risk, and this reads of health."""

LONGEST = timedelta(hours=8)
"""A working day: each begins with a sign-in."""

PENDING = timedelta(minutes=10)
"""From the right password to the code: time to find the phone."""

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last request is kept: reading a page must not cost a write each time."""

Clock = Callable[[], datetime]


class Sessions:
    """Finds, lists and ends sessions. They are started by `bot/staff/sign_in.py`."""

    def __init__(self, engine: Engine, clock: Clock):
        self._engine = engine
        self._clock = clock

    def find(self, token: str) -> StaffSession | None:
        """The live session of a token, None where it is over, ended or was never one.

        A disabled person has none. Looking counts as being seen.
        """
        now = self._clock()
        with UnitOfWork(self._engine, read_only=True) as unit:
            row = unit.connection.execute(
                sa.select(staff_sessions).where(staff_sessions.c.token_hash == hashed(token))
            ).first()
            if row is None or is_over(row, now):
                return None
            session = read(unit.connection, row)
        if session.person.disabled:
            return None
        if now - session.last_seen_at >= SEEN_EVERY and not session.pending_second_factor:
            self._seen(session, now)
        return session

    def renew(self, session: StaffSession) -> str:
        """Give a session another token and another `csrf` value; the old ones open nothing more.

        Returns the new token.
        """
        with UnitOfWork(self._engine) as unit:
            token = renew(unit.connection, session, self._clock())
            unit.commit()
        return token

    def end(self, session: StaffSession) -> None:
        """Sign out. Does nothing where the session is over already."""
        with UnitOfWork(self._engine) as unit:
            ended = unit.connection.execute(
                staff_sessions.delete().where(staff_sessions.c.id == session.id)
            )
            if ended.rowcount:
                entry = AuditEntry(session.person.name, "sign_out", target=session.person.name)
                audit.record(unit.connection, self._clock, entry)
                unit.commit()

    def end_all(self, person_id: str, *, by: str, but: StaffSession | None = None) -> int:
        """End all sessions of a person, except one; returns how many. Raises `NotFound`.

        For one's own page. An admin ends those of others by `People.end_sessions`.
        """
        with UnitOfWork(self._engine) as unit:
            name = rows.by_id(unit.connection, person_id).name
            ended = end_all(unit.connection, person_id, but)
            if ended:
                entry = AuditEntry(
                    by, "person.sessions_ended", target=name, details={"ended": ended}
                )
                audit.record(unit.connection, self._clock, entry)
                unit.commit()
        return ended

    def of(self, person_id: str) -> tuple[StaffSession, ...]:
        """The live sessions of a person, the one seen last first."""
        query = (
            sa.select(staff_sessions)
            .where(staff_sessions.c.person_id == person_id)
            .order_by(staff_sessions.c.last_seen_at.desc())
        )
        now = self._clock()
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = [row for row in unit.connection.execute(query) if not is_over(row, now)]
            return tuple(read(unit.connection, row) for row in found)

    def sweep(self) -> int:
        """Delete what is over; returns how many. A sign-in does so too."""
        with UnitOfWork(self._engine) as unit:
            swept = sweep(unit.connection, self._clock())
            unit.commit()
        return swept

    def _seen(self, session: StaffSession, now: datetime) -> None:
        with UnitOfWork(self._engine) as unit:
            unit.connection.execute(
                staff_sessions.update()
                .where(staff_sessions.c.id == session.id, staff_sessions.c.last_seen_at < now)
                .values(last_seen_at=now)
            )
            rows.change(unit.connection, session.person.id, last_seen_at=now)
            unit.commit()


def start(
    connection: Connection, person: Person, at: datetime, *, pending: bool, by_provider: bool
) -> tuple[str, StaffSession]:
    """Write a new session: its token and what it is. Sweeps those that are over."""
    sweep(connection, at)
    token = new_token()
    session_id = uuid.uuid4().hex
    connection.execute(
        staff_sessions.insert().values(
            id=session_id,
            token_hash=hashed(token),
            person_id=person.id,
            csrf_token=new_token(),
            started_at=at,
            last_seen_at=at,
            pending_second_factor=pending,
            by_provider=by_provider,
        )
    )
    if not pending:
        connection.execute(people.update().where(people.c.id == person.id).values(last_seen_at=at))
    return token, by_id(connection, session_id)


def renew(connection: Connection, session: StaffSession, at: datetime) -> str:
    """Write a new token and `csrf` value for a session; returns the token."""
    token = new_token()
    connection.execute(
        staff_sessions.update()
        .where(staff_sessions.c.id == session.id)
        .values(
            token_hash=hashed(token),
            csrf_token=new_token(),
            last_seen_at=at,
        )
    )
    return token


def by_id(connection: Connection, session_id: str) -> StaffSession:
    """A session that exists."""
    query = sa.select(staff_sessions).where(staff_sessions.c.id == session_id)
    return read(connection, connection.execute(query).one())


def end_all(connection: Connection, person_id: str, but: StaffSession | None = None) -> int:
    """Delete the sessions of a person, except one; returns how many."""
    ended = connection.execute(
        staff_sessions.delete().where(
            staff_sessions.c.person_id == person_id,
            staff_sessions.c.id != (but.id if but else ""),
        )
    )
    return int(ended.rowcount)


def sweep(connection: Connection, now: datetime) -> int:
    """Delete what is over; returns how many."""
    columns = staff_sessions.c
    over = (columns.started_at <= now - LONGEST) | (columns.last_seen_at <= now - IDLE)
    return int(connection.execute(staff_sessions.delete().where(over)).rowcount)


def is_over(row: Row, now: datetime) -> bool:
    """Whether a session has ended by itself."""
    if row.pending_second_factor and now >= row.started_at + PENDING:
        return True
    return bool(now >= row.started_at + LONGEST or now >= row.last_seen_at + IDLE)


def read(connection: Connection, row: Row) -> StaffSession:
    """A session as the door sees it."""
    person = rows.by_id(connection, row.person_id)
    needs = not person.has_second_factor and not row.by_provider
    return StaffSession(
        id=row.id,
        person=person,
        csrf_token=row.csrf_token,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        pending_second_factor=row.pending_second_factor,
        must_set_up_second_factor=needs and rows.requires_second_factor(connection, person),
    )
