"""Whether the bot is right as often as it says: the reliability curve and its error. Pure.

Guo et al. 2017, "On calibration of modern neural networks": confidences are put into ten bins of
equal width, and the expected calibration error is the mean distance between how sure the bot was
and how often it was right, each bin weighing as much as it has lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from bot.evaluation.shares import Share

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Lines whose confidence is from `low` to below `high` (the last bin has 1 too).

    `confidence` is their mean, 0 to 1.
    """

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True)
class Calibration:
    """The bins that have lines, from unsure to sure. `error` is from 0 to 1."""

    name: str
    bins: tuple[Bin, ...]

    @property
    def lines(self) -> int:
        return sum(each.right.of for each in self.bins)

    @property
    def error(self) -> float:
        gaps = (each.right.of * _gap(each) for each in self.bins)
        return sum(gaps) / self.lines if self.lines else 0.0


def calibrate(name: str, judged: Sequence[tuple[float, bool]]) -> Calibration:
    """The calibration of lines: of each its confidence (0 to 1) and whether it was right."""
    filled: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in judged:
        filled[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return Calibration(
        name, tuple(_bin(number, lines) for number, lines in enumerate(filled) if lines)
    )


def _bin(number: int, lines: Sequence[tuple[float, bool]]) -> Bin:
    low, high = number / BINS, (number + 1) / BINS
    right = Share(f"{low:.1f} to {high:.1f}", sum(right for _, right in lines), len(lines))
    return Bin(low, high, mean(confidence for confidence, _ in lines), right)


def _gap(found: Bin) -> float:
    return abs(found.confidence - found.right.count / found.right.of)
