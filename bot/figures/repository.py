"""Reads figures: of days that were counted from their table, of the others from the messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.db.unit_of_work import UnitOfWork
from bot.figures.days import FRESH, Days, Place, count_days, places
from bot.figures.model import Figures, Window
from bot.figures.summary import Totals, summed_up
from bot.figures.tables import figure_counts, figure_days

CHARTED = ("messages", "missed")
"""Counts that are shown by day, hour and weekday; of the others only the sum is read."""


class FigureStore:
    """Reads figures. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def of(self, clinics: Sequence[str], window: Window) -> Figures:
        """The figures of clinics together, in a window and the one before it."""
        reader = _Reader(self._clock())
        with UnitOfWork(self._engine, read_only=True) as unit:
            for place in places(unit.connection, clinics):
                reader.read(unit.connection, place, window)
        return summed_up(window, reader.now, reader.before)


@dataclass
class _Reader:
    moment: datetime
    now: Totals = field(default_factory=Totals)
    before: Totals = field(default_factory=Totals)

    def read(self, connection: Connection, place: Place, window: Window) -> None:
        """Add what is known of a clinic in a window and the one before."""
        missing = _not_counted(connection, place, window, self.moment)
        live: Days = {}
        for first, last in _runs(missing):
            live.update(count_days(connection, place, first, last))
        for totals, part in ((self.now, window), (self.before, window.before)):
            _add_kept(connection, place, part, missing, totals)
            for day, counts in live.items():
                if part.first <= day <= part.last:
                    _add_live(totals, day, counts)


def _not_counted(connection: Connection, place: Place, window: Window, now: datetime) -> set[date]:
    """Days up to today that were not counted after their end, nor just now."""
    first, last = window.before.first, min(window.last, place.day_of(now))
    query = sa.select(figure_days.c.day, figure_days.c.counted_at).where(
        figure_days.c.clinic == place.clinic, figure_days.c.day.between(first, last)
    )
    counted = {
        day
        for day, at in connection.execute(query)
        if at >= min(place.begin(day + timedelta(days=1)), now - FRESH)
    }
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day for day in days if day not in counted}


def _runs(days: set[date]) -> Iterator[tuple[date, date]]:
    """Days as stretches without a gap: (first, last)."""
    for first in sorted(day for day in days if day - timedelta(days=1) not in days):
        last = first
        while last + timedelta(days=1) in days:
            last += timedelta(days=1)
        yield first, last


def _add_kept(
    connection: Connection, place: Place, window: Window, missing: set[date], totals: Totals
) -> None:
    of = figure_counts.c
    days = of.day.between(window.first, window.last)
    these = [of.clinic == place.clinic, days, of.day.not_in(missing)]
    sums = (
        sa.select(of.name, sa.func.sum(of.count))
        .where(*these, of.name.not_in(CHARTED))
        .group_by(of.name)
    )
    totals.sums.update({name: int(count) for name, count in connection.execute(sums)})
    charted = sa.select(of.name, of.day, of.hour, of.count).where(*these, of.name.in_(CHARTED))
    for name, day, hour, count in connection.execute(charted):
        totals.chart(name, day, hour, count)


def _add_live(totals: Totals, day: date, counts: Counter[tuple[str, int]]) -> None:
    for (name, hour), count in counts.items():
        if name in CHARTED:
            totals.chart(name, day, hour, count)
        else:
            totals.sums[name] += count
