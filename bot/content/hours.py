"""Weekly opening hours, on the clock of a clinic. Pure.

A content file writes them by day or by a row of days, `mon-fri: "08:00-12:00, 13:00-17:00"`, and so
does the store. A span counts by the clock on the wall: where daylight saving begins or ends, eight
o'clock is what the clinic's own clock shows as eight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.errors import ContentError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
"""The end of a day, in minutes from its beginning."""

LOOK_AHEAD = 8
"""Days to look for the next opening: a week, and a day because a clock change may skip a span."""

Span = tuple[int, int]
"""Minutes of a day on the clock: the first one that is open, and the first one that is not."""

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Hours:
    """When something is open: for each weekday, Monday first, its spans in order.

    Without any span it is always open: nobody stated hours.
    """

    week: tuple[tuple[Span, ...], ...] = ((),) * 7

    @property
    def always(self) -> bool:
        """Whether no hours were stated."""
        return not any(self.week)

    def open(self, at: datetime, zone: str) -> bool:
        """Whether it is open at a moment (aware) in a time zone."""
        local = at.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        return self.always or any(a <= minute < b for a, b in self.week[local.weekday()])

    def opens_at(self, at: datetime, zone: str) -> datetime | None:
        """The next moment (UTC) at which it opens; None where it is open, or always is."""
        if self.open(at, zone):
            return None
        today = at.astimezone(ZoneInfo(zone)).date()
        found = (moment for moment in self._openings(today, zone) if moment > at)
        return next(found, None)

    def _openings(self, first: date, zone: str) -> Iterator[datetime]:
        for ahead in range(LOOK_AHEAD + 1):
            day = first + timedelta(days=ahead)
            for start, _ in self.week[day.weekday()]:
                on_the_wall = datetime.combine(day, time(start // 60, start % 60), ZoneInfo(zone))
                yield on_the_wall.astimezone(timezone.utc)

    def day(self, name: str) -> str:
        """The hours of one day of `DAYS` in their written form; empty where it is closed."""
        return ", ".join(map(_written, self.week[DAYS.index(name)]))

    def as_mapping(self) -> dict[str, str]:
        """As a file writes them: days in a row that are alike stand together."""
        found: dict[str, str] = {}
        first = 0
        for day in range(1, 8):
            if day < 7 and self.week[day] == self.week[first]:
                continue
            if self.week[first]:
                name = DAYS[first] if day - first == 1 else f"{DAYS[first]}-{DAYS[day - 1]}"
                found[name] = ", ".join(map(_written, self.week[first]))
            first = day
        return found


ALWAYS = Hours()


def read_hours(stated: Mapping[str, str]) -> Hours:
    """Hours from their written form; nothing stated is `ALWAYS`.

    Raises `ContentError` that names the day and says how to write it.
    """
    week: list[tuple[Span, ...]] = [()] * 7
    for days, text in stated.items():
        spans = read_spans(text, days)
        for day in _days(days):
            if week[day]:
                raise ContentError(f"'{DAYS[day]}' has hours twice; keep one of them.")
            week[day] = spans
    return Hours(tuple(week))


def read_spans(text: str, day: str) -> tuple[Span, ...]:
    """The spans of one day, `08:00-12:00, 13:00-17:00`. Raises `ContentError`."""
    spans = sorted(_span(part.strip(), day) for part in text.split(","))
    for (_, end), (start, _) in zip(spans, spans[1:]):
        if start < end:
            raise ContentError(f"The hours of '{day}' overlap; write each time once.")
        if start == end:
            raise ContentError(f"Two of the hours of '{day}' touch; write them as one.")
    return tuple(spans)


def _days(text: str) -> range:
    first, _, last = text.strip().lower().partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ContentError(f"'{text}' is no day; write mon, tue, wed, thu, fri, sat, sun, mon-fri.")
    days = range(DAYS.index(first), DAYS.index(last or first) + 1)
    if not days:
        raise ContentError(f"'{text}' runs backwards; write two rows, each from Monday to Sunday.")
    return days


def _span(text: str, day: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ContentError(f"'{text}' of '{day}' are no hours; write 08:00-17:00.")
    hour, minute, end_hour, end_minute = map(int, found.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or start >= MIDNIGHT or end > MIDNIGHT:
        raise ContentError(f"'{text}' of '{day}' is no time of a day; it ends at 24:00.")
    if end <= start:
        raise ContentError(
            f"'{text}' of '{day}' ends before it begins; hours past midnight belong to both days,"
            " as 22:00-24:00 and 00:00-02:00."
        )
    return start, end


def _written(span: Span) -> str:
    start, end = span
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
