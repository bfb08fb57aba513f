"""So many of so many, and how far that can be trusted. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964
"""Standard deviations of a normal distribution on either side that hold 95 % of it."""


@dataclass(frozen=True)
class Share:
    """So many of so many. `percent` is 0 where there is nothing."""

    name: str
    count: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval in per cent."""
        low, high = wilson(self.count, self.of)
        return 100 * low, 100 * high


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share, from 0 to 1 (all of it where there is nothing).

    Wilson 1927, "Probable inference": unlike the textbook interval it is right for few lines and
    for shares near 0 or 1, which is where most subjects are.
    """
    if not of:
        return 0.0, 1.0
    share, spread = count / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt((share * (1 - share) + spread / 4) / of) / (1 + spread)
    low = 0.0 if count == 0 else middle - half
    return low, 1.0 if count == of else middle + half
