"""From counts to the figures that a page shows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.figures.counting import NO_HOUR, median_of
from bot.figures.model import Figure, Figures, Filter, Series, Window
from bot.review.filters import LOW_CONFIDENCE

HOURS = tuple(f"{hour:02d}" for hour in range(24))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SUBJECTS = 10

FILTERS: Mapping[str, Filter] = {
    "conversations": {},
    "messages": {"least_turns": 1},
    "answered": {"least_turns": 1, "missed": False},
    "missed": {"missed": True},
    "contained": {"least_turns": 1, "handoff": False},
    "handoffs": {"handoff": True},
    "red_flags": {"red_flag": True},
    "helpful": {"feedback": "helpful"},
    "unsure": {"confidence_below": LOW_CONFIDENCE},
    "reply_time": {"least_turns": 1},
}
"""The conversations behind each figure. Counts of messages lead to the conversations they are in.
"""

COUNTS = ("conversations", "answered", "handoffs", "red_flags")
SHARES = {
    "contained": ("contained", ("asking",)),
    "helpful": ("helpful", ("helpful", "unhelpful")),
    "unsure": ("unsure", ("understood",)),
}
"""Each share's part and what it is a share of, which may be a sum."""


@dataclass
class Totals:
    """Sums of counts in a window; `by_hour` and `by_day` for those that are charted."""

    sums: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[tuple[str, int]] = field(default_factory=Counter)
    by_day: Counter[tuple[str, date]] = field(default_factory=Counter)

    def chart(self, name: str, day: date, hour: int, count: int) -> None:
        """Add a count of an hour of a day."""
        self.sums[name] += count
        self.by_day[name, day] += count
        if hour != NO_HOUR:
            self.by_hour[name, hour] += count


def summed_up(window: Window, now: Totals, before: Totals) -> Figures:
    """The figures of a window beside those of the window before."""
    single = {
        name: Figure(name, now.sums[name], before.sums[name], filter=FILTERS[name])
        for name in (*COUNTS, "messages", "missed")
    }
    for name, (part, whole) in SHARES.items():
        (value, of), (value_before, of_before) = (
            _share(totals, part, whole) for totals in (now, before)
        )
        single[name] = Figure(name, value, value_before, of, of_before, FILTERS[name])
    times = _steps(now), _steps(before)
    single["reply_time"] = Figure(
        "reply_time",
        median_of(times[0]),
        median_of(times[1]),
        sum(times[0].values()),
        sum(times[1].values()),
        FILTERS["reply_time"],
    )
    charts = [
        _by_prefix("routes", "route", now, before),
        _by_prefix("subjects", "subject", now, before),
    ]
    for name in ("messages", "missed"):
        charts += [_by_hour(name, now, before), _by_weekday(name, now, before)]
        charts.append(_by_day(name, window, now, before))
    return Figures(window, single, {chart.name: chart for chart in charts})


def _share(totals: Totals, part: str, whole: tuple[str, ...]) -> tuple[float | None, int]:
    of = sum(totals.sums[name] for name in whole)
    return (totals.sums[part] / of if of else None), of


def _steps(totals: Totals) -> dict[int, int]:
    return {
        int(name.removeprefix("took:")): count
        for name, count in totals.sums.items()
        if name.startswith("took:")
    }


def _by_prefix(name: str, prefix: str, now: Totals, before: Totals) -> Series:
    """The most frequent counts of a kind; each leads to the conversations with such a reply."""
    found = {
        key.removeprefix(f"{prefix}:"): count
        for key, count in now.sums.items()
        if key.startswith(f"{prefix}:") and count
    }
    labels = tuple(sorted(found, key=lambda key: (-found[key], key))[:MOST_SUBJECTS])
    return Series(
        name,
        labels,
        tuple(found[label] for label in labels),
        tuple(before.sums[f"{prefix}:{label}"] for label in labels),
        tuple({"subject": label} for label in labels),
    )


def _by_hour(name: str, now: Totals, before: Totals) -> Series:
    values, old = (
        tuple(totals.by_hour[name, hour] for hour in range(24)) for totals in (now, before)
    )
    return Series(f"{name}_by_hour", HOURS, values, old)


def _by_weekday(name: str, now: Totals, before: Totals) -> Series:
    values, old = (_weekdays(name, totals) for totals in (now, before))
    return Series(f"{name}_by_weekday", WEEKDAYS, values, old)


def _weekdays(name: str, totals: Totals) -> tuple[int, ...]:
    counts: Counter[int] = Counter()
    for (counted, day), count in totals.by_day.items():
        if counted == name:
            counts[day.weekday()] += count
    return tuple(counts[weekday] for weekday in range(7))


def _by_day(name: str, window: Window, now: Totals, before: Totals) -> Series:
    def values(totals: Totals, part: Window) -> tuple[int, ...]:
        return tuple(totals.by_day[name, day] for day in _days(part))

    labels = tuple(day.isoformat() for day in _days(window))
    return Series(f"{name}_by_day", labels, values(now, window), values(before, window.before))


def _days(window: Window) -> list[date]:
    return [window.first + timedelta(days=number) for number in range(window.days)]
