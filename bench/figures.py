"""Medians, percentiles and ratios of what was measured. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

PLACES = {1: (1, 5), 50: (48, 52), 200: (198, 202)}
"""Turns of a conversation (from, to) whose median stands for turn 1, 50 and 200: one alone would be
mostly noise.
"""


@dataclass(frozen=True)
class Ratio:
    """Ours to stock (or turn 200 to turn 1), beside the most that it may be. `value` is None where
    it was not measured.
    """

    name: str
    value: float | None
    most: float
    wanted: str

    @property
    def reached(self) -> bool | None:
        return None if self.value is None else self.value <= self.most

    @property
    def shown(self) -> str:
        """As a person reads it: `1 : 5.8` where ours is the smaller, `1.2 : 1` otherwise."""
        if self.value is None:
            return "not measured"
        return f"1 : {1 / self.value:.1f}" if 0 < self.value < 0.5 else f"{self.value:.2f} : 1"


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile (at least two values)."""
    hundredths = quantiles(milliseconds, n=100, method="inclusive")
    return {
        "median": median(milliseconds),
        "p95": hundredths[94],
        "p99": hundredths[98],
    }


def by_place(conversations: Sequence[Sequence[float]]) -> dict[str, float]:
    """Milliseconds of turn 1, 50 and 200, as medians over several conversations of single turns'
    times.
    """
    return {
        str(turn): median(ms for each in conversations for ms in each[first - 1 : last])
        for turn, (first, last) in PLACES.items()
    }


def ratios(results: dict[str, dict[str, Any] | None]) -> list[Ratio]:
    """The ratios that have a target, from the results by step (None: not measured)."""
    long = results.get("long")
    growth = None if long is None else long["ours"]["200"] / long["ours"]["1"]
    return [
        Ratio("turn time, median", _ratio(results.get("turns"), "median"), 1 / 5, "1 : 5"),
        Ratio("turn 200 to turn 1, ours", growth, 1.3, "1.3 : 1"),
        Ratio("seconds to ready", _ratio(results.get("ready"), "seconds"), 1 / 4, "1 : 4"),
        Ratio("training time", _ratio(results.get("train"), "seconds"), 1 / 8, "1 : 8"),
        Ratio(
            "memory of all processes",
            _ratio(results.get("memory"), "mb"),
            0.7,
            "0.7 : 1",
        ),
    ]


def _ratio(result: dict[str, Any] | None, key: str) -> float | None:
    if result is None:
        return None
    ours, stock = result["ours"].get(key), result["stock"].get(key)
    return ours / stock if ours is not None and stock else None
