"""A stretch of whole days that an address asks for: the last so many, or one's own choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.figures.model import Window

LAST = ("7", "28", "90")
"""Whole weeks, so that a window and the one before have as many Mondays; about a quarter."""
OWN = "own"
MOST_DAYS = 366
"""Counts of a year and the one before are read in a moment; nobody compares more days."""


@dataclass(frozen=True)
class Chosen:
    """What an address says of days.

    `key`: one of those offered. `window` is None for all times and where there are errors. `typed`:
    the fields that ask for the same again. `errors`: sentences' keys by field.
    """

    key: str
    window: Window | None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def chosen_days(fields: Mapping[str, str], today: date, offered: Sequence[str]) -> Chosen:
    """Read `days`, `from` and `to`. The first that is offered stands for what is not."""
    key = fields.get("days", "")
    if key not in offered:
        own = OWN in offered and (fields.get("from") or fields.get("to"))
        key = OWN if own else offered[0]
    if key in LAST:
        window = Window(today - timedelta(days=int(key) - 1), today)
        return Chosen(key, window, {"days": key})
    if key != OWN:
        return Chosen(key, None, {"days": key})
    typed = {"days": OWN, **{name: fields.get(name, "").strip()[:10] for name in ("from", "to")}}
    return _own(typed, today)


def bounds(window: Window, zone: str) -> tuple[datetime, datetime]:
    """When a window begins and when it is over, on the clock of a zone; UTC."""

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(timezone.utc)

    return midnight(window.first), midnight(window.last + timedelta(days=1))


def _own(typed: Mapping[str, str], today: date) -> Chosen:
    errors: dict[str, str] = {}
    days: dict[str, date] = {}
    for name in ("from", "to"):
        try:
            days[name] = date.fromisoformat(typed[name])
        except ValueError:
            errors[name] = "date"
    if days.get("from", today) > today:
        errors["from"] = "future"
    if errors:
        return Chosen(OWN, None, typed, errors)
    window = Window(days["from"], min(days["to"], today))
    if window.days < 1:
        errors["to"] = "backwards"
    elif window.days > MOST_DAYS or window.before.first.year < 2000:
        errors["from"] = "long"
    return Chosen(OWN, None if errors else window, typed, errors)
