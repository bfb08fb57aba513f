"""Counts a clinic's days from the messages, and keeps what was counted.

Today is counted every minute, so that whoever looks need not wait; a day that is over some times
more, until two days later the conversations that began on it have ended. Conversations that are
deleted afterwards stay in the count; those that were deleted before come from `daily_counts`,
without hour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.subjects import HANDOFF
from bot.content.tables import clinics
from bot.conversations.tables import conversations, daily_counts, feedback, messages, turns
from bot.db.unit_of_work import UnitOfWork
from bot.db.upsert import upsert
from bot.figures.counting import NO_HOUR, Begun, Spoken, count_day
from bot.figures.tables import figure_counts, figure_days

FINAL_AFTER = timedelta(days=2)
"""After the end of a day nothing of its conversations changes any more, but for deletion."""

AGAIN_AFTER = timedelta(hours=1)
"""How often a day that is over, but not final, is counted again."""

TODAY_AGAIN = timedelta(minutes=1)
FRESH = timedelta(minutes=3)
"""A count of today that is older is not shown: whoever looks counts anew."""


@dataclass(frozen=True)
class Place:
    """A clinic and its clock."""

    clinic: str
    zone: ZoneInfo

    def begin(self, day: date) -> datetime:
        """The first moment of a day."""
        return datetime.combine(day, time(), self.zone).astimezone(timezone.utc)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def hour_of(self, at: datetime) -> int:
        return at.astimezone(self.zone).hour


def places(connection: Connection, wanted: Sequence[str] | None = None) -> list[Place]:
    """The clinics that are in the content or have conversations, those wanted only, in order."""
    query = sa.select(clinics.c.key, clinics.c.timezone)
    zones = dict(connection.execute(query).all())
    if wanted is None:
        held = connection.execute(sa.select(conversations.c.clinic).distinct()).scalars()
        wanted = sorted({*zones, *held})
    return [Place(key, ZoneInfo(zones.get(key, "UTC"))) for key in wanted]


Days = dict[date, "Counter[tuple[str, int]]"]


def count_days(connection: Connection, place: Place, first: date, last: date) -> Days:
    """The counts of each day from first to last, read from the messages and `daily_counts`."""
    begun: dict[date, list[Begun]] = defaultdict(list)
    spoken: dict[date, list[Spoken]] = defaultdict(list)
    for conversation in _begun(connection, place, first, last):
        begun[place.day_of(conversation.at)].append(conversation)
    for message in _spoken(connection, place, first, last):
        spoken[place.day_of(message.at)].append(message)
    found: Days = {
        day: count_day(begun[day], spoken[day], place.hour_of) for day in {*begun, *spoken}
    }
    for at, helpful in _opinions(connection, place, first, last):
        name = "helpful" if helpful else "unhelpful"
        found.setdefault(place.day_of(at), Counter())[name, NO_HOUR] += 1
    names = [column.name for column in daily_counts.c if column.name not in ("clinic", "day")]
    kept = sa.select(daily_counts).where(
        daily_counts.c.clinic == place.clinic, daily_counts.c.day.between(first, last)
    )
    for row in connection.execute(kept).mappings():
        more = {(name, NO_HOUR): row[name] for name in names}
        found.setdefault(row["day"], Counter()).update(more)
    return found


def _begun(connection: Connection, place: Place, first: date, last: date) -> Iterator[Begun]:
    since, until = place.begin(first), place.begin(last + timedelta(days=1))
    this = conversations.c
    handoff = sa.exists().where(
        messages.c.conversation_id == this.id,
        messages.c.sender == "bot",
        messages.c.subject == HANDOFF,
    )
    query = sa.select(this.started_at, this.turns > 0, handoff).where(
        this.clinic == place.clinic,
        this.last_activity_at >= since,  # has an index
        this.started_at >= since,
        this.started_at < until,
    )
    for at, asked, handed in connection.execute(query):
        yield Begun(at, bool(asked), bool(handed))


def _spoken(connection: Connection, place: Place, first: date, last: date) -> Iterator[Spoken]:
    said = messages.c
    same_turn = sa.and_(
        turns.c.conversation_id == said.conversation_id, turns.c.number == said.turn
    )
    query = (
        sa.select(
            said.conversation_id,
            said.turn,
            said.at,
            said.sender,
            said.subject,
            said.missed,
            said.confidence,
            turns.c.milliseconds,
        )
        .join(conversations, conversations.c.id == said.conversation_id)
        .outerjoin(turns, same_turn)
        .where(
            conversations.c.clinic == place.clinic,
            said.at >= place.begin(first),
            said.at < place.begin(last + timedelta(days=1)),
        )
    )
    rows = connection.execute(query).all()
    for row in sorted(rows, key=lambda each: (each[0], each[1])):
        yield Spoken(*row)


def _opinions(
    connection: Connection, place: Place, first: date, last: date
) -> Iterator[tuple[datetime, bool]]:
    query = (
        sa.select(feedback.c.at, feedback.c.helpful)
        .join(messages, messages.c.id == feedback.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            conversations.c.clinic == place.clinic,
            feedback.c.at >= place.begin(first),
            feedback.c.at < place.begin(last + timedelta(days=1)),
        )
    )
    yield from connection.execute(query)


class DayCounts:
    """Keeps the counts of days that are over. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def due(self) -> list[tuple[Place, date]]:
        """The days that are to be counted, the newest first: they are looked at most."""
        now = self._clock()
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = [
                (place, day)
                for place in places(unit.connection)
                for day in _due(unit.connection, place, now)
            ]
        return sorted(found, key=lambda each: each[1], reverse=True)

    def count(self, place: Place, day: date) -> None:
        """Count a day and keep it in place of what was kept of it, in one transaction.

        It is read before, so that nobody who writes meanwhile has to wait. What is deleted in
        between is counted all the same.
        """
        at, key = self._clock(), {"clinic": place.clinic, "day": day}
        with UnitOfWork(self._engine, read_only=True) as unit:
            counts = count_days(unit.connection, place, day, day).get(day, Counter())
        with UnitOfWork(self._engine) as unit:
            insert = upsert(unit.connection, figure_days)
            counted = insert.values(**key, counted_at=at)
            # First the day's own row: another replica that counts the same day waits here.
            unit.connection.execute(
                counted.on_conflict_do_update(
                    index_elements=[*key], set_={"counted_at": insert.excluded.counted_at}
                )
            )
            this = (figure_counts.c.clinic == place.clinic, figure_counts.c.day == day)
            unit.connection.execute(figure_counts.delete().where(*this))
            rows = [
                {**key, "name": name, "hour": hour, "count": count}
                for (name, hour), count in sorted(counts.items())
                if count
            ]
            if rows:
                unit.connection.execute(figure_counts.insert(), rows)
            unit.commit()


def _due(connection: Connection, place: Place, now: datetime) -> Iterator[date]:
    of_clinic = figure_days.c.clinic == place.clinic
    query = sa.select(figure_days.c.day, figure_days.c.counted_at).where(of_clinic)
    counted = dict(connection.execute(query).all())
    day, today = _earliest(connection, place), place.day_of(now)
    while day is not None and day <= today:
        end = place.begin(day + timedelta(days=1))
        at = counted.get(day)
        again = TODAY_AGAIN if day == today else AGAIN_AFTER
        if at is None or at < end <= now or (at < end + FINAL_AFTER and now - at >= again):
            yield day
        day += timedelta(days=1)


def _earliest(connection: Connection, place: Place) -> date | None:
    """The first day of a clinic of which anything is known."""
    begun = sa.select(sa.func.min(conversations.c.started_at)).where(
        conversations.c.clinic == place.clinic
    )
    kept: Any = sa.select(sa.func.min(daily_counts.c.day)).where(
        daily_counts.c.clinic == place.clinic
    )
    first = connection.execute(begun).scalar()
    days = [place.day_of(first)] if first else []
    oldest = connection.execute(kept).scalar()
    return min([*days, *([oldest] if oldest else [])], default=None)
