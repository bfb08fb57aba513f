"""The geometry of the charts: heights are true, labels fit."""

from __future__ import annotations

import pytest

from bot.console.charts import HEIGHT, TICKS, WIDTH, ceiling, chart_of


@pytest.mark.parametrize(
    ("number", "top"), [(1, 1), (2, 2), (3, 5), (6, 10), (10, 10), (11, 20), (501, 1000)]
)
def test_the_top_of_a_chart_is_a_round_number(number: int, top: int):
    assert ceiling(number) == top


def test_heights_stand_for_numbers():
    chart = chart_of("x", ["a", "b"], ([5, 10], [0, 8]), ([1, 10], [0, 0]))
    first, second = chart.bars
    assert chart.top == 10
    assert (first.height, second.height) == (HEIGHT / 2, HEIGHT)
    assert (first.y, second.y) == (HEIGHT / 2, 0)
    assert (first.part_height, second.part_y) == (HEIGHT / 10, 0)
    assert (first.mark_y, second.mark_y) == (HEIGHT, HEIGHT / 5)
    assert (chart.sum, chart.highest.label) == (15, "b")


@pytest.mark.parametrize("number", [1, 7, 24, 90, 366])
def test_bars_stand_side_by_side_and_few_are_labelled(number: int):
    labels = [str(place) for place in range(number)]
    counts = [1] * number
    chart = chart_of("x", labels, (counts, counts), (counts, counts))
    edges = [(bar.x, bar.x + bar.width) for bar in chart.bars]
    assert all(left[1] <= right[0] for left, right in zip(edges, edges[1:]))
    assert edges[0][0] >= 0
    assert edges[-1][1] <= WIDTH
    assert 1 <= sum(bar.tick for bar in chart.bars) <= TICKS


def test_a_chart_without_numbers_says_so():
    nothing = chart_of("x", ["a"], ([0], [0]), ([0], [0]))
    before = chart_of("x", ["a"], ([0], [2]), ([0], [0]))
    assert (nothing.is_empty, before.is_empty) == (True, False)
