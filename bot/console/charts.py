"""The geometry of bar charts; templates draw them. Pure.

A bar is drawn as an outline for all and a filled part for some of them, with a dash at the height
of the window before: shapes tell them apart, so no colour has to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360.0, 150.0
"""Of the drawing area: as wide as a phone shows it, so that its words are not scaled down there."""

TICKS = 8
"""Labels below a chart at most: as many as fit."""

STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """`y` and `height` are of all, `part_` of the filled part, `mark_y` of the dash; from the top.

    `label` stands in the table; `tick` says whether it stands below the bar too.
    """

    label: str
    value: int
    part: int
    before: int
    part_before: int
    x: float
    width: float
    y: float
    height: float
    part_y: float
    part_height: float
    mark_y: float
    tick: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Chart:
    """`top` is what the full height stands for. `is_empty`: there was nothing, before neither."""

    name: str
    bars: tuple[Bar, ...]
    top: int
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def is_empty(self) -> bool:
        return not any(bar.value or bar.before for bar in self.bars)

    @property
    def sum(self) -> int:
        return sum(bar.value for bar in self.bars)

    @property
    def highest(self) -> Bar:
        """The first of the highest bars."""
        return max(self.bars, key=lambda bar: bar.value)


def chart_of(
    name: str,
    labels: Sequence[str],
    all_of: tuple[Sequence[int], Sequence[int]],
    part: tuple[Sequence[int], Sequence[int]],
    *,
    size: tuple[float, float] = (WIDTH, HEIGHT),
) -> Chart:
    """Bars for numbers, each now and before: `part` counts some of those that `all_of` does."""
    (values, before), (parts, parts_before) = all_of, part
    width, height = size
    top = ceiling(max([*values, *before, 1]))
    slot = width / max(len(labels), 1)
    every = -(-len(labels) // TICKS)

    def bar(place: int) -> Bar:
        high, high_part, high_before = (
            round(height * numbers[place] / top, 2) for numbers in (values, parts, before)
        )
        return Bar(
            label=labels[place],
            value=values[place],
            part=parts[place],
            before=before[place],
            part_before=parts_before[place],
            x=round(place * slot + slot * 0.1, 2),
            width=round(slot * 0.8, 2),
            y=round(height - high, 2),
            height=high,
            part_y=round(height - high_part, 2),
            part_height=high_part,
            mark_y=round(height - high_before, 2),
            tick=place % every == 0,
        )

    return Chart(name, tuple(bar(p) for p in range(len(labels))), top, width, height)


def ceiling(number: int) -> int:
    """The next number from here on that is one, two or five times a power of ten."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= number:
                return step * power
        power *= 10
